-- title = "NAT gateway users"
-- description = "Which hosts use a NAT gateway, and how much each way: who drives its bill. Needs pkt-srcaddr and pkt-dstaddr, of record version 3."
-- source = "AWS re:Post: top contributors of a NAT gateway"
-- trap = "Only the inner leg counts, where the host is still visible and the gateway's own address stands in for the internet; the outer leg repeats the same bytes as the gateway's."
-- tags = ["nat", "gateway", "cost", "egress"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- client = "ip"
-- gateway = "ip"

WITH legs AS (
  SELECT
    CASE WHEN pkt_dstaddr <> dstaddr THEN srcaddr ELSE dstaddr END AS client,
    CASE WHEN pkt_dstaddr <> dstaddr THEN dstaddr ELSE srcaddr END AS gateway,
    CASE WHEN pkt_dstaddr <> dstaddr THEN pkt_dstaddr ELSE pkt_srcaddr END AS outside,
    CASE WHEN pkt_dstaddr <> dstaddr THEN bytes ELSE 0 END AS sent,
    CASE WHEN pkt_dstaddr <> dstaddr THEN 0 ELSE bytes END AS received,
    packets,
    interface_id,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND is_private(srcaddr)
    AND is_private(dstaddr)
    AND (
      (pkt_dstaddr <> dstaddr AND NOT is_private(pkt_dstaddr))
      OR (pkt_srcaddr <> srcaddr AND NOT is_private(pkt_srcaddr))
    )
    AND COALESCE(optional(interface_type), 'nat_gateway') = 'nat_gateway'
)
SELECT
  client,
  gateway,
  count(DISTINCT outside) AS destinations,
  sum(sent) AS sent_bytes,
  sum(received) AS received_bytes,
  sum(sent) + sum(received) AS bytes,
  sum(packets) AS packets,
  count(*) AS records,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  interface_id
FROM legs
GROUP BY client, gateway, interface_id
ORDER BY bytes DESC, client, gateway, interface_id
LIMIT :limit
