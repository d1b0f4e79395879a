-- title = "Lateral movement"
-- description = "Inside hosts that log in to other inside hosts: how many they tried, how many answered, how many turned them away."
-- source = "Incident response cheat sheets: internal admin protocols"
-- trap = "reached asks for an answer: inside a VPC the sender's interface accepts what the receiver's rejects, so an ACCEPT alone proves nothing."
-- technique = "T1021"
-- tags = ["lateral", "admin", "ssh", "rdp", "smb", "winrm"]
-- [params.ports]
-- type = "ports"
-- default = "22,135,139,445,3389,5985,5986"
-- help = "Ports, ranges, names, or a set such as @admin"
-- [params.targets]
-- type = "count"
-- default = "1"
-- help = "Hosts tried at least"
-- [params.refused]
-- type = "count"
-- default = "0"
-- help = "Hosts that turned it away at least"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- client = "ip"
-- port = "port"
-- [detection]
-- severity = "high"
-- evidence = "tried port {port} of {targets} inside hosts in {span}: {reached} answered, {refused} turned it away; threshold: {:targets} hosts of which {:refused} refuse"
-- who = ["client", "port"]
-- strength = "targets"
-- threshold = "targets"
-- true_positive = "A bastion, a web server or a desktop tries login ports of hosts it never used, and many refuse."
-- false_positive = "A scanner of your own, or configuration management after a rule was changed."
-- next = "host-summary"
-- next_words = "See who was logged in on that host, and what each host that answered did next."
-- [detection.arguments]
-- targets = "5"
-- refused = "3"

WITH sides AS (
  SELECT
    CASE WHEN port_in(dstport, :ports) THEN srcaddr ELSE dstaddr END AS client,
    CASE WHEN port_in(dstport, :ports) THEN dstaddr ELSE srcaddr END AS server,
    CASE WHEN port_in(dstport, :ports) THEN dstport ELSE srcport END AS port,
    CASE WHEN port_in(dstport, :ports) OR action = 'REJECT' THEN 0 ELSE packets END AS answered,
    action,
    packets,
    bytes,
    CAST(is_opener(tcp_flags) AS bigint) AS opener,
    start,
    "end" AS ended
  FROM flows
  WHERE protocol = 6
    AND is_private(srcaddr)
    AND is_private(dstaddr)
    AND (port_in(dstport, :ports) OR port_in(srcport, :ports))
),
pairs AS (
  SELECT
    client,
    server,
    port,
    sum(answered) AS answered,
    count_if(action = 'REJECT') AS rejected,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    sum(opener) AS openers,
    min(start) AS first_seen,
    max(ended) AS last_seen
  FROM sides
  GROUP BY client, server, port
)
SELECT
  client,
  port,
  count(*) AS targets,
  count_if(answered > 0) AS reached,
  count_if(answered = 0 AND rejected > 0) AS refused,
  sum(records) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(openers) AS openers,
  min(first_seen) AS first_seen,
  max(last_seen) AS last_seen
FROM pairs
GROUP BY client, port
HAVING count(*) >= :targets AND count_if(answered = 0 AND rejected > 0) >= :refused
ORDER BY targets DESC, client, port
LIMIT :limit
