-- title = "Addresses by interface"
-- description = "Which addresses stand in the records of each interface: its own, and those it talked to. Filter by an interface first."
-- source = "flowtui; VPC User Guide, flow log records"
-- trap = "Only flow_direction tells which side is the interface's own; where the format lacks it, role is empty, and the own address is the one in all records."
-- tags = ["interface", "eni", "ip", "peers", "who"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- address = "ip"

SELECT
  interface_id,
  address,
  CASE
    WHEN optional(flow_direction) IS NULL THEN NULL
    WHEN optional(flow_direction) = 'egress' AND address = srcaddr THEN 'own'
    WHEN optional(flow_direction) = 'ingress' AND address = dstaddr THEN 'own'
    ELSE 'peer'
  END AS role,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(CASE WHEN address = srcaddr THEN bytes ELSE 0 END) AS sent_bytes,
  sum(CASE WHEN address = srcaddr THEN 0 ELSE bytes END) AS received_bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
CROSS JOIN UNNEST(ARRAY[srcaddr, dstaddr]) AS side(address)
GROUP BY 1, 2, 3
ORDER BY interface_id, records DESC, address, role
LIMIT :limit
