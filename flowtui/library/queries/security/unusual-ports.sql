-- title = "Unusual ports outbound"
-- description = "Requests from inside to outside on ports, or by protocols, that are not in the list of usual ones."
-- source = "tailpipe detections; incident response cheat sheets: non-standard ports"
-- trap = "Only requests count: answers of an own server go to ephemeral ports, and published lists are full of them."
-- technique = "T1571"
-- tags = ["ports", "protocol", "outbound", "c2"]
-- [params.usual]
-- type = "ports"
-- default = "25,53,80,123,443,465,587,853,993"
-- help = "Ports that are no news"
-- [params.packets]
-- type = "count"
-- default = "3"
-- help = "At least this many packets"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "low"
-- evidence = "{packets} packets, {bytes} to {dstaddr} port {dstport} protocol {protocol}, {action}; usual are {:usual}; threshold: {:packets} packets"
-- who = ["srcaddr", "dstaddr", "dstport"]
-- strength = "packets"
-- threshold = "packets"
-- true_positive = "A high or odd port of an unknown host, or GRE, IP-in-IP or raw protocols that nobody set up."
-- false_positive = "VPN, monitoring, partner services, games of a guest network: add their ports to usual."
-- next = "peers-of-ip"
-- next_words = "Find out who owns the address and whether it answered."

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
  interface_id
FROM flows
WHERE NOT is_private(dstaddr)
  AND is_private(srcaddr)
  AND protocol NOT IN (1, 58)
  AND (
    protocol NOT IN (6, 17)
    OR (
      NOT port_in(dstport, :usual)
      AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
    )
  )
GROUP BY srcaddr, dstaddr, dstport, protocol, action, interface_id
HAVING sum(packets) >= :packets
ORDER BY packets DESC, srcaddr, dstaddr, dstport, protocol, action, interface_id
LIMIT :limit
