-- title = "Ports in use"
-- description = "Which ports of each interface were really used, by how many sources, last when. A rule for a port that is missing here was not needed in this range; the log never names rules."
-- source = "AWS blog: analysing security group usage with flow logs"
-- trap = "Requests that were let in, not records: answers would list every ephemeral port. Absence in a short range proves little, so choose weeks."
-- tags = ["security group", "rules", "stale", "ports", "audit"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  interface_id,
  dstport,
  protocol,
  count(DISTINCT srcaddr) AS srcaddrs,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  max(optional(subnet_id)) AS subnet_id,
  max(optional(instance_id)) AS instance_id
FROM flows
WHERE action = 'ACCEPT'
  AND COALESCE(optional(flow_direction), 'ingress') = 'ingress'
  AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY interface_id, dstport, protocol
ORDER BY interface_id, records DESC, dstport, protocol
LIMIT :limit
