-- title = "Unencrypted traffic"
-- description = "Pairs whose traffic was encrypted neither by Nitro nor by the application, as far as AWS tells. Needs encryption-status, of record version 10."
-- source = "VPC User Guide, flow log records: encryption-status"
-- trap = "Unknown is not unencrypted: only status 0 counts. TLS on other ports than those AWS looks at shows as 0 too."
-- tags = ["encryption", "audit", "tls", "nitro", "compliance"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- port = "port"

SELECT
  srcaddr,
  dstaddr,
  least(srcport, dstport) AS port,
  protocol,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE action = 'ACCEPT' AND encryption_status = 0
GROUP BY srcaddr, dstaddr, 3, protocol
ORDER BY bytes DESC, srcaddr, dstaddr, port, protocol
LIMIT :limit
