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
-- [detection]
-- severity = "medium"
-- evidence = "{dstports} ports of {dstaddr} in {span}: {rejected} records rejected, {accepted} let in; threshold: more than {:ports} ports"
-- who = ["srcaddr", "dstaddr"]
-- strength = "dstports"
-- threshold = "ports"
-- true_positive = "Ports in order or at random, one packet each, nearly all rejected, from an address that has no business here."
-- false_positive = "A vulnerability scanner of your own, passive FTP, a peer-to-peer client, or a health check with many targets."
-- next = "scan-succeeded"
-- next_words = "See whether the same source was let in anywhere; then filter by it and read its records."

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
