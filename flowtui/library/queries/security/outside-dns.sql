-- title = "DNS outside the VPC"
-- description = "Who asks resolvers on the internet, and how much: a policy breach, or a tunnel when bytes are many."
-- source = "Incident response cheat sheets: DNS tunnelling"
-- trap = "Flow logs never hold questions to the Amazon-provided resolver; what shows here is only what goes past it. Questions alone are counted, by their destination port."
-- technique = "T1071.004"
-- tags = ["dns", "resolver", "tunnel", "outbound"]
-- [params.ports]
-- type = "ports"
-- default = "53,853"
-- help = "Ports of resolvers"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "low"
-- evidence = "{records} records, {bytes} to port {dstport} of {dstaddr} over {span}, {action}"
-- who = ["srcaddr", "dstaddr"]
-- strength = "bytes"
-- true_positive = "Steady questions to an unknown resolver, or many bytes: names that carry data."
-- false_positive = "A host with a hard-coded public resolver, or an own forwarder that is meant to ask outside."
-- next = "beaconing"
-- next_words = "See whether it asks in an even rhythm; point the host to the resolver of the VPC."

SELECT
  srcaddr,
  dstaddr,
  dstport,
  protocol,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  max(optional(instance_id)) AS instance_id,
  interface_id
FROM flows
WHERE port_in(dstport, :ports)
  AND NOT is_private(dstaddr)
  AND (is_private(srcaddr) OR optional(flow_direction) = 'egress')
GROUP BY srcaddr, dstaddr, dstport, protocol, action, interface_id
ORDER BY records DESC, max(optional(instance_id)), srcaddr, dstaddr, dstport, protocol, action, interface_id
LIMIT :limit
