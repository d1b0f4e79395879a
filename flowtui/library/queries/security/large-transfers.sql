-- title = "Large outbound transfers"
-- description = "Inside hosts that sent much to one outside host. Many dstports and no openers: a server that answers; few ports and openers: a client that uploads. A row without instance_id is a NAT gateway or load balancer, which repeats what a host behind it sent."
-- source = "Incident response cheat sheets; tailpipe detections"
-- trap = "Totals of each interface stand apart, never added: NAT makes the same bytes pass two interfaces. IPv6 inside a VPC has public addresses: there direction and path decide. Where SKIPDATA windows are in the range, totals are floors."
-- technique = "T1048"
-- tags = ["exfiltration", "upload", "bytes", "outbound"]
-- [params.at_least]
-- type = "bytes"
-- default = "500MB"
-- help = "Bytes sent to one outside host"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "medium"
-- evidence = "{bytes} sent to {dstaddr} in {span} (destination ports: {dstports}, the lowest {lowest_dstport}); threshold: {:at_least}"
-- who = ["srcaddr", "dstaddr"]
-- strength = "bytes"
-- threshold = "at_least"
-- true_positive = "A host that does not serve the internet sends much to one address that nobody knows, on one port."
-- false_positive = "Backups, replication, a partner's nightly fetch, a download by a visitor (many ports, the own port is 443). A NAT gateway or load balancer repeats what a host behind it sent."
-- next = "upload-ratio"
-- next_words = "See whether nearly all went one way; then find the process on the host. SKIPDATA makes this a floor."

SELECT
  srcaddr,
  dstaddr,
  sum(bytes) AS bytes,
  sum(packets) AS packets,
  count(*) AS records,
  openers() AS openers,
  count(DISTINCT dstport) AS dstports,
  min(dstport) AS lowest_dstport,
  min(start) AS first_seen,
  max("end") AS last_seen,
  max(optional(instance_id)) AS instance_id,
  interface_id
FROM flows
WHERE action = 'ACCEPT'
  AND NOT is_private(dstaddr)
  AND (
    is_private(srcaddr)
    OR (optional(flow_direction) = 'egress' AND optional(traffic_path) <> 1)
  )
GROUP BY srcaddr, dstaddr, interface_id
HAVING sum(bytes) >= :at_least
ORDER BY bytes DESC, instance_id, srcaddr, dstaddr, interface_id
LIMIT :limit
