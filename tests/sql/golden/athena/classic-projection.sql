SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    srcaddr AS sourceaddress,
    dstaddr AS destinationaddress,
    action
  FROM logs.test_table_vpclogs
  WHERE
    day >= '2026/11/23'
    AND day <= '2026/11/24'
    AND start < 1795516200
    AND "end" >= 1795471800
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
