SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    srcaddr AS sourceaddress,
    dstaddr AS destinationaddress,
    action
  FROM vpc_flow_logs
  WHERE
    start < 1795516200
    AND "end" >= 1795471800
    AND (
      log_status = 'OK' OR log_status IS NULL
    )
) AS vpc_flow_logs
WHERE
  action = 'REJECT'
GROUP BY
  sourceaddress,
  destinationaddress
ORDER BY
  cnt DESC
LIMIT 10
