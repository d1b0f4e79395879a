WITH flows AS (
  SELECT
    srcaddr,
    dstaddr,
    bytes,
    tcp_flags,
    action
  FROM vpc_flow_logs
  WHERE
    start < 1795516200
    AND "end" >= 1795471800
    AND (
      log_status = 'OK' OR log_status IS NULL
    )
    AND (
      dstport IS NULL OR dstport <> 443
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
