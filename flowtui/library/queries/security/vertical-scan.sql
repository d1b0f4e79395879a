-- title = "Port scans"
-- description = "One source that tries many ports of one host."
-- source = "Incident response cheat sheets: vertical scan"
-- trap = "Only requests count. A busy server's answers go to thousands of ephemeral ports, and published versions call every one of them a scan."
-- technique = "T1046"
-- tags = ["scan", "ports", "reconnaissance"]
-- [params.ports]
-- type = "count"
-- default = "20"
-- help = "More distinct ports than this"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  srcaddr,
  dstaddr,
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
WHERE COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY srcaddr, dstaddr
HAVING count(DISTINCT dstport) > :ports
ORDER BY dstports DESC, srcaddr, dstaddr
LIMIT :limit
