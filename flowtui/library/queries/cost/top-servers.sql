-- title = "Top servers of a port"
-- description = "Hosts that get most packets on a port, 443 unless told otherwise; last:7d gives the week of the well-known sample."
-- source = "Athena User Guide, querying VPC flow logs: top servers on 443; Contributor Insights: packets to 443"
-- trap = "Requests only, by destination port: with answers every client would be a server too."
-- tags = ["https", "443", "servers", "packets", "top"]
-- [params.ports]
-- type = "ports"
-- default = "443"
-- help = "Ports, ranges, names, or a set such as @web"
-- [params.limit]
-- type = "count"
-- default = "10"
-- help = "Rows at most"

SELECT
  dstaddr,
  dstport,
  count(DISTINCT srcaddr) AS srcaddrs,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE protocol = 6 AND action = 'ACCEPT' AND port_in(dstport, :ports) AND srcport > dstport
GROUP BY dstaddr, dstport
ORDER BY packets DESC, dstaddr, dstport
LIMIT :limit
