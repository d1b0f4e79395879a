-- title = "Rejected TCP by day"
-- description = "Rejected TCP by day, source and destination port: what to show whoever asks for a rule."
-- source = "Athena User Guide and CloudFormation template RejectedTCPTraffic"
-- trap = "Late packets of closed connections are rejected too and mean nothing: openers tells how many are tries. Days are UTC."
-- tags = ["reject", "tcp", "day", "report"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"

SELECT
  bucket(start, 86400) AS bucket,
  srcaddr,
  dstaddr,
  dstport,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  interface_id
FROM flows
WHERE action = 'REJECT' AND protocol = 6
GROUP BY 1, srcaddr, dstaddr, dstport, interface_id
ORDER BY records DESC, bucket, srcaddr, dstaddr, dstport, interface_id
LIMIT :limit
