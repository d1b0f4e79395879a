-- title = "Top subnets"
-- description = "Subnets by bytes, with their VPC and zone. Needs subnet-id, of record version 3."
-- source = "CloudFormation template TopTalkingSubnets"
-- trap = "Traffic between two hosts of one subnet is logged by both and counts twice in its row; interfaces tells how many log."
-- tags = ["top", "subnet", "vpc", "zone", "volume"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  subnet_id,
  max(optional(vpc_id)) AS vpc_id,
  max(optional(az_id)) AS az_id,
  count(DISTINCT interface_id) AS interfaces,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'ACCEPT'
GROUP BY subnet_id
ORDER BY bytes DESC, subnet_id
LIMIT :limit
