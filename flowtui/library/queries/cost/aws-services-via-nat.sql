-- title = "AWS services via NAT"
-- description = "Bytes to and from AWS services that pass a NAT gateway: S3 and DynamoDB cost nothing through a gateway endpoint. Needs the AWS service fields, of record version 5."
-- source = "FinOps guides: S3 and DynamoDB through NAT"
-- trap = "Only the gateway's inner leg counts; summed over all interfaces the same bytes appear four times."
-- tags = ["nat", "s3", "dynamodb", "endpoint", "cost"]
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [drill]
-- client = "ip"

WITH legs AS (
  SELECT
    CASE WHEN pkt_dstaddr <> dstaddr THEN pkt_dst_aws_service ELSE pkt_src_aws_service END
      AS service,
    CASE WHEN pkt_dstaddr <> dstaddr THEN srcaddr ELSE dstaddr END AS client,
    CASE WHEN pkt_dstaddr <> dstaddr THEN bytes ELSE 0 END AS sent,
    CASE WHEN pkt_dstaddr <> dstaddr THEN 0 ELSE bytes END AS received,
    packets,
    interface_id,
    start,
    "end" AS ended
  FROM flows
  WHERE action = 'ACCEPT'
    AND is_private(srcaddr)
    AND is_private(dstaddr)
    AND (
      (pkt_dstaddr <> dstaddr AND NOT is_private(pkt_dstaddr))
      OR (pkt_srcaddr <> srcaddr AND NOT is_private(pkt_srcaddr))
    )
    AND COALESCE(optional(interface_type), 'nat_gateway') = 'nat_gateway'
)
SELECT
  service,
  client,
  sum(sent) AS sent_bytes,
  sum(received) AS received_bytes,
  sum(sent) + sum(received) AS bytes,
  sum(packets) AS packets,
  count(*) AS records,
  min(start) AS first_seen,
  max(ended) AS last_seen,
  interface_id
FROM legs
WHERE service IS NOT NULL
GROUP BY service, client, interface_id
ORDER BY bytes DESC, service, client, interface_id
LIMIT :limit
