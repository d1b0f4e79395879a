SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    srcaddr AS sourceaddress,
    dstaddr AS destinationaddress,
    action
  FROM vpcflowlogsathenadatabase1.fl06a3a4b9a351a0fd5daily2021120420211204
  WHERE
    year = 2026
    AND month = 11
    AND day IN ('23', '24')
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
