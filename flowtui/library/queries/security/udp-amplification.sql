-- title = "UDP amplification"
-- description = "Large answers from the ports of UDP services that attackers use as amplifiers: inside hosts that are hit, or inside hosts that answer strangers."
-- source = "Incident response cheat sheets: NTP and UDP amplification"
-- trap = "An average packet counts, so many small lookups are no flood; what stays inside is left out. Where two interfaces log the same, the larger one counts."
-- technique = "T1498.002"
-- tags = ["ddos", "udp", "ntp", "dns", "memcached", "reflection"]
-- [params.ports]
-- type = "ports"
-- default = "19,53,111,123,137,161,389,1900,3702,11211"
-- help = "Source ports of amplifiers"
-- [params.at_least]
-- type = "bytes"
-- default = "50MB"
-- help = "Bytes at least"
-- [params.packet]
-- type = "count"
-- default = "400"
-- help = "Bytes of an average packet at least"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "high"
-- evidence = "{bytes} from port {srcport} of {srcaddrs} hosts in {span}, {bytes_a_packet} bytes a packet, {action}; threshold: {:at_least} and {:packet} bytes a packet"
-- who = ["role", "dstaddr", "srcport"]
-- strength = "bytes"
-- threshold = "at_least"
-- true_positive = "Many strangers send large answers that nobody asked for (victim), or an own host sends many to one stranger (reflector)."
-- false_positive = "A resolver that signs its zones, a directory server, transfers of a zone: few peers, and the requests stand beside the answers."
-- next = "timeline"
-- next_words = "See when it began; then block the port, or close the open service."

WITH sides AS (
  SELECT
    CASE WHEN is_private(srcaddr) THEN 'reflector' ELSE 'victim' END AS role,
    dstaddr,
    srcport,
    action,
    interface_id,
    count(DISTINCT srcaddr) AS srcaddrs,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    min(start) AS first_seen,
    max("end") AS last_seen
  FROM flows
  WHERE protocol = 17
    AND port_in(srcport, :ports)
    AND NOT port_in(dstport, :ports)
    AND NOT (is_private(srcaddr) AND is_private(dstaddr))
  GROUP BY 1, dstaddr, srcport, action, interface_id
)
SELECT
  role,
  dstaddr,
  srcport,
  action,
  max(srcaddrs) AS srcaddrs,
  max(bytes) AS bytes,
  max(packets) AS packets,
  max(bytes) / NULLIF(max(packets), 0) AS bytes_a_packet,
  max(records) AS records,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen,
  count(*) AS interfaces
FROM sides
GROUP BY role, dstaddr, srcport, action
HAVING max(bytes) >= :at_least AND max(bytes) >= :packet * max(packets)
ORDER BY bytes DESC, role, dstaddr, srcport, action
LIMIT :limit
