-- title = "Beaconing"
-- description = "Inside hosts that call an outside one at regular intervals. jitter is the standard deviation of the intervals over their mean: 0 is a clock, a person is above 1."
-- source = "Incident response cheat sheets: beacons by LAG over start"
-- trap = "Only the first record of each connection counts. Over all records every long connection is a perfect beacon: it finds the log's own windows of 60 or 600 seconds. Intervals shorter than a window cannot be seen."
-- technique = "T1071"
-- tags = ["beacon", "c2", "callback", "interval", "periodic"]
-- [params.connections]
-- type = "count"
-- default = "10"
-- help = "At least this many connections"
-- [params.interval]
-- type = "duration"
-- default = "2m"
-- help = "Mean interval at least this long; windows blur shorter ones"
-- [params.jitter]
-- type = "count"
-- default = "15"
-- help = "Jitter at most this many percent"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"
-- [detection]
-- severity = "medium"
-- evidence = "{connections} connections to {dstaddr} port {dstport}, one every {interval_s} s, jitter {jitter} %, over {span}; threshold: {:connections} connections with at most {:jitter} %"
-- who = ["srcaddr", "dstaddr", "dstport"]
-- strength = "connections"
-- threshold = "connections"
-- true_positive = "A host calls an address that nobody knows, day and night, in an even rhythm, with few bytes each time or a steady upload."
-- false_positive = "Agents, update checks, time and name lookups, health checks and scheduled jobs: addresses of a known provider, the same from many hosts. A NAT gateway repeats what a host behind it does."
-- next = "peers-of-ip"
-- next_words = "Find out who owns the address, and which other hosts call it."

WITH connections AS (
  SELECT
    srcaddr,
    dstaddr,
    dstport,
    protocol,
    srcport,
    min(start) AS began,
    max("end") AS ended,
    count(*) AS records,
    sum(packets) AS packets,
    sum(bytes) AS bytes,
    openers() AS openers,
    max(optional(instance_id)) AS instance_id
  FROM flows
  WHERE action = 'ACCEPT'
    AND NOT is_private(dstaddr)
    AND (is_private(srcaddr) OR optional(flow_direction) = 'egress')
    AND COALESCE(CASE WHEN protocol = 6 THEN is_opener(tcp_flags) END, srcport > dstport)
  GROUP BY srcaddr, dstaddr, dstport, protocol, srcport
),
intervals AS (
  SELECT
    srcaddr,
    dstaddr,
    dstport,
    protocol,
    began - lag(began) OVER (
      PARTITION BY srcaddr, dstaddr, dstport, protocol ORDER BY began, srcport
    ) AS pause,
    began,
    ended,
    records,
    packets,
    bytes,
    openers,
    instance_id
  FROM connections
)
SELECT
  srcaddr,
  dstaddr,
  dstport,
  protocol,
  count(*) AS connections,
  CAST(round(avg(pause)) AS bigint) AS interval_s,
  CAST(round(100 * stddev_pop(pause) / NULLIF(avg(pause), 0)) AS bigint) AS jitter,
  sum(records) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  sum(openers) AS openers,
  min(began) AS first_seen,
  max(ended) AS last_seen,
  max(instance_id) AS instance_id
FROM intervals
GROUP BY srcaddr, dstaddr, dstport, protocol
HAVING count(*) >= :connections
  AND avg(pause) >= :interval
  AND round(100 * stddev_pop(pause) / NULLIF(avg(pause), 0)) <= :jitter
ORDER BY connections DESC, max(instance_id), srcaddr, dstaddr, dstport, protocol
LIMIT :limit
