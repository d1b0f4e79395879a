-- title = "Idle interfaces"
-- description = "Interfaces that logged windows without traffic and nothing else: candidates for deletion. Choose a range of days or weeks."
-- source = "VPC User Guide: NODATA records; requests for idle interfaces"
-- trap = "An interface that lost records (SKIPDATA) is not idle, and one that is missing altogether has no flow log: it does not show here."
-- tags = ["idle", "nodata", "eni", "unused", "cleanup"]
-- wants_health = true
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- log_status = "log_status"

SELECT
  interface_id,
  max(log_status) AS log_status,
  count(*) AS records,
  count(DISTINCT bucket(start, 3600)) AS hours,
  min(start) AS first_seen,
  max("end") AS last_seen,
  max(optional(subnet_id)) AS subnet_id,
  max(optional(instance_id)) AS instance_id
FROM flows
GROUP BY interface_id
HAVING count_if(log_status = 'NODATA') = count(*)
ORDER BY records DESC, interface_id
LIMIT :limit
