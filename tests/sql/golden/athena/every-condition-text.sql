WITH flows AS (
  SELECT
    one
  FROM (
    SELECT
      1 AS one,
      DENSE_RANK() OVER (
        PARTITION BY srcaddr, dstaddr, TRY_CAST(srcport AS INTEGER), TRY_CAST(dstport AS INTEGER), TRY_CAST(protocol AS INTEGER), action
        ORDER BY IF(NULLIF(flow_direction, '-') = 'egress', 0, 1), NULLIF(interface_id, '-')
      ) AS interface_rank
    FROM AwsDataCatalog.logs.raw_logs
    WHERE
      dt >= '2026-11-23-22'
      AND dt <= '2026-11-24-11'
      AND TRY_CAST(start AS BIGINT) < 1795516200
      AND TRY_CAST("end" AS BIGINT) >= 1795471800
      AND log_status = 'OK'
      AND (
        (
          srcaddr = '10.0.1.20' OR CONTAINS('10.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))
        )
        OR (
          dstaddr = '10.0.1.20' OR CONTAINS('10.0.0.0/8', TRY_CAST(dstaddr AS IPADDRESS))
        )
      )
      AND NOT COALESCE(CONTAINS('fd00::/8', TRY_CAST(srcaddr AS IPADDRESS)), FALSE)
      AND (
        (
          TRY_CAST(srcport AS INTEGER) IN (25, 465, 587)
          OR TRY_CAST(srcport AS INTEGER) BETWEEN 8000 AND 8999
        )
        OR (
          TRY_CAST(dstport AS INTEGER) IN (25, 465, 587)
          OR TRY_CAST(dstport AS INTEGER) BETWEEN 8000 AND 8999
        )
      )
      AND NOT TRY_CAST(dstport AS INTEGER) IS NULL
      AND TRY_CAST(dstport AS INTEGER) <> 22
      AND TRY_CAST(protocol AS INTEGER) = 6
      AND TRY_CAST(bytes AS BIGINT) > 1000
      AND (
        TRY_CAST(packets AS BIGINT) IS NULL OR TRY_CAST(packets AS BIGINT) >= 3
      )
      AND NULLIF(interface_id, '-') IS NULL
      AND NOT NULLIF(instance_id, '-') IS NULL
      AND NULLIF(instance_id, '-') <> 'i-1'
  ) AS ranked
  WHERE
    interface_rank = 1
)
SELECT
  COUNT(*) AS records
FROM flows
