-- title = "Trend"
-- description = "Records, packets and bytes by day (or another slot), verdict, protocol, region and log status: for a report, or to see which day was another."
-- source = "tailpipe and powerpipe dashboards for flow logs"
-- trap = "Days are UTC. NODATA and SKIPDATA stand as rows of their own, where dashboards count them as traffic of nobody."
-- tags = ["day", "trend", "report", "protocol", "region"]
-- wants_health = true
-- [params.width]
-- type = "duration"
-- default = "1d"
-- help = "Length of a slot"
-- [drill]
-- action = "action"

SELECT
  bucket(start, :width) AS bucket,
  log_status,
  NULLIF(action, '-') AS action,
  protocol,
  optional(region) AS region,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
GROUP BY 1, log_status, 3, protocol, 5
ORDER BY bucket, log_status, action, protocol, region
