-- title = "First appearance"
-- description = "When each pair first talked on a port, newest first. Filter by an address or a port first."
-- source = "Incident response cheat sheets: first seen per peer"
-- trap = "Counts only requests that were let in: internet noise, always rejected, would always be newest, and answers would add a row per ephemeral port."
-- tags = ["first", "new", "when", "peers"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  srcaddr,
  dstaddr,
  dstport,
  protocol,
  min(start) AS first_seen,
  max("end") AS last_seen,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers
FROM flows
WHERE action = 'ACCEPT'
  AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY srcaddr, dstaddr, dstport, protocol
ORDER BY first_seen DESC, srcaddr, dstaddr, dstport, protocol
LIMIT :limit
