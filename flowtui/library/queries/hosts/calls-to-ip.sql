-- title = "Calls to an address"
-- description = "Who called an address or network, on which port, let through or not, and what went each way. It is the responder here: the side with the lower port."
-- source = "Incident response cheat sheets: scope of a compromised host"
-- trap = "Answers count to the call that they answer, so that what a server sends is told beside what it was sent."
-- tags = ["ip", "responder", "inbound", "who"]
-- [params.ip]
-- type = "cidr"
-- help = "Address or network, IPv4 or IPv6"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- ip = "ip"
-- caller = "ip"
-- port = "port"

WITH sides AS (
  SELECT
    srcport > dstport AS is_request,
    srcaddr,
    dstaddr,
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
),
calls AS (
  SELECT
    CASE WHEN is_request THEN srcaddr ELSE dstaddr END AS caller,
    CASE WHEN is_request THEN dstaddr ELSE srcaddr END AS called,
    CASE WHEN is_request THEN bytes ELSE 0 END AS sent,
    port,
    protocol,
    action,
    packets,
    bytes,
    opener,
    start,
    ended
  FROM sides
)
SELECT
  called AS ip,
  caller AS caller,
  port,
  protocol,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(bytes - sent) AS sent_bytes,
  sum(sent) AS received_bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen
FROM calls
WHERE ip_in(called, :ip)
GROUP BY 1, 2, 3, 4, 5
ORDER BY records DESC, ip, caller, port, protocol, action
LIMIT :limit
