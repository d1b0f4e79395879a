-- title = "UDP users"
-- description = "Who uses UDP, on which service port: name lookups, time, VPN, streams, and what should not be there."
-- source = "CloudWatch Logs Insights samples: UDP by source"
-- trap = "Questions and answers of a service make one row by its port; by dstport every answer is a row of its own."
-- tags = ["udp", "dns", "ntp", "quic", "vpn"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- port = "port"

SELECT
  srcaddr,
  least(srcport, dstport) AS port,
  action,
  count(DISTINCT dstaddr) AS dstaddrs,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE protocol = 17
GROUP BY srcaddr, 2, action
ORDER BY bytes DESC, srcaddr, port, action
LIMIT :limit
