-- title = "Across zones"
-- description = "Traffic between availability zones, billed each way. The other zone is the log's own (next-hop-az-id, version 11), else that of the interface that owns the address in these logs. Needs az-id and flow-direction, of record version 5."
-- source = "AWS blog: cost of traffic across availability zones; FinOps guides"
-- trap = "Only egress counts, so each byte once. Addresses without an interface in these logs have no known zone without version 11: what is missing is not free."
-- tags = ["zone", "az", "cross", "cost"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

WITH zones AS (
  SELECT
    CASE WHEN flow_direction = 'egress' THEN srcaddr ELSE dstaddr END AS address,
    min(az_id) AS az_id
  FROM flows
  GROUP BY 1
  HAVING count(DISTINCT az_id) = 1
),
sent AS (
  SELECT
    srcaddr,
    dstaddr,
    az_id,
    optional(next_hop_az_id) AS next_az_id,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    openers() AS openers,
    min(start) AS first_seen,
    max("end") AS last_seen,
    interface_id
  FROM flows
  WHERE action = 'ACCEPT' AND flow_direction = 'egress'
  GROUP BY srcaddr, dstaddr, az_id, 4, interface_id
)
SELECT
  sent.srcaddr,
  sent.dstaddr,
  sent.az_id,
  COALESCE(sent.next_az_id, zones.az_id) AS other_az_id,
  sent.bytes,
  sent.packets,
  sent.records,
  sent.openers,
  sent.first_seen,
  sent.last_seen,
  sent.interface_id
FROM sent
LEFT JOIN zones ON zones.address = sent.dstaddr
WHERE COALESCE(sent.next_az_id, zones.az_id) <> sent.az_id
ORDER BY sent.bytes DESC, sent.srcaddr, sent.dstaddr, sent.az_id, sent.interface_id, other_az_id
LIMIT :limit
