-- title = "ECS services"
-- description = "Traffic of ECS services and their tasks, by verdict. Needs the ECS fields of record version 7, tasks in awsvpc mode, and the flow log on their VPC or subnet."
-- source = "VPC User Guide, flow log records: ECS fields"
-- trap = "Tasks that were started by hand belong to no service; they stand under their cluster, not under nothing."
-- tags = ["ecs", "container", "service", "task", "fargate"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  ecs_cluster_name,
  ecs_service_name,
  optional(flow_direction) AS flow_direction,
  action,
  count(DISTINCT ecs_task_id) AS tasks,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE ecs_cluster_name IS NOT NULL
GROUP BY ecs_cluster_name, ecs_service_name, 3, action
ORDER BY bytes DESC, ecs_cluster_name, ecs_service_name, flow_direction, action
LIMIT :limit
