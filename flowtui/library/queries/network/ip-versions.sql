-- title = "IPv4 and IPv6"
-- description = "Totals by IP version and verdict."
-- source = "CloudFormation templates IPv4Traffic and IPv6Traffic"
-- trap = "Told from the addresses where the log has no type; the published pair of queries reads everything twice."
-- tags = ["ipv4", "ipv6", "efa", "totals"]

SELECT
  COALESCE(optional(type), CASE WHEN strpos(srcaddr, ':') > 0 THEN 'IPv6' ELSE 'IPv4' END)
    AS ip_version,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT srcaddr) AS srcaddrs,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
GROUP BY 1, action
ORDER BY records DESC, ip_version, action
