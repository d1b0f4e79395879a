"""Counting traffic once: which records say again what another record says.

A record says the same again in one of three ways:

- `copy`: interface, way, packet addresses, ports, protocol, action, start, end, packets and bytes
  are all equal: two flow logs of one interface (VPC, subnet, interface), or a file delivered twice.
  One of them is kept.
- `seen`: another interface saw the same packets: packet addresses, ports, protocol and action are
  equal, and the windows overlap (within a minute, for `start` and `end` may be that far off). The
  sending interface's records are kept (`flow_direction` egress), of several the one whose id comes
  first; where that one has no record, the others stay. Only where both addresses are private, or
  the one sends what the other receives: two interfaces that get the same from the internet may be
  two networks that use one address.

- `translated`: the outer leg of a NAT gateway, which bears the gateway's address for the client's:
  the same interface logged an inner leg (its own address stands for the outside host's, as packet
  addresses tell) with that host and port, in an overlapping window.

Packet addresses are `pkt_srcaddr` and `pkt_dstaddr`, where the table has them: so the inner leg of
a NAT gateway is known again, and the secondary address of an instance.

All is told by window functions over one reading of the table: a join would be billed twice.
"""

from __future__ import annotations

from typing import Final

import sqlglot
from sqlglot import exp

from flowtui.sql import literals
from flowtui.sql.columns import Columns

SLACK_S: Final = 60
"""See "start" and "end", flow log records, VPC User Guide: up to 60 seconds off."""
_KEY: Final = "once_source, once_target, once_srcport, once_dstport, once_protocol, once_action"
_NEIGHBOURS: Final = f"OVER (PARTITION BY {_KEY} ORDER BY once_start ROWS BETWEEN"
_LEG: Final = "once_interface, once_gateway, once_far, once_heading, once_protocol"
"""One gateway, one outside host and port, one direction (the sign of the port tells which)."""
_LEGS: Final = f"OVER (PARTITION BY {_LEG} ORDER BY once_start ROWS BETWEEN"
_INNER_OUT: Final = "WHEN optional(flow_direction) = 'ingress' AND optional(pkt_dstaddr) <> dstaddr"
_INNER_BACK: Final = "WHEN optional(flow_direction) = 'egress' AND optional(pkt_srcaddr) <> srcaddr"
_BASE: Final = {
    "once_source": "COALESCE(optional(pkt_srcaddr), srcaddr)",
    "once_target": "COALESCE(optional(pkt_dstaddr), dstaddr)",
    "once_srcport": "srcport",
    "once_dstport": "dstport",
    "once_protocol": "protocol",
    "once_action": "optional(action)",
    "once_interface": "optional(interface_id)",
    "once_way": "IF(optional(flow_direction) = 'egress', 0, 1)",
    "once_is_inside": "is_private(srcaddr) AND is_private(dstaddr)",
    "once_start": "start",
    "once_end": '"end"',
    "once_packets": "optional(packets)",
    "once_bytes": "optional(bytes)",
    "once_gateway": f"CASE {_INNER_OUT} THEN dstaddr {_INNER_BACK} THEN srcaddr "
    "WHEN optional(flow_direction) = 'egress' THEN srcaddr ELSE dstaddr END",
    "once_far": f"CASE {_INNER_OUT} THEN optional(pkt_dstaddr) {_INNER_BACK} "
    "THEN optional(pkt_srcaddr) WHEN optional(flow_direction) = 'egress' THEN dstaddr "
    "ELSE srcaddr END",
    "once_heading": f"CASE {_INNER_OUT} THEN dstport {_INNER_BACK} THEN -srcport "
    "WHEN optional(flow_direction) = 'egress' THEN dstport ELSE -srcport END",
    "once_is_inner": f"CASE {_INNER_OUT} THEN 1 {_INNER_BACK} THEN 1 ELSE 0 END",
}
"""What the marking reads, as a saved query would write it."""
FIELDS: Final = frozenset(
    {
        "srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr", "srcport", "dstport", "protocol",
        "action", "interface_id", "flow_direction", "start", "end", "packets", "bytes",
    }
)  # fmt: skip
"""The fields that counting once reads."""

_WHY: Final = f"""CASE
  WHEN once_source IS NULL THEN 'kept'
  WHEN once_copy > 1 THEN 'copy'
  WHEN once_rank > 1
    AND (once_is_inside OR (once_way = 1 AND once_first_way = 0))
    AND (once_before >= once_start - {SLACK_S} OR once_after <= once_end + {SLACK_S}) THEN 'seen'
  WHEN once_is_inner = 0 AND NOT is_private(once_far)
    AND (once_leg_before >= once_start - {SLACK_S} OR once_leg_after <= once_end + {SLACK_S})
    THEN 'translated'
  WHEN once_before_own >= once_start + {SLACK_S} THEN 'across'
  ELSE 'kept' END"""
_MARKED: Final = f"""
SELECT *, {_WHY} AS once_why FROM (
  SELECT *,
    MAX(IF(once_rank = 1, once_end)) {_NEIGHBOURS} UNBOUNDED PRECEDING AND CURRENT ROW)
      AS once_before,
    MIN(IF(once_rank = 1, once_start)) {_NEIGHBOURS} CURRENT ROW AND UNBOUNDED FOLLOWING)
      AS once_after,
    MAX(IF(once_copy = 1, once_end)) OVER (
      PARTITION BY {_KEY}, once_rank ORDER BY once_start, once_end
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS once_before_own,
    MAX(IF(once_is_inner = 1, once_end)) {_LEGS} UNBOUNDED PRECEDING AND CURRENT ROW)
      AS once_leg_before,
    MIN(IF(once_is_inner = 1, once_start)) {_LEGS} CURRENT ROW AND UNBOUNDED FOLLOWING)
      AS once_leg_after,
    MIN(once_way) OVER (PARTITION BY {_KEY}) AS once_first_way
  FROM (
    SELECT *,
      DENSE_RANK() OVER (PARTITION BY {_KEY} ORDER BY once_way, once_interface) AS once_rank,
      ROW_NUMBER() OVER (
        PARTITION BY {_KEY}, once_way, once_interface, once_start, once_end, once_packets,
          once_bytes ORDER BY once_start) AS once_copy
    FROM recorded
  ) AS ranked
) AS compared
"""

COUNTED: Final = f"""
WITH recorded AS (
  SELECT {", ".join(f"{text} AS {name}" for name, text in _BASE.items())}
  FROM flows
)
SELECT once_why, COUNT(*) AS records, SUM(once_packets) AS packets, SUM(once_bytes) AS bytes,
  MIN(once_start) AS first, MAX(once_end) AS last
FROM ({_MARKED}) AS marked
GROUP BY once_why
ORDER BY once_why
"""
"""How many records are kept, and how many say the same again, and why: a query over `flows`.

Rows `kept`, `copy`, `seen`, `translated`, and `across`: kept, though the same interface wrote
another record of the same traffic whose window reaches a minute or more into this one's: a second
flow log with another aggregation interval writes such, and which is whole cannot be told.
"""


def counted_once(
    columns: Columns, items: list[exp.Expr], source: exp.Expr, where: list[exp.Expr]
) -> exp.Select:
    """The named columns of the records that are kept.

    Args:
        columns: Of the table.
        items: What to select, each under its name.
        source: The table to read.
        where: What every record must fulfil.

    Raises:
        MissingFieldError: The table lacks an address, a port, the protocol or the time.
    """
    from flowtui.sql.functions import expand  # which needs relations, and they this

    inner = exp.Select(expressions=[*items, *_base(columns)], from_=exp.From(this=source))
    if where:
        inner = inner.where(literals.all_of(where), copy=False)
    marked = expand(sqlglot.parse_one(_MARKED, dialect="athena"), {}, columns)
    for table in list(marked.find_all(exp.Table)):
        table.replace(inner.subquery("recorded", copy=False))
    kept = exp.In(
        this=literals.column("once_why"),
        expressions=[literals.text("kept"), literals.text("across")],
    )
    names = [literals.column(item.alias_or_name) for item in items]
    outer = exp.Select(
        expressions=names, from_=exp.From(this=exp.Subquery(this=marked).as_("marked", copy=False))
    )
    return outer.where(kept, copy=False)


def _base(columns: Columns) -> list[exp.Expr]:
    from flowtui.sql.functions import expand

    # Parsed as a list: alone, `start` would begin a transaction.
    tree = sqlglot.parse_one(f"SELECT {', '.join(_BASE.values())}", dialect="athena")
    parts = expand(tree, {}, columns).expressions
    return [
        exp.alias_(_physical(part, columns), name) for name, part in zip(_BASE, parts, strict=True)
    ]


def _physical(tree: exp.Expr, columns: Columns) -> exp.Expr:
    """The same over the table's own columns."""
    for column in list(tree.find_all(exp.Column)):
        value = columns.field(column.name)
        if column is tree:
            return value
        column.replace(value.copy())
    return tree
