WITH flows AS (
  SELECT
    srcaddr,
    dstaddr,
    bytes,
    tcp_flags,
    action
  FROM vpcflowlogsathenadatabase1.fl06a3a4b9a351a0fd5daily2021120420211204
  WHERE
    year = 2026
    AND month = 11
    AND day IN ('23', '24')
    AND start < 1795516200
    AND "end" >= 1795471800
    AND log_status = 'OK'
    AND (
      dstport IS NULL OR dstport <> 443
    )
)
SELECT
  srcaddr,
  dstaddr,
  COUNT(*) AS records,
  SUM(bytes) AS bytes,
  COUNT_IF(BITWISE_AND(tcp_flags, 18) = 2) AS openers
FROM flows
WHERE
  action = 'REJECT'
GROUP BY
  srcaddr,
  dstaddr
ORDER BY
  records DESC,
  srcaddr,
  dstaddr
LIMIT 10
