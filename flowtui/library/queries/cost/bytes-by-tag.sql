-- title = "Bytes by tag"
-- description = "Bytes by the tag of instance, interface or Auto Scaling group, by direction and verdict: who pays. Needs a tag field of record version 11 in the log's format."
-- source = "VPC User Guide, flow log records: tags"
-- trap = "Tags are percent-encoded in the log and are decoded here. For an hour after a change they may be the old ones. Each interface counts its own bytes."
-- tags = ["tag", "chargeback", "cost", "team"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- flow_direction = "flow_direction"

WITH tagged AS (
  SELECT
    instance_tag,
    url_decode(instance_tag) AS tag,
    url_decode(optional(interface_tag)) AS tag_of_interface,
    url_decode(optional(asg_tag)) AS tag_of_group,
    optional(flow_direction) AS flow_direction,
    action,
    packets,
    bytes,
    start,
    "end" AS ended
  FROM flows
)
SELECT
  instance_tag,
  tag,
  tag_of_interface,
  tag_of_group,
  flow_direction,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  min(start) AS first_seen,
  max(ended) AS last_seen
FROM tagged
GROUP BY instance_tag, tag, tag_of_interface, tag_of_group, flow_direction, action
ORDER BY bytes DESC, tag, tag_of_interface, tag_of_group, flow_direction, action, instance_tag
LIMIT :limit
