-- title = "Servers of a port"
-- description = "Which addresses serve a port: they were asked on it or answered from it; by how many clients, and how much each way."
-- source = "flowtui; incident response cheat sheets: who uses this service"
-- trap = "An address that is only knocked at stands here too: action and answered_bytes tell what really serves."
-- tags = ["port", "service", "who", "server"]
-- [params.ports]
-- type = "ports"
-- help = "Ports: 22,3389, 8000-8999, @admin"
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- server = "ip"
-- port = "port"

WITH sides AS (
  SELECT
    port_in(dstport, :ports) AS is_request,
    srcaddr,
    dstaddr,
    srcport,
    dstport,
    protocol,
    action,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE port_in(dstport, :ports) OR port_in(srcport, :ports)
)
SELECT
  CASE WHEN is_request THEN dstaddr ELSE srcaddr END AS server,
  CASE WHEN is_request THEN dstport ELSE srcport END AS port,
  protocol,
  action,
  count(DISTINCT CASE WHEN is_request THEN srcaddr ELSE dstaddr END) AS clients,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(CASE WHEN is_request THEN bytes ELSE 0 END) AS asked_bytes,
  sum(CASE WHEN is_request THEN 0 ELSE bytes END) AS answered_bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen
FROM sides
GROUP BY 1, 2, 3, 4
ORDER BY records DESC, server, port, protocol, action
LIMIT :limit
