WITH flows AS (
  SELECT
    srcaddr,
    dstaddr,
    bytes,
    tcp_flags,
    action
  FROM logs.test_table_vpclogs
  WHERE
    region = 'eu-central-1'
    AND day >= '2026/11/23'
    AND day <= '2026/11/24'
    AND start < 1795516200
    AND "end" >= 1795471800
    AND log_status = 'OK'
    AND region = 'eu-central-1'
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
