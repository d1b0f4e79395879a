-- title = "Where a network sends"
-- description = "Bytes by destination that a network or one address sent: what one subnet costs, and to whom it goes."
-- source = "CloudWatch Logs Insights samples: bytes by destination inside one subnet"
-- trap = "The network is compared as a network, not as the beginning of a text. Each destination once, as the interface that saw most tells."
-- tags = ["subnet", "destination", "bytes", "network"]
-- [params.network]
-- type = "cidr"
-- help = "Network or address that sends"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- dstaddr = "dstaddr"

WITH seen AS (
  SELECT
    dstaddr,
    interface_id,
    count(DISTINCT srcaddr) AS srcaddrs,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    min(start) AS first_seen,
    max("end") AS last_seen
  FROM flows
  WHERE ip_in(srcaddr, :network)
    AND action = 'ACCEPT'
    AND COALESCE(optional(flow_direction), 'egress') = 'egress'
  GROUP BY dstaddr, interface_id
)
SELECT
  dstaddr,
  sum(bytes) AS bytes,
  sum(packets) AS packets,
  sum(records) AS records,
  count(*) AS interfaces,
  max(srcaddrs) AS srcaddrs,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM seen
GROUP BY dstaddr
ORDER BY bytes DESC, dstaddr
LIMIT :limit
