SELECT
  sourceaddress,
  destinationaddress,
  COUNT(*) AS cnt
FROM (
  SELECT
    sourceaddress,
    destinationaddress,
    action
  FROM logs.vpc_flow_logs
  WHERE
    starttime < 1795516200 AND endtime >= 1795471800 AND logstatus = 'OK'
) AS vpc_flow_logs
WHERE
  action = 'REJECT'
GROUP BY
  sourceaddress,
  destinationaddress
ORDER BY
  cnt DESC
LIMIT 10
