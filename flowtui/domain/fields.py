"""The 54 fields of VPC Flow Logs up to record version 11, and the names tables give them.

Source: "Flow log records", Amazon VPC User Guide; names of tables in the wild: Athena User Guide
("Query VPC flow logs") and its older editions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """How a value of a field reads, sorts and filters."""

    TEXT = "text"
    INTEGER = "integer"
    ADDRESS = "address"
    """IPv4 or IPv6 text; sorts as an address."""
    PORT = "port"
    PROTOCOL = "protocol"
    """IANA protocol number."""
    COUNT = "count"
    BYTES = "bytes"
    TIME = "time"
    """Unix seconds, UTC."""
    FLAGS = "flags"
    """OR of TCP flags; ACK alone is never reported."""
    PATH = "path"
    """Traffic path code 1-8."""
    ENCRYPTION = "encryption"
    ACTION = "action"
    STATUS = "status"

    @property
    def is_number(self) -> bool:
        """True where values are integers in the logs."""
        return self in _NUMBERS


_NUMBERS = frozenset(
    {
        Kind.INTEGER,
        Kind.PORT,
        Kind.PROTOCOL,
        Kind.COUNT,
        Kind.BYTES,
        Kind.TIME,
        Kind.FLAGS,
        Kind.PATH,
        Kind.ENCRYPTION,
    }
)


@dataclass(frozen=True, slots=True)
class Field:
    """One canonical column of a flow log record."""

    name: str
    """Log name with `_` for `-`."""
    kind: Kind
    version: int
    """Record version that introduced it."""
    help: str
    aliases: tuple[str, ...] = ()
    """Further names found in tables, without regard to case, `-` and `_`."""

    @property
    def log_name(self) -> str:
        """The name as the log's header line writes it."""
        return self.name.replace("_", "-")

    @property
    def athena_type(self) -> str:
        """The type AWS's own DDL gives it: int, bigint or string."""
        if self.kind in (Kind.COUNT, Kind.BYTES, Kind.TIME):
            return "bigint"
        return "int" if self.kind.is_number else "string"


_K = Kind
FIELDS: Final[tuple[Field, ...]] = (
    Field("version", _K.INTEGER, 2, "Highest record version among the fields of the format"),
    Field("account_id", _K.TEXT, 2, "Owner of the interface; 12 digits, leading zeros kept",
          ("account", "aws_account_id", "owner_id")),
    Field("interface_id", _K.TEXT, 2, "Network interface; '-' for a regional NAT gateway",
          ("eni", "eni_id")),
    Field("srcaddr", _K.ADDRESS, 2, "Source; on the interface's own side its primary private address",
          ("sourceaddress", "src_ip", "srcip", "sourceip", "src")),
    Field("dstaddr", _K.ADDRESS, 2, "Destination; on the interface's own side its primary private address",
          ("destinationaddress", "dst_ip", "dstip", "destip", "destinationip", "dst")),
    Field("srcport", _K.PORT, 2, "Source port; 0 for ICMP", ("sourceport", "sport")),
    Field("dstport", _K.PORT, 2, "Destination port; 0 for ICMP", ("destinationport", "dport")),
    Field("protocol", _K.PROTOCOL, 2, "IANA protocol number", ("proto", "protocol_num")),
    Field("packets", _K.COUNT, 2, "Packets in this aggregation window", ("numpackets",)),
    Field("bytes", _K.BYTES, 2, "Bytes in this aggregation window", ("numbytes",)),
    Field("start", _K.TIME, 2, "First packet of the window; up to 60 s off", ("starttime", "windowstart", "flow_start")),
    Field("end", _K.TIME, 2, "Last packet of the window; up to 60 s off", ("endtime", "windowend", "flow_end")),
    Field("action", _K.ACTION, 2, "ACCEPT or REJECT, by security group and network ACL together"),
    Field("log_status", _K.STATUS, 2, "OK; NODATA: no traffic; SKIPDATA: records were lost"),
    Field("vpc_id", _K.TEXT, 3, "VPC of the interface"),
    Field("subnet_id", _K.TEXT, 3, "Subnet of the interface"),
    Field("instance_id", _K.TEXT, 3, "Instance of the interface; '-' for interfaces AWS made"),
    Field("tcp_flags", _K.FLAGS, 3, "OR of FIN 1, SYN 2, RST 4, SYN-ACK 18 over the window; ACK alone is 0"),
    Field("type", _K.TEXT, 3, "IPv4, IPv6 or EFA", ("traffic_type",)),
    Field("pkt_srcaddr", _K.ADDRESS, 3, "Original packet source, behind NAT, load balancer or pod network",
          ("packetsourceaddress",)),
    Field("pkt_dstaddr", _K.ADDRESS, 3, "Original packet destination", ("packetdestinationaddress",)),
    Field("region", _K.TEXT, 4, "Region of the interface", ("aws_region",)),
    Field("az_id", _K.TEXT, 4, "Availability Zone id"),
    Field("sublocation_type", _K.TEXT, 4, "wavelength, outpost, localzone or '-'"),
    Field("sublocation_id", _K.TEXT, 4, "Id of the sublocation"),
    Field("pkt_src_aws_service", _K.TEXT, 5, "AWS service that owns pkt_srcaddr"),
    Field("pkt_dst_aws_service", _K.TEXT, 5, "AWS service that owns pkt_dstaddr"),
    Field("flow_direction", _K.TEXT, 5, "ingress or egress, seen from the interface"),
    Field("traffic_path", _K.PATH, 5, "Way out, egress only"),
    Field("ecs_cluster_arn", _K.TEXT, 7, "ECS cluster ARN; awsvpc tasks only"),
    Field("ecs_cluster_name", _K.TEXT, 7, "ECS cluster name"),
    Field("ecs_container_instance_arn", _K.TEXT, 7, "ECS container instance ARN; EC2 launch type only"),
    Field("ecs_container_instance_id", _K.TEXT, 7, "ECS container instance id; EC2 launch type only"),
    Field("ecs_container_id", _K.TEXT, 7, "Runtime id of the first container"),
    Field("ecs_second_container_id", _K.TEXT, 7, "Runtime id of the second container"),
    Field("ecs_service_name", _K.TEXT, 7, "ECS service; '-' for standalone tasks"),
    Field("ecs_task_definition_arn", _K.TEXT, 7, "ECS task definition ARN"),
    Field("ecs_task_arn", _K.TEXT, 7, "ECS task ARN"),
    Field("ecs_task_id", _K.TEXT, 7, "ECS task id"),
    Field("reject_reason", _K.TEXT, 8, "BPA: Block Public Access; EC: encryption controls"),
    Field("resource_id", _K.TEXT, 9, "Regional NAT gateway id; else '-'"),
    Field("encryption_status", _K.ENCRYPTION, 10, "0 plain, 1 Nitro, 2 application layer, 3 both"),
    Field("instance_tag", _K.TEXT, 11, "Value of a chosen instance tag, percent-encoded"),
    Field("instance_tag_2", _K.TEXT, 11, "Value of a second instance tag, percent-encoded"),
    Field("interface_tag", _K.TEXT, 11, "Value of a chosen interface tag, percent-encoded"),
    Field("interface_tag_2", _K.TEXT, 11, "Value of a second interface tag, percent-encoded"),
    Field("asg_tag", _K.TEXT, 11, "Value of a chosen Auto Scaling group tag, percent-encoded"),
    Field("asg_tag_2", _K.TEXT, 11, "Value of a second Auto Scaling group tag, percent-encoded"),
    Field("interface_type", _K.TEXT, 11, "nat_gateway, network_load_balancer, vpc_endpoint, …"),
    Field("next_hop_interface_type", _K.TEXT, 11, "Interface type at the other end"),
    Field("next_hop_interface_id", _K.TEXT, 11, "Interface at the other end"),
    Field("next_hop_subnet_id", _K.TEXT, 11, "Subnet at the other end"),
    Field("next_hop_az_id", _K.TEXT, 11, "Availability Zone at the other end"),
    Field("next_hop_vpc_id", _K.TEXT, 11, "VPC at the other end"),
)  # fmt: skip
"""Every field, in the order of the documentation."""

FIELD: Final[dict[str, Field]] = {field.name: field for field in FIELDS}
"""Canonical name to field."""

DEFAULT_FORMAT: Final[tuple[str, ...]] = tuple(f.name for f in FIELDS if f.version == 2)
"""The fields of a flow log made without a custom format, in file order."""


def fold(name: str) -> str:
    """A column name without case, hyphens, underscores and spaces."""
    return name.strip().lower().replace("-", "").replace("_", "").replace(" ", "")


_BY_FOLDED: Final[dict[str, str]] = {
    fold(name): field.name for field in FIELDS for name in (field.name, *field.aliases)
}


def canonical(name: str) -> str | None:
    """The canonical field that a column of this name holds; None for a name we do not know."""
    return _BY_FOLDED.get(fold(name))
