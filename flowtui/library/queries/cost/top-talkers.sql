-- title = "Top talkers"
-- description = "Addresses by bytes sent. Where interfaces is more than 1, others on the way logged the same bytes: switch on count once for totals."
-- source = "CloudFormation templates TopTalkers and TopTCPTraffic"
-- trap = "Sorted from the largest, by bytes and not by records. Published sums count traffic inside a VPC twice without a word."
-- tags = ["top", "talkers", "volume", "bytes", "who"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  srcaddr,
  count(DISTINCT dstaddr) AS dstaddrs,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'ACCEPT'
GROUP BY srcaddr
ORDER BY bytes DESC, srcaddr
LIMIT :limit
