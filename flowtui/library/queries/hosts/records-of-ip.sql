-- title = "Records of an address"
-- description = "All that an address or network did, in order: as source, as destination, and behind NAT, load balancer or pod network."
-- source = "AWS customer playbook framework; CloudFormation template TrafficFrmSrcAddr and TrafficToDstAddr"
-- trap = "Looks at pkt_srcaddr and pkt_dstaddr too: behind NAT or a node the address stands only there."
-- tags = ["raw", "ip", "pod", "nat"]
-- is_records = true
-- [params.ip]
-- type = "cidr"
-- help = "Address or network, IPv4 or IPv6"

SELECT *
FROM flows
WHERE ip_in(srcaddr, :ip)
  OR ip_in(dstaddr, :ip)
  OR ip_in(optional(pkt_srcaddr), :ip)
  OR ip_in(optional(pkt_dstaddr), :ip)
ORDER BY optional(start), optional("end"), optional(interface_id), optional(srcaddr),
  optional(dstaddr), optional(srcport), optional(dstport), optional(protocol), optional(action)
