WITH flows AS (
  SELECT
    srcaddr,
    dstaddr,
    bytes,
    tcp_flags,
    action
  FROM logs.test_table_vpclogs_parquet
  WHERE
    (
      (
        date = '2026/11/23' AND hour IN ('22', '23')
      )
      OR (
        date = '2026/11/24'
        AND hour IN ('00', '01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11')
      )
    )
    AND start < 1795516200
    AND "end" >= 1795471800
    AND log_status = 'OK'
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
