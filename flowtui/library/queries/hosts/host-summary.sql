-- title = "Host summary"
-- description = "What a host called and who called it, inside and outside, by service port and verdict: the first page of a report on a compromised host."
-- source = "Incident response cheat sheets: compromised instance"
-- trap = "Who called whom is told by the ports, in both directions of a conversation alike; inside is decided by networks, not by LIKE '10.%', which forgets 172.16/12, 100.64/10 and IPv6."
-- tags = ["ip", "scope", "compromise", "peers"]
-- [params.ip]
-- type = "cidr"
-- help = "Address or network of the host"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- ip = "ip"
-- port = "port"

WITH sides AS (
  SELECT
    CASE WHEN ip_in(srcaddr, :ip) THEN srcaddr ELSE dstaddr END AS ip,
    CASE WHEN ip_in(srcaddr, :ip) THEN dstaddr ELSE srcaddr END AS peer,
    CASE WHEN ip_in(srcaddr, :ip) THEN srcport > dstport ELSE dstport > srcport END AS is_caller,
    CASE WHEN ip_in(srcaddr, :ip) THEN is_private(dstaddr) ELSE is_private(srcaddr) END AS is_inside,
    CASE WHEN ip_in(srcaddr, :ip) THEN bytes ELSE 0 END AS sent_bytes,
    least(srcport, dstport) AS port,
    protocol,
    action,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE ip_in(srcaddr, :ip) OR ip_in(dstaddr, :ip)
)
SELECT
  ip,
  CASE WHEN is_caller THEN 'calls' ELSE 'is called' END AS role,
  CASE WHEN is_inside THEN 'inside' ELSE 'outside' END AS reach,
  port,
  protocol,
  action,
  count(DISTINCT peer) AS peers,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(sent_bytes) AS sent_bytes,
  sum(bytes) - sum(sent_bytes) AS received_bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen
FROM sides
GROUP BY 1, 2, 3, 4, 5, 6
ORDER BY records DESC, ip, role, reach, port, protocol, action
LIMIT :limit
