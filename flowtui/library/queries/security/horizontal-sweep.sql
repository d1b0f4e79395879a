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
