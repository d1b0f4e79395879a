-- title = "Databases open outside"
-- description = "Database ports of inside hosts that outside addresses reached, and that answered."
-- source = "tailpipe detections: database port exposure"
-- trap = "Let in is not reached: a NAT gateway's interface accepts every probe and answers none. A row asks for packets back from that port."
-- technique = "T1190"
-- tags = ["database", "exposure", "public", "mysql", "postgresql", "redis", "mongodb"]
-- [params.ports]
-- type = "ports"
-- default = "1433,1521,3306,5432,6379,9042,9200,11211,27017"
-- help = "Ports, ranges, names, or a set such as @db"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- server = "ip"
-- client = "ip"
-- port = "port"
-- [detection]
-- severity = "high"
-- evidence = "port {port} let an outside address in and answered: {answered} packets back, {sent_bytes} sent to it, over {span}"
-- who = ["client", "server", "port"]
-- strength = "answered"
-- true_positive = "A database answers addresses that belong to nobody you know: it is open to the internet."
-- false_positive = "A partner, an office or a managed service whose public address is allowed on purpose."
-- next = "peers-of-ip"
-- next_words = "Close the port in the security group; then see who else reached it and how much left."

WITH sides AS (
  SELECT
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN srcaddr ELSE dstaddr END
      AS client,
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN dstaddr ELSE srcaddr END
      AS server,
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN dstport ELSE srcport END
      AS port,
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN packets ELSE 0 END AS asked,
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN 0 ELSE packets END AS answered,
    CASE WHEN port_in(dstport, :ports) AND is_private(dstaddr) THEN 0 ELSE bytes END AS sent,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    interface_id,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND protocol = 6
    AND (
      (port_in(dstport, :ports) AND srcport > dstport
        AND is_private(dstaddr) AND NOT is_private(srcaddr))
      OR (port_in(srcport, :ports) AND dstport > srcport
        AND is_private(srcaddr) AND NOT is_private(dstaddr))
    )
)
SELECT
  client,
  server,
  port,
  sum(answered) AS answered,
  sum(sent) AS sent_bytes,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(opener) AS openers,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  interface_id
FROM sides
GROUP BY client, server, port, interface_id
HAVING sum(asked) > 0 AND sum(answered) > 0
ORDER BY sent_bytes DESC, client, server, port, interface_id
LIMIT :limit
