-- title = "Rejects by interface"
-- description = "Where traffic is turned away, by interface, subnet, direction and service port: which security group or network ACL to look at."
-- source = "CloudWatch Contributor Insights rules for flow logs"
-- trap = "Rejected responses go to ephemeral ports; grouped by dstport they make thousands of rows and hide the one network ACL that is wrong. The log never names the rule."
-- tags = ["reject", "security group", "acl", "subnet", "eni"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- port = "port"

SELECT
  interface_id,
  optional(flow_direction) AS flow_direction,
  CASE WHEN is_opener(tcp_flags) THEN dstport ELSE least(srcport, dstport) END AS port,
  protocol,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT srcaddr) AS srcaddrs,
  min(start) AS first_seen,
  max("end") AS last_seen,
  optional(subnet_id) AS subnet_id,
  optional(instance_id) AS instance_id
FROM flows
WHERE action = 'REJECT'
GROUP BY 1, 2, 3, 4, 12, 13
ORDER BY records DESC, interface_id, flow_direction, port, protocol, subnet_id, instance_id
LIMIT :limit
