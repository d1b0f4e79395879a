-- title = "ICMP sweeps and floods"
-- description = "Sources that ping many inside hosts, or one very much; ICMP and ICMPv6."
-- source = "Incident response cheat sheets: ICMP"
-- trap = "Packets to one host are those that one interface saw: traffic inside a VPC is logged twice, and twice the packets is no flood. Flow logs hold no ICMP type, so answers look like questions: what goes outside is left out, since an own host that strangers ping answers as many."
-- technique = "T1018"
-- tags = ["icmp", "ping", "flood", "sweep"]
-- [params.hosts]
-- type = "count"
-- default = "20"
-- help = "More distinct hosts than this"
-- [params.packets]
-- type = "count"
-- default = "100000"
-- help = "Or more packets to one host than this"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "low"
-- evidence = "ICMP to {dstaddrs} hosts, {most_packets} packets to one of them at most, in {span}; threshold: more than {:hosts} hosts or {:packets} packets"
-- who = ["srcaddr"]
-- strength = "dstaddrs"
-- threshold = "hosts"
-- true_positive = "A host that never pinged before walks through a subnet address by address."
-- false_positive = "Monitoring and service discovery: the same source and the same hosts all day. A host that many others ping answers as many."
-- next = "horizontal-sweep"
-- next_words = "See whether it went on to ports."

WITH pairs AS (
  SELECT
    srcaddr,
    dstaddr,
    interface_id,
    count_if(action = 'REJECT') AS rejected,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    min(start) AS first_seen,
    max("end") AS last_seen
  FROM flows
  WHERE protocol IN (1, 58)
    AND (is_private(dstaddr) OR optional(flow_direction) = 'ingress')
  GROUP BY srcaddr, dstaddr, interface_id
)
SELECT
  srcaddr,
  count(DISTINCT dstaddr) AS dstaddrs,
  max(packets) AS most_packets,
  sum(rejected) AS rejected,
  sum(records) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM pairs
GROUP BY srcaddr
HAVING count(DISTINCT dstaddr) > :hosts OR max(packets) > :packets
ORDER BY dstaddrs DESC, packets DESC, srcaddr
LIMIT :limit
