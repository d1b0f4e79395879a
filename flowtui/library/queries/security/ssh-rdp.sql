-- title = "SSH and RDP"
-- description = "Who tries to log in where, and whether it was let through. Many openers with few bytes each are a brute force; one with many bytes is a session."
-- source = "CloudFormation template SshRdpTraffic; tailpipe detections"
-- trap = "Counts openers, not records: one hour of SSH is 60 records. SYN may come together with FIN or RST in one window, so tcp_flags = 2 misses the short tries."
-- technique = "T1110"
-- tags = ["ssh", "rdp", "brute force", "admin", "login"]
-- [params.ports]
-- type = "ports"
-- default = "22,3389"
-- help = "Ports, ranges, names, or a set such as @admin"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  srcaddr,
  dstaddr,
  dstport,
  action,
  openers() AS openers,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  count(DISTINCT interface_id) AS interfaces,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE protocol = 6 AND port_in(dstport, :ports)
GROUP BY srcaddr, dstaddr, dstport, action
ORDER BY openers DESC, records DESC, srcaddr, dstaddr, dstport, action
LIMIT :limit
