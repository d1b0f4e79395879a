WITH flows AS (
  SELECT
    sourceaddress AS srcaddr,
    destinationaddress AS dstaddr,
    numbytes AS bytes,
    tcpflags AS tcp_flags,
    action
  FROM logs.vpc_flow_logs
  WHERE
    starttime < 1795516200
    AND endtime >= 1795471800
    AND logstatus = 'OK'
    AND (
      destinationport IS NULL OR destinationport <> 443
    )
)
SELECT
  srcaddr,
  dstaddr,
  COUNT(*) AS records,
  SUM(bytes) AS bytes,
  COUNT_IF(BITWISE_AND(tcp_flags, 18) = 2) AS openers
FROM flows
WHERE
  action = 'REJECT'
GROUP BY
  srcaddr,
  dstaddr
ORDER BY
  records DESC,
  srcaddr,
  dstaddr
LIMIT 10
