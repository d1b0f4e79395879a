"""The question behind "why rejected": what every interface wrote of a pair, in one reading.

A record alone does not tell who began, whether anything came back, or whether it came after the
end. So each record is first seen in its conversation (packet addresses, ports, protocol; both
directions, all interfaces) by window functions, and what is equal is then summed up, so that an
hour of a busy pair is some dozen rows. SKIPDATA rows come along: where records were lost, evidence
may be missing.
"""

from __future__ import annotations

from typing import Final

from flowtui.domain.queries import Parameter, ParameterType, SavedQuery

_CONVERSATION: Final = "PARTITION BY low, high, low_port, high_port, protocol"
_IN_ORDER: Final = f"{_CONVERSATION} ORDER BY start, finish ROWS BETWEEN"
_BEFORE: Final = f"OVER ({_IN_ORDER} UNBOUNDED PRECEDING AND 1 PRECEDING)"
_AFTER: Final = f"OVER ({_IN_ORDER} 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
_TOGETHER: Final = f"OVER ({_CONVERSATION})"
_FORWARD: Final = (
    "(srcaddr = :a OR optional(pkt_srcaddr) = :a) AND (dstaddr = :b OR optional(pkt_dstaddr) = :b)"
    " AND port_in(dstport, :ports)"
)
_BACKWARD: Final = (
    "(srcaddr = :b OR optional(pkt_srcaddr) = :b) AND (dstaddr = :a OR optional(pkt_dstaddr) = :a)"
    " AND port_in(srcport, :ports)"
)

COLUMNS: Final = (
    "status", "interface_id", "srcaddr", "dstaddr", "source", "target", "service", "protocol",
    "is_request", "action", "way", "reason", "slot", "syn", "reset", "late", "is_answered",
    "is_rejected", "is_refused", "kind", "instance",
)  # fmt: skip
"""What is equal in the records of a row, in result order; sums follow."""

_SQL: Final = f"""
WITH talk AS (
  SELECT COALESCE(optional(log_status), 'OK') AS status, optional(interface_id) AS interface_id,
    srcaddr, dstaddr, srcport, dstport, protocol, optional(action) AS action, start,
    "end" AS finish, optional(packets) AS packets, optional(bytes) AS bytes,
    optional(tcp_flags) AS flags, optional(flow_direction) AS way,
    optional(reject_reason) AS reason, optional(instance_id) AS instance,
    optional(interface_type) AS kind,
    COALESCE(optional(pkt_srcaddr), srcaddr) AS source,
    COALESCE(optional(pkt_dstaddr), dstaddr) AS target
  FROM flows
  WHERE optional(log_status) = 'SKIPDATA' OR ({_FORWARD}) OR ({_BACKWARD})
), ends AS (
  SELECT *,
    IF(source <= target, source, target) AS low, IF(source <= target, target, source) AS high,
    IF(source <= target, srcport, dstport) AS low_port,
    IF(source <= target, dstport, srcport) AS high_port,
    IF(source <= target, 0, 1) AS heading,
    IF(bitwise_and(flags, 2) <> 0, 1, IF(flags IS NULL, CAST(NULL AS integer), 0)) AS syn,
    IF(bitwise_and(flags, 4) <> 0, 1, IF(flags IS NULL, CAST(NULL AS integer), 0)) AS reset,
    IF(bitwise_and(flags, 18) = 2, 1, 0) AS opens, IF(bitwise_and(flags, 18) = 18, 1, 0) AS shakes
  FROM talk
), conversations AS (
  SELECT *,
    MAX(IF(opens = 1, dstport)) {_TOGETHER} AS opened_port,
    MAX(IF(shakes = 1, srcport)) {_TOGETHER} AS shaken_port,
    MAX(heading) {_TOGETHER} - MIN(heading) {_TOGETHER} AS is_answered,
    MAX(IF(action = 'REJECT', 1, 0)) {_TOGETHER} AS is_rejected,
    MAX(opens) {_TOGETHER} - MAX(shakes) {_TOGETHER} AS is_unshaken,
    MAX(IF(action = 'ACCEPT', finish)) {_BEFORE} AS accepted_before,
    MIN(IF(action = 'ACCEPT', start)) {_AFTER} AS accepted_after,
    MAX(IF(action = 'ACCEPT' AND bitwise_and(flags, 5) <> 0, 1, 0)) {_BEFORE} AS closed_before
  FROM ends
), judged AS (
  SELECT *,
    COALESCE(opened_port, shaken_port, IF(srcport < dstport, srcport, dstport)) AS service,
    CASE
      WHEN action <> 'REJECT' OR protocol <> 6 OR syn = 1 OR accepted_before IS NULL
        OR start < accepted_before OR accepted_after <= finish THEN 0
      WHEN syn IS NULL THEN 3
      WHEN closed_before = 1 THEN 2
      ELSE 1 END AS late
  FROM conversations
)
SELECT status, interface_id, srcaddr, dstaddr, source, target, service, protocol,
  CASE
    WHEN srcport = dstport THEN IF(srcaddr = :a OR source = :a, 1, 0)
    ELSE IF(dstport = service, 1, 0) END AS is_request,
  action, way, reason, bucket(start, :width) AS slot, syn, reset, late, is_answered, is_rejected,
  IF(is_unshaken = 1 AND reset = 1, 1, 0) AS is_refused, kind, instance,
  COUNT(*) AS records, SUM(packets) AS packets, SUM(bytes) AS bytes,
  MIN(start) AS first, MAX(finish) AS last, MAX(finish - start) AS longest,
  MIN(IF(dstport = service, srcport, dstport)) AS first_port,
  MAX(IF(dstport = service, srcport, dstport)) AS last_port
FROM judged
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21
ORDER BY 1 DESC, 22 DESC, 13, 2, 3, 4, 7, 9, 10
"""
_T: Final = ParameterType
EVIDENCE: Final = SavedQuery(
    "why-rejected",
    "Why rejected",
    _SQL,
    description="What every interface wrote of a pair, both directions, summed up.",
    parameters=(
        Parameter("a", _T.ADDRESS, "", "The address that asks."),
        Parameter("b", _T.ADDRESS, "", "The address that is asked."),
        Parameter("ports", _T.PORTS, "0-65535", "The port that is asked for."),
        Parameter("width", _T.DURATION, "5m", "Length of the slots in which records are summed."),
    ),
    wants_health=True,
)
"""Result columns: `COLUMNS`, then records, packets, bytes, first, last, longest and the first and
last port of the client."""
