-- title = "Sends more than it gets"
-- description = "Pairs of an inside and an outside host where much more went out than came in: uploads, and exfiltration that hides in web traffic."
-- source = "AWS customer playbook framework: data ratio; incident response cheat sheets"
-- trap = "Both directions are summed per interface before they are compared, so NAT and a second interface cannot bend the ratio."
-- technique = "T1048"
-- tags = ["exfiltration", "upload", "ratio", "bytes"]
-- [params.at_least]
-- type = "bytes"
-- default = "100MB"
-- help = "Bytes sent"
-- [params.times]
-- type = "count"
-- default = "3"
-- help = "Sent at least this many times what was received"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- inside = "ip"
-- outside = "ip"

WITH sides AS (
  SELECT
    srcaddr AS inside,
    dstaddr AS outside,
    interface_id,
    bytes AS sent,
    0 AS received,
    packets,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND NOT is_private(dstaddr)
    AND (
      is_private(srcaddr)
      OR (optional(flow_direction) = 'egress' AND optional(traffic_path) <> 1)
    )
  UNION ALL
  SELECT
    dstaddr AS inside,
    srcaddr AS outside,
    interface_id,
    0 AS sent,
    bytes AS received,
    packets,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND NOT is_private(srcaddr)
    AND (is_private(dstaddr) OR optional(flow_direction) = 'ingress')
)
SELECT
  inside,
  outside,
  sum(sent) AS sent_bytes,
  sum(received) AS received_bytes,
  round(CAST(sum(sent) AS double) / NULLIF(sum(received), 0), 1) AS ratio,
  count(*) AS records,
  sum(packets) AS packets,
  sum(sent) + sum(received) AS bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  interface_id
FROM sides
GROUP BY inside, outside, interface_id
HAVING sum(sent) >= :at_least AND sum(sent) >= :times * sum(received)
ORDER BY sent_bytes DESC, inside, outside, interface_id
LIMIT :limit
