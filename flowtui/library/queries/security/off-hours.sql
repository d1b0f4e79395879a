-- title = "Logins off hours"
-- description = "Requests on login ports that were let in at night or at the weekend, by the clock of a time zone."
-- source = "tailpipe detections; incident response cheat sheets: off-hours access"
-- trap = "Hours are those of a named zone with its summer time; published versions take UTC hours for local ones."
-- technique = "T1078"
-- tags = ["night", "weekend", "hours", "ssh", "rdp", "login"]
-- [params.ports]
-- type = "ports"
-- default = "22,3389"
-- help = "Ports, ranges, names, or a set such as @admin"
-- [params.zone]
-- type = "text"
-- default = "UTC"
-- help = "Time zone of the people: Europe/Berlin, Asia/Tokyo"
-- [params.opens]
-- type = "count"
-- default = "7"
-- help = "Hour at which work begins"
-- [params.closes]
-- type = "count"
-- default = "20"
-- help = "Hour at which it ends"
-- [params.limit]
-- type = "count"
-- default = "100"
-- help = "Rows at most"

SELECT
  srcaddr,
  dstaddr,
  dstport,
  count(*) AS records,
  count(DISTINCT srcport) AS tries,
  sum(packets) AS packets,
  sum(bytes) AS bytes,
  openers() AS openers,
  min(start) AS first_seen,
  max("end") AS last_seen
FROM flows
WHERE protocol = 6
  AND action = 'ACCEPT'
  AND port_in(dstport, :ports)
  AND srcport > dstport
  AND (
    hour(at_timezone(from_unixtime(start), :zone)) < :opens
    OR hour(at_timezone(from_unixtime(start), :zone)) >= :closes
    OR day_of_week(at_timezone(from_unixtime(start), :zone)) > 5
  )
GROUP BY srcaddr, dstaddr, dstport
ORDER BY records DESC, srcaddr, dstaddr, dstport
LIMIT :limit
