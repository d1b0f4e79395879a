-- title = "Scans that got in"
-- description = "Sources that were rejected again and again, and then let in and answered: what they reached."
-- source = "Incident response cheat sheets: ratio of rejected to accepted"
-- trap = "Let in is not reached: a NAT gateway's interface accepts every probe and answers none, so an answer is asked for. Being cut off later is no scan, so rejects must come first. Late packets without SYN are no tries."
-- technique = "T1110"
-- tags = ["scan", "brute force", "reject", "accept"]
-- [params.rejects]
-- type = "count"
-- default = "20"
-- help = "More rejected tries than this"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "high"
-- evidence = "rejected {rejected} times on any host, then let in and answered: {records} records, {bytes} from it, {answer_packets} packets back; threshold: more than {:rejects} rejected tries"
-- who = ["srcaddr", "dstaddr", "dstport"]
-- strength = "rejected"
-- threshold = "rejects"
-- true_positive = "Many rejected tries, then one service answers at length: a password was guessed, or a rule was opened."
-- false_positive = "A partner or a job that failed until someone opened the rule for it: ask who changed it, and when."
-- next = "host-summary"
-- next_words = "Treat the host that answered as compromised until shown otherwise: see what it called afterwards."

WITH targets AS (
  SELECT
    srcaddr,
    dstaddr,
    dstport,
    protocol,
    count_if(
      action = 'REJECT'
      AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, TRUE)
    ) AS rejected,
    min(CASE WHEN action = 'REJECT' THEN start END) AS first_rejected,
    count_if(action = 'ACCEPT') AS records,
    sum(CASE WHEN action = 'ACCEPT' THEN packets END) AS packets,
    sum(CASE WHEN action = 'ACCEPT' THEN bytes END) AS bytes,
    count_if(is_opener(tcp_flags) AND action = 'ACCEPT') AS openers,
    min(CASE WHEN action = 'ACCEPT' THEN start END) AS first_seen,
    max(CASE WHEN action = 'ACCEPT' THEN "end" END) AS last_seen
  FROM flows
  WHERE srcport > dstport OR is_opener(tcp_flags)
  GROUP BY srcaddr, dstaddr, dstport, protocol
),
scanners AS (
  SELECT
    srcaddr,
    sum(rejected) AS rejected,
    count_if(rejected > 0) AS refused_targets,
    min(first_rejected) AS first_rejected
  FROM targets
  GROUP BY srcaddr
  HAVING sum(rejected) > :rejects
),
answers AS (
  SELECT dstaddr AS client, srcaddr AS server, srcport AS port, protocol, sum(packets) AS packets
  FROM flows
  WHERE action = 'ACCEPT'
  GROUP BY dstaddr, srcaddr, srcport, protocol
)
SELECT
  targets.srcaddr,
  targets.dstaddr,
  targets.dstport,
  targets.protocol,
  scanners.rejected,
  targets.records,
  targets.packets,
  answers.packets AS answer_packets,
  targets.bytes,
  targets.openers,
  targets.first_seen,
  targets.last_seen
FROM targets
JOIN scanners ON scanners.srcaddr = targets.srcaddr
JOIN answers
  ON answers.client = targets.srcaddr
  AND answers.server = targets.dstaddr
  AND answers.port = targets.dstport
  AND answers.protocol = targets.protocol
WHERE scanners.first_rejected < targets.first_seen
  AND (scanners.refused_targets > 1 OR targets.rejected > 0)
ORDER BY scanners.rejected DESC, targets.srcaddr, targets.dstaddr, targets.dstport, targets.protocol
LIMIT :limit
