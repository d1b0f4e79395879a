WITH flows AS (
  SELECT
    start,
    bytes,
    srcaddr,
    dstaddr
  FROM vpc_flow_logs
  WHERE
    start < 1795516200
    AND "end" >= 1795471800
    AND (
      log_status = 'OK' OR log_status IS NULL
    )
), slots AS (
  SELECT
    (
      start - start % 300
    ) AS slot,
    bytes
  FROM flows
  WHERE
    (
      CONTAINS('10.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))
      OR CONTAINS('fd00::/8', TRY_CAST(srcaddr AS IPADDRESS))
    )
    AND NOT (
      CONTAINS('0.0.0.0/8', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('10.0.0.0/8', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('100.64.0.0/10', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('127.0.0.0/8', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('169.254.0.0/16', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('172.16.0.0/12', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('192.168.0.0/16', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('::/127', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('fc00::/7', TRY_CAST(dstaddr AS IPADDRESS))
      OR CONTAINS('fe80::/10', TRY_CAST(dstaddr AS IPADDRESS))
    )
)
SELECT
  slot,
  SUM(bytes) AS bytes
FROM slots
GROUP BY
  slot
ORDER BY
  slot
