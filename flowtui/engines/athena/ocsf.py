"""Security Lake tables (OCSF 4001, Network Activity, versions 1 and 2) as flow log columns.

Source: "VPC flow logs in Security Lake" and the mapping in AWS OCSF samples. Rule for endpoints:
where pkt address and address are equal, `endpoint.ip` is both; otherwise `endpoint.ip` is the
packet's and `intermediate_ips` holds the interface's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flowtui.domain.schema import PhysicalColumn

_MARKS: Final = frozenset({"src_endpoint", "dst_endpoint", "traffic", "connection_info"})


def is_ocsf(columns: Sequence[tuple[str, str]]) -> bool:
    """True for a Network Activity table."""
    return {name.lower() for name, _ in columns} >= _MARKS


def ocsf_columns(columns: Sequence[tuple[str, str]]) -> tuple[PhysicalColumn, ...]:
    """Flow log fields as expressions over the table's nested columns; absent ones are left out."""
    types = {name.lower(): type.lower() for name, type in columns}
    found = []
    for field, type, expression, needs in _FIELDS:
        if all(_has(types, need) for need in needs):
            found.append(PhysicalColumn(field, type, field, expression))
    return (*found, _action(types), _status())


def _has(types: dict[str, str], path: str) -> bool:
    """True where the column, and the struct member after the dot, exist."""
    column, _, member = path.partition(".")
    return column in types and (not member or f"{member.rpartition('.')[2]}:" in types[column])


def _action(types: dict[str, str]) -> PhysicalColumn:
    # v1 says it by type_uid alone; v2 by the words Allowed and Denied as well.
    if "action" in types:
        expression = "IF(action = 'Denied' OR type_uid = 400105, 'REJECT', 'ACCEPT')"
    else:
        expression = "IF(type_uid = 400105, 'REJECT', 'ACCEPT')"
    return PhysicalColumn("action", "string", "action", expression)


def _status() -> PhysicalColumn:
    return PhysicalColumn(
        "log_status", "string", "log_status", "IF(status_code = '-', 'NODATA', status_code)"
    )


def _own(side: str) -> str:
    return f"COALESCE(element_at({side}.intermediate_ips, 1), {side}.ip)"


_Spec = tuple[str, str, str, tuple[str, ...]]


def _endpoint_fields() -> tuple[_Spec, ...]:
    specs: list[_Spec] = []
    for side, short in (("src_endpoint", "src"), ("dst_endpoint", "dst")):
        specs += [
            (f"{short}addr", "string", _own(side), (f"{side}.ip", f"{side}.intermediate_ips")),
            (f"{short}port", "int", f"{side}.port", (f"{side}.port",)),
            (f"pkt_{short}addr", "string", f"{side}.ip", (f"{side}.ip",)),
            (f"pkt_{short}_aws_service", "string", f"{side}.svc_name", (f"{side}.svc_name",)),
        ]
    for field, member in (
        ("interface_id", "interface_uid"),
        ("vpc_id", "vpc_uid"),
        ("subnet_id", "subnet_uid"),
        ("instance_id", "instance_uid"),
    ):
        # Egress puts the interface on the source side, ingress on the destination side.
        specs.append(
            (
                field,
                "string",
                f"COALESCE(src_endpoint.{member}, dst_endpoint.{member})",
                (f"src_endpoint.{member}", f"dst_endpoint.{member}"),
            )
        )
    return tuple(specs)


_SECONDS: Final = "CAST({0} / 1000 AS bigint)"
_FIELDS: Final[tuple[_Spec, ...]] = (
    ("account_id", "string", "cloud.account.uid", ("cloud.account",)),
    ("account_id", "string", "cloud.account_uid", ("cloud.account_uid",)),
    *_endpoint_fields(),
    ("protocol", "int", "connection_info.protocol_num", ("connection_info.protocol_num",)),
    ("tcp_flags", "int", "connection_info.tcp_flags", ("connection_info.tcp_flags",)),
    (
        "flow_direction",
        "string",
        "CASE lower(connection_info.direction) WHEN 'inbound' THEN 'ingress' "
        "WHEN 'outbound' THEN 'egress' ELSE lower(connection_info.direction) END",
        ("connection_info.direction",),
    ),
    ("packets", "bigint", "traffic.packets", ("traffic.packets",)),
    ("bytes", "bigint", "traffic.bytes", ("traffic.bytes",)),
    ("start", "bigint", _SECONDS.format("start_time"), ("start_time",)),
    ("end", "bigint", _SECONDS.format("end_time"), ("end_time",)),
    ("region", "string", "cloud.region", ("cloud.region",)),
    ("az_id", "string", "cloud.zone", ("cloud.zone",)),
)
