-- title = "Brute force logins"
-- description = "One source that opens connections to a login port of one host again and again: how many tries, how many of them let in, how small they are."
-- source = "CloudFormation template SshRdpTraffic; tailpipe detections"
-- trap = "Tries are source ports of requests, so two interfaces that log the same try count it once and a long session is one try, not a record a minute. The internet's noise comes back a few times an hour all day: it makes counts without a rate worthless."
-- technique = "T1110"
-- tags = ["ssh", "rdp", "brute force", "login", "password"]
-- [params.ports]
-- type = "ports"
-- default = "22,3389"
-- help = "Ports, ranges, names, or a set such as @admin"
-- [params.tries]
-- type = "count"
-- default = "50"
-- help = "More tries than this"
-- [params.an_hour]
-- type = "count"
-- default = "20"
-- help = "Tries an hour at least, on average from first to last"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "medium"
-- evidence = "{tries} tries on port {dstport} of {dstaddr} in {span}: {rejected} records rejected, {accepted} let in; threshold: more than {:tries} tries and {:an_hour} an hour"
-- who = ["srcaddr", "dstaddr", "dstport"]
-- strength = "tries"
-- threshold = "tries"
-- true_positive = "A stranger's address, tries in an even rhythm for minutes or hours, few bytes each; worst when a last one is long and large."
-- false_positive = "Configuration management, monitoring or a backup that logs in from one known host, or a client with a wrong key that retries."
-- next = "scan-succeeded"
-- next_words = "See whether it got in, then read the host's own login log."

SELECT
  srcaddr,
  dstaddr,
  dstport,
  count(DISTINCT srcport) AS tries,
  count_if(action = 'ACCEPT') AS accepted,
  count_if(action = 'REJECT') AS rejected,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE protocol = 6
  AND port_in(dstport, :ports)
  AND COALESCE(is_opener(tcp_flags), srcport > dstport)
GROUP BY srcaddr, dstaddr, dstport
HAVING count(DISTINCT srcport) > :tries
  AND count(DISTINCT srcport) * 3600 >= :an_hour * (max("end") - min(start))
ORDER BY tries DESC, srcaddr, dstaddr, dstport
LIMIT :limit
