-- title = "Networks"
-- description = "Who talks to whom by network: /16 of IPv4, /32 of IPv6. For a first look at an unknown source, and for records of a network by drilling down."
-- source = "Athena User Guide, querying VPC flow logs: records by prefix"
-- trap = "A prefix of text is no network: 10.1 is also the start of 10.10. Octets are taken one by one."
-- tags = ["prefix", "subnet", "network", "overview"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- source_network = "srcaddr"
-- destination_network = "dstaddr"

WITH networks AS (
  SELECT
    CASE
      WHEN strpos(srcaddr, ':') > 0 THEN
        split_part(srcaddr, ':', 1)
        || CASE WHEN split_part(srcaddr, ':', 2) = '' THEN '' ELSE ':' END
        || split_part(srcaddr, ':', 2) || '::/32'
      ELSE split_part(srcaddr, '.', 1) || '.' || split_part(srcaddr, '.', 2) || '.0.0/16'
    END AS source_network,
    CASE
      WHEN strpos(dstaddr, ':') > 0 THEN
        split_part(dstaddr, ':', 1)
        || CASE WHEN split_part(dstaddr, ':', 2) = '' THEN '' ELSE ':' END
        || split_part(dstaddr, ':', 2) || '::/32'
      ELSE split_part(dstaddr, '.', 1) || '.' || split_part(dstaddr, '.', 2) || '.0.0/16'
    END AS destination_network,
    action,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
)
SELECT
  source_network,
  destination_network,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen
FROM networks
GROUP BY source_network, destination_network, action
ORDER BY records DESC, source_network, destination_network, action
LIMIT :limit
