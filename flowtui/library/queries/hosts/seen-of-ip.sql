-- title = "First and last seen"
-- description = "When an address or network was first and last seen, on which side, by which interface, let through or not. Earliest first."
-- source = "Incident response cheat sheets: when did this address first show"
-- trap = "Behind NAT, a load balancer or a node an address stands only in pkt_srcaddr or pkt_dstaddr; these sides have rows of their own."
-- tags = ["ip", "first", "last", "when", "since"]
-- [params.ip]
-- type = "cidr"
-- help = "Address or network, IPv4 or IPv6"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- ip = "ip"

WITH seen AS (
  SELECT
    CASE
      WHEN ip_in(srcaddr, :ip) THEN 'source'
      WHEN ip_in(dstaddr, :ip) THEN 'destination'
      WHEN ip_in(optional(pkt_srcaddr), :ip) THEN 'source of packets'
      ELSE 'destination of packets'
    END AS side,
    srcaddr,
    dstaddr,
    optional(pkt_srcaddr) AS pkt_srcaddr,
    optional(pkt_dstaddr) AS pkt_dstaddr,
    interface_id,
    action,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE ip_in(srcaddr, :ip)
    OR ip_in(dstaddr, :ip)
    OR ip_in(optional(pkt_srcaddr), :ip)
    OR ip_in(optional(pkt_dstaddr), :ip)
)
SELECT
  CASE side
    WHEN 'source' THEN srcaddr
    WHEN 'destination' THEN dstaddr
    WHEN 'source of packets' THEN pkt_srcaddr
    ELSE pkt_dstaddr
  END AS ip,
  side,
  interface_id,
  action,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(opener) AS openers
FROM seen
GROUP BY 1, 2, 3, 4
ORDER BY first_seen, ip, side, interface_id, action
LIMIT :limit
