-- title = "Fan-out inside"
-- description = "One inside host that opens connections to many other inside hosts, whatever the port: a pivot that looks around, or a worm."
-- source = "Incident response cheat sheets: fan-out and pivot"
-- trap = "Only requests count: a busy server's answers go to as many hosts. Inside is decided by networks, not by LIKE '10.%'."
-- technique = "T1018"
-- tags = ["pivot", "lateral", "worm", "inside"]
-- [params.hosts]
-- type = "count"
-- default = "20"
-- help = "More distinct inside hosts than this"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "medium"
-- evidence = "opened connections to {dstaddrs} inside hosts on {dstports} ports in {span}: {rejected} records rejected; threshold: more than {:hosts} hosts"
-- who = ["srcaddr"]
-- strength = "dstaddrs"
-- threshold = "hosts"
-- true_positive = "A host that usually talks to few reaches for whole subnets within minutes, and many turn it away."
-- false_positive = "Monitoring, vulnerability scanners, load balancers, configuration management, Kubernetes nodes: the same hosts every day, hardly anything rejected."
-- next = "lateral-movement"
-- next_words = "See whether it tried to log in there, and what answered."

SELECT
  srcaddr,
  count(DISTINCT dstaddr) AS dstaddrs,
  count(DISTINCT dstport) AS dstports,
  count_if(action = 'ACCEPT') AS accepted,
  count_if(action = 'REJECT') AS rejected,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE is_private(srcaddr)
  AND is_private(dstaddr)
  AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY srcaddr
HAVING count(DISTINCT dstaddr) > :hosts
ORDER BY dstaddrs DESC, srcaddr
LIMIT :limit
