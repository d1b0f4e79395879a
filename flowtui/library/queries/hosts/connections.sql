-- title = "Connections"
-- description = "One row for each connection: both directions and all windows together, with its length and what went each way. Filter by an address first."
-- source = "CloudWatch Logs Insights samples: one row per connection"
-- trap = "Records are windows of a direction, seen by each interface: an hour of SSH inside a VPC is 240. Interfaces are not added: the one that saw most tells."
-- tags = ["session", "connection", "5-tuple", "duration"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [drill]
-- client = "ip"
-- server = "ip"
-- client_port = "port"
-- server_port = "port"

WITH sides AS (
  SELECT
    srcport > dstport OR (srcport = dstport AND srcaddr > dstaddr) AS is_request,
    srcaddr,
    dstaddr,
    srcport,
    dstport,
    protocol,
    action,
    interface_id,
    packets,
    bytes,
    start,
    "end" AS ended
  FROM flows
),
seen AS (
  SELECT
    CASE WHEN is_request THEN srcaddr ELSE dstaddr END AS client,
    CASE WHEN is_request THEN dstaddr ELSE srcaddr END AS server,
    CASE WHEN is_request THEN srcport ELSE dstport END AS client_port,
    CASE WHEN is_request THEN dstport ELSE srcport END AS server_port,
    protocol,
    interface_id,
    sum(CASE WHEN is_request THEN bytes ELSE 0 END) AS sent,
    sum(CASE WHEN is_request THEN 0 ELSE bytes END) AS received,
    count_if(action = 'REJECT') AS rejected,
    count(*) AS records,
    sum(packets) AS packets,
    min(start) AS first_seen,
    max(ended) AS last_seen
  FROM sides
  GROUP BY 1, 2, 3, 4, protocol, interface_id
)
SELECT
  client,
  server,
  client_port,
  server_port,
  protocol,
  max(last_seen) - min(first_seen) AS duration_s,
  max(sent) AS sent_bytes,
  max(received) AS received_bytes,
  max(packets) AS packets,
  sum(records) AS records,
  sum(rejected) AS rejected,
  count(*) AS interfaces,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM seen
GROUP BY client, server, client_port, server_port, protocol
ORDER BY first_seen, client, server, client_port, server_port, protocol
LIMIT :limit
