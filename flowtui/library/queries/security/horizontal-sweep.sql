-- title = "Sweeps"
-- description = "One source that tries many hosts on one port. Monitoring does so too: look at rejected."
-- source = "Incident response cheat sheets: horizontal sweep"
-- trap = "Only requests count: answers of one popular server go to many hosts as well. accepted on a NAT gateway's interface opens nothing, the gateway drops it."
-- technique = "T1046"
-- tags = ["scan", "sweep", "reconnaissance"]
-- [params.hosts]
-- type = "count"
-- default = "10"
-- help = "More distinct hosts than this"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "medium"
-- evidence = "{dstaddrs} hosts on port {dstport} in {span}: {rejected} records rejected, {accepted} let in; threshold: more than {:hosts} hosts"
-- who = ["srcaddr", "dstport"]
-- strength = "dstaddrs"
-- threshold = "hosts"
-- true_positive = "One port of host after host within minutes, mostly rejected, from outside or from a host that never did so."
-- false_positive = "Monitoring, load balancers, name servers, configuration management: the same hosts all day, accepted. What a NAT gateway's interface accepts, the gateway drops."
-- next = "scan-succeeded"
-- next_words = "See whether any of these hosts answered; then look at what that host did afterwards."

SELECT
  srcaddr,
  dstport,
  protocol,
  count(DISTINCT dstaddr) AS dstaddrs,
  count_if(action = 'ACCEPT') AS accepted,
  count_if(action = 'REJECT') AS rejected,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY srcaddr, dstport, protocol
HAVING count(DISTINCT dstaddr) > :hosts
ORDER BY dstaddrs DESC, srcaddr, dstport, protocol
LIMIT :limit
