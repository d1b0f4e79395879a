-- title = "Top accepted pairs"
-- description = "Who gets through most, and how much they move. Where interfaces is 2, both ends logged the same traffic: switch on count once for totals."
-- source = "Classic Athena sample for flow logs; CloudFormation templates AcceptedTraffic and TotalBytesTransferred"
-- trap = "The published byte ranking forgets DESC and lists the smallest pairs; traffic inside a VPC is logged by two interfaces, and published sums count it twice without a word."
-- tags = ["accept", "top", "who", "talkers"]
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
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'ACCEPT'
GROUP BY srcaddr, dstaddr
ORDER BY records DESC, srcaddr, dstaddr
LIMIT :limit
