-- title = "Largest pairs"
-- description = "Source and destination by bytes, or by packets. Each pair once, as the interface that saw most of it tells."
-- source = "CloudFormation templates TotalBytesTransferred; CloudWatch top 15 by bytes; Contributor Insights"
-- trap = "The published ranking forgets DESC and lists the 50 smallest. Interfaces are not added: traffic inside a VPC is logged by two."
-- tags = ["bytes", "packets", "pair", "volume", "top"]
-- [params.by]
-- type = "text"
-- default = "bytes"
-- help = "packets ranks by packets; bytes by bytes"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

WITH seen AS (
  SELECT
    srcaddr,
    dstaddr,
    interface_id,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    openers() AS openers,
    min(start) AS first_seen,
    max("end") AS last_seen
  FROM flows
  WHERE action = 'ACCEPT'
  GROUP BY srcaddr, dstaddr, interface_id
)
SELECT
  srcaddr,
  dstaddr,
  max(bytes) AS bytes,
  max(packets) AS packets,
  max(records) AS records,
  max(openers) AS openers,
  count(*) AS interfaces,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM seen
GROUP BY srcaddr, dstaddr
ORDER BY CASE WHEN :by = 'packets' THEN max(packets) ELSE max(bytes) END DESC, srcaddr, dstaddr
LIMIT :limit
