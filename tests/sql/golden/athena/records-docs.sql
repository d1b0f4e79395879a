WITH flows AS (
  SELECT
    start,
    action,
    srcaddr,
    srcport,
    dstaddr,
    dstport,
    protocol,
    packets,
    bytes,
    tcp_flags,
    NULLIF(flow_direction, '-') AS flow_direction,
    "end",
    NULLIF(interface_id, '-') AS interface_id,
    version,
    account_id,
    log_status,
    vpc_id,
    NULLIF(subnet_id, '-') AS subnet_id,
    NULLIF(instance_id, '-') AS instance_id,
    type,
    NULLIF(pkt_srcaddr, '-') AS pkt_srcaddr,
    NULLIF(pkt_dstaddr, '-') AS pkt_dstaddr,
    NULLIF(region, '-') AS region,
    NULLIF(az_id, '-') AS az_id,
    NULLIF(sublocation_type, '-') AS sublocation_type,
    NULLIF(sublocation_id, '-') AS sublocation_id,
    NULLIF(pkt_src_aws_service, '-') AS pkt_src_aws_service,
    NULLIF(pkt_dst_aws_service, '-') AS pkt_dst_aws_service,
    traffic_path
  FROM default.vpc_flow_logs
  WHERE
    date >= CAST('2026-11-23' AS DATE)
    AND date <= CAST('2026-11-24' AS DATE)
    AND start < 1795516200
    AND "end" >= 1795471800
    AND log_status = 'OK'
    AND (
      srcport = 22 OR dstport = 22
    )
)
SELECT
  *
FROM flows
ORDER BY
  start
