-- title = "Blocked by policy"
-- description = "What no security group rejected: VPC Block Public Access (BPA), and endpoints that demand encryption (EC). Needs reject-reason, of record version 8."
-- source = "VPC User Guide, flow log records: reject-reason"
-- trap = "These records carry no bytes, and no rule of a security group changes them: the reason tells where to look."
-- tags = ["bpa", "encryption controls", "reject", "why", "policy"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  reject_reason,
  interface_id,
  srcaddr,
  dstaddr,
  dstport,
  count(*) AS records,
  sum(packets) AS packets,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'REJECT' AND reject_reason IN ('BPA', 'EC')
GROUP BY reject_reason, interface_id, srcaddr, dstaddr, dstport
ORDER BY records DESC, reject_reason, interface_id, srcaddr, dstaddr, dstport
LIMIT :limit
