-- title = "Uploads"
-- description = "Inside hosts that called an outside one and sent it much more than they got: uploads, and exfiltration that hides in web traffic. What an own server sends to its visitors stands under large outbound transfers."
-- source = "AWS customer playbook framework: data ratio; incident response cheat sheets"
-- trap = "Both directions are summed per interface before they are compared, so NAT and a second interface cannot bend the ratio. Who called is told by the ports: without that, every web server uploads to its visitors."
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
-- [detection]
-- severity = "high"
-- evidence = "{sent_bytes} sent and {received_bytes} received in {span}, {ratio} times as much; threshold: {:at_least} and {:times} times"
-- who = ["inside", "outside"]
-- strength = "sent_bytes"
-- threshold = "at_least"
-- true_positive = "An inside host uploads steadily, or once and very much, to an address that nobody knows."
-- false_positive = "Backups, log shipping, video calls, a container registry: an address of a provider you use. A NAT gateway repeats what a host behind it sent."
-- next = "large-transfers"
-- next_words = "Find out who owns the address; then stop the host, and keep its disk."

WITH sides AS (
  SELECT
    srcaddr AS inside,
    dstaddr AS outside,
    interface_id,
    optional(instance_id) AS instance_id,
    bytes AS sent,
    0 AS received,
    packets,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND srcport > dstport
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
    optional(instance_id) AS instance_id,
    0 AS sent,
    bytes AS received,
    packets,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND dstport > srcport
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
  max(instance_id) AS instance_id,
  interface_id
FROM sides
GROUP BY inside, outside, interface_id
HAVING sum(sent) >= :at_least AND sum(sent) >= :times * sum(received)
ORDER BY sent_bytes DESC, max(instance_id), inside, outside, interface_id
LIMIT :limit
