WITH flows AS (
  SELECT
    one
  FROM (
    SELECT
      *,
      CASE
        WHEN once_source IS NULL
        THEN 'kept'
        WHEN once_copy > 1
        THEN 'copy'
        WHEN once_rank > 1
        AND (
          once_is_inside OR (
            once_way = 1 AND once_first_way = 0
          )
        )
        AND (
          once_before >= once_start - 60 OR once_after <= once_end + 60
        )
        THEN 'seen'
        WHEN once_is_inner = 0
        AND NOT (
          CONTAINS('0.0.0.0/8', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('10.0.0.0/8', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('100.64.0.0/10', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('127.0.0.0/8', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('169.254.0.0/16', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('172.16.0.0/12', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('192.168.0.0/16', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('::/127', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('fc00::/7', TRY_CAST(once_far AS IPADDRESS))
          OR CONTAINS('fe80::/10', TRY_CAST(once_far AS IPADDRESS))
        )
        AND (
          once_leg_before >= once_start - 60 OR once_leg_after <= once_end + 60
        )
        THEN 'translated'
        WHEN once_before_own >= once_start + 60
        THEN 'across'
        ELSE 'kept'
      END AS once_why
    FROM (
      SELECT
        *,
        MAX(IF(once_rank = 1, once_end)) OVER (
          PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action
          ORDER BY once_start
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS once_before,
        MIN(IF(once_rank = 1, once_start)) OVER (
          PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action
          ORDER BY once_start
          ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS once_after,
        MAX(IF(once_copy = 1, once_end)) OVER (
          PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action, once_rank
          ORDER BY once_start, once_end
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS once_before_own,
        MAX(IF(once_is_inner = 1, once_end)) OVER (
          PARTITION BY once_interface, once_gateway, once_far, once_heading, once_protocol
          ORDER BY once_start
          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
        ) AS once_leg_before,
        MIN(IF(once_is_inner = 1, once_start)) OVER (
          PARTITION BY once_interface, once_gateway, once_far, once_heading, once_protocol
          ORDER BY once_start
          ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
        ) AS once_leg_after,
        MIN(once_way) OVER (
          PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action
        ) AS once_first_way
      FROM (
        SELECT
          *,
          DENSE_RANK() OVER (
            PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action
            ORDER BY once_way, once_interface
          ) AS once_rank,
          ROW_NUMBER() OVER (
            PARTITION BY once_source, once_target, once_srcport, once_dstport, once_protocol, once_action, once_way, once_interface, once_start, once_end, once_packets, once_bytes
            ORDER BY once_start
          ) AS once_copy
        FROM (
          SELECT
            1 AS one,
            COALESCE(NULLIF(pkt_srcaddr, '-'), srcaddr) AS once_source,
            COALESCE(NULLIF(pkt_dstaddr, '-'), dstaddr) AS once_target,
            TRY_CAST(srcport AS INTEGER) AS once_srcport,
            TRY_CAST(dstport AS INTEGER) AS once_dstport,
            TRY_CAST(protocol AS INTEGER) AS once_protocol,
            action AS once_action,
            NULLIF(interface_id, '-') AS once_interface,
            IF(NULLIF(flow_direction, '-') = 'egress', 0, 1) AS once_way,
            (
              CONTAINS('0.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('10.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('100.64.0.0/10', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('127.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('169.254.0.0/16', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('172.16.0.0/12', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('192.168.0.0/16', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('::/127', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('fc00::/7', TRY_CAST(srcaddr AS IPADDRESS))
              OR CONTAINS('fe80::/10', TRY_CAST(srcaddr AS IPADDRESS))
            )
            AND (
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
            ) AS once_is_inside,
            TRY_CAST(start AS BIGINT) AS once_start,
            TRY_CAST("end" AS BIGINT) AS once_end,
            TRY_CAST(packets AS BIGINT) AS once_packets,
            TRY_CAST(bytes AS BIGINT) AS once_bytes,
            CASE
              WHEN NULLIF(flow_direction, '-') = 'ingress' AND NULLIF(pkt_dstaddr, '-') <> dstaddr
              THEN dstaddr
              WHEN NULLIF(flow_direction, '-') = 'egress' AND NULLIF(pkt_srcaddr, '-') <> srcaddr
              THEN srcaddr
              WHEN NULLIF(flow_direction, '-') = 'egress'
              THEN srcaddr
              ELSE dstaddr
            END AS once_gateway,
            CASE
              WHEN NULLIF(flow_direction, '-') = 'ingress' AND NULLIF(pkt_dstaddr, '-') <> dstaddr
              THEN NULLIF(pkt_dstaddr, '-')
              WHEN NULLIF(flow_direction, '-') = 'egress' AND NULLIF(pkt_srcaddr, '-') <> srcaddr
              THEN NULLIF(pkt_srcaddr, '-')
              WHEN NULLIF(flow_direction, '-') = 'egress'
              THEN dstaddr
              ELSE srcaddr
            END AS once_far,
            CASE
              WHEN NULLIF(flow_direction, '-') = 'ingress' AND NULLIF(pkt_dstaddr, '-') <> dstaddr
              THEN TRY_CAST(dstport AS INTEGER)
              WHEN NULLIF(flow_direction, '-') = 'egress' AND NULLIF(pkt_srcaddr, '-') <> srcaddr
              THEN -TRY_CAST(srcport AS INTEGER)
              WHEN NULLIF(flow_direction, '-') = 'egress'
              THEN TRY_CAST(dstport AS INTEGER)
              ELSE -TRY_CAST(srcport AS INTEGER)
            END AS once_heading,
            CASE
              WHEN NULLIF(flow_direction, '-') = 'ingress' AND NULLIF(pkt_dstaddr, '-') <> dstaddr
              THEN 1
              WHEN NULLIF(flow_direction, '-') = 'egress' AND NULLIF(pkt_srcaddr, '-') <> srcaddr
              THEN 1
              ELSE 0
            END AS once_is_inner
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
        ) AS recorded
      ) AS ranked
    ) AS compared
  ) AS marked
  WHERE
    once_why IN ('kept', 'across')
)
SELECT
  COUNT(*) AS records
FROM flows
