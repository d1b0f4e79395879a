-- title = "Traffic by path"
-- description = "Which way traffic leaves: internet, peering, private gateway, endpoint, same VPC. Needs flow-direction and traffic-path, of record version 5."
-- source = "VPC User Guide, flow log records: traffic-path"
-- trap = "Only egress has a path. Each interface on the way counts: what leaves by NAT is there twice, once on the way to it."
-- tags = ["path", "internet", "peering", "egress", "cost"]

SELECT
  traffic_path,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE flow_direction = 'egress'
GROUP BY traffic_path
ORDER BY bytes DESC, traffic_path
