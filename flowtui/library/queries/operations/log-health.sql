-- title = "Log health"
-- description = "Can the logs be trusted: SKIPDATA windows lost records (totals are floors); an interface whose records are all NODATA has been silent; fewer hours than its neighbours is a gap."
-- source = "VPC User Guide, troubleshooting flow logs; CloudWatch Logs Insights samples"
-- trap = "The only query that sees NODATA and SKIPDATA rows: elsewhere they count as records of nobody."
-- tags = ["nodata", "skipdata", "gap", "idle", "eni"]
-- wants_health = true

SELECT
  log_status,
  interface_id,
  count(*) AS records,
  sum(count(*)) OVER (PARTITION BY interface_id) AS interface_records,
  count(DISTINCT bucket(start, 3600)) AS hours,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
GROUP BY log_status, interface_id
ORDER BY
  CASE log_status WHEN 'SKIPDATA' THEN 0 WHEN 'NODATA' THEN 1 ELSE 2 END,
  records DESC,
  interface_id
