-- title = "Timeline"
-- description = "Activity over time, accepted and rejected apart. Filter by an address, an interface or a port first."
-- source = "Incident response cheat sheets; tailpipe flow log queries"
-- trap = "A record belongs to the slot in which it starts; a long connection is one record per window, so follow bytes, not records."
-- tags = ["time", "trend", "when"]
-- [params.width]
-- type = "duration"
-- default = "5m"
-- help = "Length of a slot"

SELECT
  bucket(start, :width) AS bucket,
  action,
  count(*) AS records,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
GROUP BY 1, 2
ORDER BY bucket, action
