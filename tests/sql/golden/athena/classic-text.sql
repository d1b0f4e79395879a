SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    srcaddr AS sourceaddress,
    dstaddr AS destinationaddress,
    action
  FROM AwsDataCatalog.logs.raw_logs
  WHERE
    dt >= '2026-11-23-22'
    AND dt <= '2026-11-24-11'
    AND TRY_CAST(start AS BIGINT) < 1795516200
    AND TRY_CAST("end" AS BIGINT) >= 1795471800
    AND log_status = 'OK'
) AS vpc_flow_logs
WHERE
  action = 'REJECT'
GROUP BY
  sourceaddress,
  destinationaddress
ORDER BY
  cnt DESC
LIMIT 10
