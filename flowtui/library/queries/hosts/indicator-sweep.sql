-- title = "Indicator sweep"
-- description = "Which of ours touched any of these addresses or networks, and in which direction: inbound is from them, outbound is to them."
-- source = "AWS customer playbook framework: indicators of compromise"
-- trap = "The published version has its INBOUND and OUTBOUND legs swapped, and misses hosts behind NAT, whose peer stands only in pkt_dstaddr."
-- tags = ["ioc", "indicator", "ip", "nat", "who"]
-- [params.indicators]
-- type = "cidrs"
-- help = "Addresses and networks, separated by commas"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  CASE
    WHEN ip_in(srcaddr, :indicators) OR ip_in(optional(pkt_srcaddr), :indicators) THEN 'inbound'
    ELSE 'outbound'
  END AS direction,
  srcaddr,
  dstaddr,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  optional(pkt_srcaddr) AS pkt_srcaddr,
  optional(pkt_dstaddr) AS pkt_dstaddr
FROM flows
WHERE ip_in(srcaddr, :indicators)
  OR ip_in(dstaddr, :indicators)
  OR ip_in(optional(pkt_srcaddr), :indicators)
  OR ip_in(optional(pkt_dstaddr), :indicators)
GROUP BY 1, 2, 3, 4, 11, 12
ORDER BY records DESC, direction, srcaddr, dstaddr, action, pkt_srcaddr, pkt_dstaddr
LIMIT :limit
