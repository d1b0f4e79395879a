-- title = "Records"
-- description = "Raw records in order of time; narrow them with the filter line."
-- source = "Athena User Guide, querying VPC flow logs: records of a day"
-- trap = "Sorted by start with ties broken, so that pages and reused results never change order."
-- tags = ["raw", "browse"]
-- is_records = true

SELECT *
FROM flows
ORDER BY optional(start), optional("end"), optional(interface_id), optional(srcaddr),
  optional(dstaddr), optional(srcport), optional(dstport), optional(protocol), optional(action)
