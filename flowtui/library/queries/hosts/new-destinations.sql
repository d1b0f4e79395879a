-- title = "New destinations"
-- description = "Outside addresses that inside hosts called in the last part of the time range, and never in the part before it. Choose a range much longer than recent: what came before is the baseline."
-- source = "Incident response cheat sheets: baseline of external destinations"
-- trap = "One pass tells both windows apart, so Athena bills one scan. Recent counts back from the newest record, not from now: logs arrive late."
-- technique = "T1071"
-- tags = ["new", "baseline", "outbound", "destination"]
-- [params.recent]
-- type = "duration"
-- default = "1h"
-- help = "The last part of the range, whose destinations are looked at"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

WITH pairs AS (
  SELECT
    dstaddr,
    srcaddr,
    min(start) AS first_seen,
    max("end") AS last_seen,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    openers() AS openers
  FROM flows
  WHERE action = 'ACCEPT'
    AND NOT is_private(dstaddr)
    AND (is_private(srcaddr) OR optional(flow_direction) = 'egress')
    AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
  GROUP BY dstaddr, srcaddr
),
destinations AS (
  SELECT
    dstaddr,
    count(*) AS srcaddrs,
    min(srcaddr) AS first_srcaddr,
    sum(records) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    sum(openers) AS openers,
    min(first_seen) AS first_seen,
    max(last_seen) AS last_seen,
    min(min(first_seen)) OVER () AS baseline_since,
    max(max(last_seen)) OVER () AS newest
  FROM pairs
  GROUP BY dstaddr
)
SELECT
  dstaddr,
  srcaddrs,
  first_srcaddr,
  records,
  packets,
  bytes,
  openers,
  first_seen,
  last_seen
FROM destinations
WHERE first_seen > newest - :recent AND baseline_since <= newest - :recent
ORDER BY first_seen DESC, dstaddr
LIMIT :limit
