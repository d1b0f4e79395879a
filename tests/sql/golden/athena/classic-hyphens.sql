SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    srcaddr AS sourceaddress,
    dstaddr AS destinationaddress,
    action
  FROM logs."vpc-flow-logs"
  WHERE
    year = '2026'
    AND month = '11'
    AND (
      (
        day = '23' AND hour IN ('22', '23')
      )
      OR (
        day = '24'
        AND hour IN ('00', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11')
      )
    )
    AND start < 1795516200
    AND "end" >= 1795471800
    AND "log-status" = 'OK'
) AS vpc_flow_logs
WHERE
  action = 'REJECT'
GROUP BY
  sourceaddress,
  destinationaddress
ORDER BY
  cnt DESC
LIMIT 10
