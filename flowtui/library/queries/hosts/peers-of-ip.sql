-- title = "Peers of an address"
-- description = "Whom an address or network talked to, on which service port, how much each way, since when. openers are connections that either side began."
-- source = "AWS customer playbook framework: traffic of a compromised address"
-- trap = "Both directions of a conversation make one row: port is the lower of the two, not dstport, which is a new ephemeral port in every answer."
-- tags = ["ip", "peers", "who", "scope"]
-- [params.ip]
-- type = "cidr"
-- help = "Address or network, IPv4 or IPv6"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- ip = "ip"
-- peer = "ip"
-- port = "port"

SELECT
  CASE WHEN ip_in(srcaddr, :ip) THEN srcaddr ELSE dstaddr END AS ip,
  CASE WHEN ip_in(srcaddr, :ip) THEN dstaddr ELSE srcaddr END AS peer,
  least(srcport, dstport) AS port,
  protocol,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(CASE WHEN ip_in(srcaddr, :ip) THEN bytes ELSE 0 END) AS sent_bytes,
  sum(CASE WHEN ip_in(srcaddr, :ip) THEN 0 ELSE bytes END) AS received_bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE ip_in(srcaddr, :ip) OR ip_in(dstaddr, :ip)
GROUP BY 1, 2, 3, 4, 5
ORDER BY records DESC, ip, peer, port, protocol, action
LIMIT :limit
