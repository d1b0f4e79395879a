WITH flows AS (
  SELECT
    srcaddr,
    dstaddr,
    TRY_CAST(bytes AS BIGINT) AS bytes,
    TRY_CAST(tcp_flags AS INTEGER) AS tcp_flags,
    action
  FROM AwsDataCatalog.logs.raw_logs
  WHERE
    dt >= '2026-11-23-22'
    AND dt <= '2026-11-24-11'
    AND TRY_CAST(start AS BIGINT) < 1795516200
    AND TRY_CAST("end" AS BIGINT) >= 1795471800
    AND log_status = 'OK'
    AND (
      TRY_CAST(dstport AS INTEGER) IS NULL OR TRY_CAST(dstport AS INTEGER) <> 443
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
