-- title = "Long connections"
-- description = "Connections between inside and outside that stay open for long: tunnels, remote shells, and what was meant to be short."
-- source = "Incident response cheat sheets: persistent connections"
-- trap = "Published versions look for one record longer than an hour, which no log can hold: a record ends with its window. Here the records of a 5-tuple are joined, both directions, per interface. Ports are used again: a second SYN, or less than a record in ten minutes, is no long connection. What began before the range is longer than it shows."
-- technique = "T1572"
-- tags = ["tunnel", "persistent", "duration", "session", "vpn"]
-- [params.at_least]
-- type = "duration"
-- default = "2h"
-- help = "Open at least this long"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- inside = "ip"
-- outside = "ip"
-- inside_port = "port"
-- outside_port = "port"
-- [detection]
-- severity = "low"
-- evidence = "one connection, port {inside_port} inside and {outside_port} outside, open for {span}: {sent_bytes} sent, {received_bytes} received; threshold: {:at_least}"
-- who = ["inside", "outside"]
-- strength = "duration_s"
-- threshold = "at_least"
-- true_positive = "A shell or tunnel to an address that nobody knows, open through the night, few bytes at a time."
-- false_positive = "VPN, database replication, message brokers, WebSockets to a known address."
-- next = "peers-of-ip"
-- next_words = "Look at what else the outside address does."

WITH sides AS (
  SELECT
    CASE WHEN is_private(srcaddr) THEN srcaddr ELSE dstaddr END AS inside,
    CASE WHEN is_private(srcaddr) THEN dstaddr ELSE srcaddr END AS outside,
    CASE WHEN is_private(srcaddr) THEN srcport ELSE dstport END AS inside_port,
    CASE WHEN is_private(srcaddr) THEN dstport ELSE srcport END AS outside_port,
    protocol,
    interface_id,
    CASE WHEN is_private(srcaddr) THEN bytes ELSE 0 END AS sent,
    CASE WHEN is_private(srcaddr) THEN 0 ELSE bytes END AS received,
    packets,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND protocol IN (6, 17)
    AND ((is_private(srcaddr) AND NOT is_private(dstaddr))
      OR (is_private(dstaddr) AND NOT is_private(srcaddr)))
)
SELECT
  inside,
  outside,
  inside_port,
  outside_port,
  protocol,
  max(ended) - min(start) AS duration_s,
  sum(sent) AS sent_bytes,
  sum(received) AS received_bytes,
  count(*) AS records,
  sum(packets) AS packets,
  sum(sent) + sum(received) AS bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  interface_id
FROM sides
GROUP BY inside, outside, inside_port, outside_port, protocol, interface_id
HAVING max(ended) - min(start) >= :at_least
  AND count(*) * 600 >= max(ended) - min(start)
  AND COALESCE(sum(opener), 0) <= 1
  AND sum(sent) > 0
  AND sum(received) > 0
ORDER BY duration_s DESC, inside, outside, inside_port, outside_port, protocol, interface_id
LIMIT :limit
