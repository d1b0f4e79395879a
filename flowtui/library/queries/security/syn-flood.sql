-- title = "SYN floods"
-- description = "Hosts that get bare SYN packets from very many sources, or very many from few, within a short time."
-- source = "DFIR Companion, playbook for denial of service"
-- trap = "Bare means that the record holds nothing but small packets: real visitors send their request in the same window, so a busy web server is no victim. SYN is tested as a bit; tcp_flags = 2 misses SYN with RST."
-- technique = "T1499.001"
-- tags = ["ddos", "syn", "flood", "victim"]
-- [params.width]
-- type = "duration"
-- default = "5m"
-- help = "Length of a slot"
-- [params.sources]
-- type = "count"
-- default = "500"
-- help = "At least this many sources in a slot"
-- [params.packets]
-- type = "count"
-- default = "1000000"
-- help = "Or at least this many packets in a slot"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- bucket = "time:width"
-- [detection]
-- severity = "high"
-- evidence = "{packets} bare SYN packets from {sources} sources in one slot of {:width}, {rejected} records rejected; threshold: {:sources} sources or {:packets} packets"
-- who = ["dstaddr", "dstport", "bucket"]
-- strength = "sources"
-- threshold = "sources"
-- true_positive = "Sources from everywhere, one or two packets each, and the victim's real traffic goes down."
-- false_positive = "A service that is down while its many clients retry, or a link in a very large mailing."
-- next = "timeline"
-- next_words = "Compare with the hour before; see whether the service still answers."

SELECT
  bucket(start, :width) AS bucket,
  dstaddr,
  dstport,
  count(DISTINCT srcaddr) AS sources,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  count_if(action = 'REJECT') AS rejected,
  count(*) AS records,
  count(*) AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  interface_id
FROM flows
WHERE protocol = 6
  AND bitwise_and(tcp_flags, 2) <> 0
  AND bitwise_and(tcp_flags, 16) = 0
  AND bytes <= 64 * packets
GROUP BY 1, dstaddr, dstport, interface_id
HAVING count(DISTINCT srcaddr) >= :sources OR sum(packets) >= :packets
ORDER BY sources DESC, packets DESC, bucket, dstaddr, dstport, interface_id
LIMIT :limit
