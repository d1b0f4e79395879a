-- title = "Top interfaces"
-- description = "Interfaces, and the instances they belong to, by bytes in and out."
-- source = "CloudFormation template TopTalkingInstances"
-- trap = "Each interface counts its own traffic once, so rows may be added only within one side of a VPC. Instances that AWS runs (NAT, load balancers, RDS) have no id: the interface is the key."
-- tags = ["top", "eni", "instance", "volume"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  interface_id,
  max(optional(instance_id)) AS instance_id,
  max(optional(subnet_id)) AS subnet_id,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(CASE WHEN optional(flow_direction) = 'egress' THEN bytes END) AS sent_bytes,
  sum(CASE WHEN optional(flow_direction) = 'ingress' THEN bytes END) AS received_bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'ACCEPT'
GROUP BY interface_id
ORDER BY bytes DESC, interface_id
LIMIT :limit
