-- title = "Top rejected pairs"
-- description = "Who is turned away most, and from where. dstports tells a scan (many) from a broken client (one)."
-- source = "Classic Athena sample for flow logs; CloudFormation template RejectedTraffic"
-- trap = "Published versions have no time bound and count records only; packets, bytes and openers stand beside them here."
-- tags = ["reject", "top", "who"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  srcaddr,
  dstaddr,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT dstport) AS dstports,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'REJECT'
GROUP BY srcaddr, dstaddr
ORDER BY records DESC, srcaddr, dstaddr
LIMIT :limit
