-- title = "Accepted, but no answer"
-- description = "Requests that an interface let in while it rejected the response (a network ACL: it is stateless), or never saw one (no listener, asymmetric routing, dropped on the way, or answered after the range)."
-- source = "VPC User Guide, flow log record examples: security group and network ACL rules"
-- trap = "Both directions are matched on one interface by the whole 5-tuple. Counting REJECT alone blames the caller: the rejected records point the other way."
-- tags = ["acl", "asymmetric", "timeout", "why"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- srcaddr = "ip"
-- dstaddr = "ip"
-- dstport = "port"

WITH legs AS (
  SELECT
    interface_id,
    srcaddr,
    dstaddr,
    srcport,
    dstport,
    protocol,
    count_if(action = 'ACCEPT') AS accepted,
    count_if(action = 'REJECT') AS rejected,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    openers() AS openers,
    min(start) AS first_seen,
    max("end") AS last_seen
  FROM flows
  GROUP BY interface_id, srcaddr, dstaddr, srcport, dstport, protocol
)
SELECT
  asked.srcaddr,
  asked.dstaddr,
  asked.dstport,
  asked.protocol,
  CASE WHEN answered.rejected > 0 THEN 'rejected' ELSE 'missing' END AS answer,
  count(*) AS tries,
  sum(asked.records) AS records,
  sum(asked.packets) AS packets,
  sum(asked.bytes) AS bytes,
  sum(asked.openers) AS openers,
  min(asked.first_seen) AS first_seen,
  max(asked.last_seen) AS last_seen,
  asked.interface_id
FROM legs AS asked
LEFT JOIN legs AS answered
  ON answered.interface_id = asked.interface_id
  AND answered.srcaddr = asked.dstaddr
  AND answered.dstaddr = asked.srcaddr
  AND answered.srcport = asked.dstport
  AND answered.dstport = asked.srcport
  AND answered.protocol = asked.protocol
WHERE asked.accepted > 0
  AND COALESCE(answered.accepted, 0) = 0
  AND COALESCE(
    CASE WHEN asked.protocol = 6 THEN asked.openers > 0 END,
    asked.srcport > asked.dstport
  )
GROUP BY 1, 2, 3, 4, 5, asked.interface_id
ORDER BY answer DESC, tries DESC, asked.srcaddr, asked.dstaddr, asked.dstport, asked.protocol,
  asked.interface_id
LIMIT :limit
