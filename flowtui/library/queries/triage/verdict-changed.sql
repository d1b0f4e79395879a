-- title = "Verdict changed"
-- description = "Requests that one interface first let in and then rejected (cut off), or the other way round (let in): a rule was changed. changed_at is when the new verdict first stood."
-- source = "flowtui; VPC User Guide, flow log records: REJECT of a request that was accepted before"
-- trap = "Compares verdicts of one interface: a request inside a VPC is accepted where it leaves and rejected where it arrives, at the same moment. Late packets of closed connections, rejected without SYN, do not count."
-- technique = "T1562.007"
-- tags = ["reject", "accept", "change", "since", "security group", "acl"]
-- [params.limit]
-- type = "count"
-- default = "1000"
-- help = "Rows at most"
-- [detection]
-- severity = "low"
-- evidence = "{change} at {changed_at}: {accepted} records let in and {rejected} rejected by the same interface"
-- who = ["srcaddr", "dstaddr", "dstport"]
-- strength = "rejected"
-- true_positive = "A login or database port is opened to a stranger shortly before the trouble begins."
-- false_positive = "A planned change of a security group or network ACL; an application that lost its rule."
-- next = "records"
-- next_words = "Compare the moment with CloudTrail: AuthorizeSecurityGroupIngress, ReplaceNetworkAclEntry."

SELECT
  srcaddr,
  dstaddr,
  dstport,
  protocol,
  CASE
    WHEN max(CASE WHEN action = 'ACCEPT' THEN start END)
      < min(CASE WHEN action = 'REJECT' THEN start END) THEN 'cut off'
    WHEN max(CASE WHEN action = 'REJECT' THEN start END)
      < min(CASE WHEN action = 'ACCEPT' THEN start END) THEN 'let in'
    ELSE 'back and forth'
  END AS change,
  greatest(
    min(CASE WHEN action = 'ACCEPT' THEN start END),
    min(CASE WHEN action = 'REJECT' THEN start END)
  ) AS changed_at,
  count_if(action = 'ACCEPT') AS accepted,
  count_if(action = 'REJECT') AS rejected,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen,
  interface_id
FROM flows
WHERE COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
GROUP BY interface_id, srcaddr, dstaddr, dstport, protocol
HAVING count_if(action = 'ACCEPT') > 0 AND count_if(action = 'REJECT') > 0
ORDER BY rejected DESC, srcaddr, dstaddr, dstport, protocol, interface_id
LIMIT :limit
