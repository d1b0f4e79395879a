"""CREATE EXTERNAL TABLE for flow logs, in each layout in which AWS delivers them.

Source: "Create a table for VPC flow logs" and "Partition projection", Athena User Guide. Two
mistakes of published definitions are avoided: a partition key never takes the name of a field that
the files hold (the region-shift trap), and a table can be pruned by time unless asked otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from flowtui.domain.fields import DEFAULT_FORMAT, FIELD, FIELDS
from flowtui.errors import ConfigError

_CLASSIC_NAMES: Final = {
    "account_id": "account",
    "srcaddr": "sourceaddress",
    "dstaddr": "destinationaddress",
    "srcport": "sourceport",
    "dstport": "destinationport",
    "packets": "numpackets",
    "bytes": "numbytes",
    "start": "starttime",
    "end": "endtime",
}
_CLASSIC_TYPES: Final = {
    "packets": "int",
    "start": "int",
    "end": "int",
    "traffic_path": "string",
}
CLASSIC_FIELDS: Final = tuple(field.name for field in FIELDS if field.version <= 5)
"""The 29 fields of the classic table: record version 5."""


_UNSAFE: Final = frozenset("'\"`\\")
"""Hive's parser takes them for more than they are: `''` in text joins two texts."""


class Partitioning(Enum):
    """How a table finds the files of a time."""

    NONE = "none"
    """As the classic definition: every query reads everything."""
    DAY = "day"
    """Computed from account, region and day; nothing to register, ever."""
    HOUR = "hour"
    """The same, down to the hour; for flow logs delivered with hour folders."""
    HIVE = "hive"
    """Hive-style keys in the path; MSCK REPAIR TABLE registers them."""


@dataclass(frozen=True, slots=True)
class TableDefinition:
    """A flow log table to be made."""

    table: str
    location: str
    """`s3://bucket/[prefix/]AWSLogs/[account/vpcflowlogs/region/]`; where projection starts, the
    part up to and including `AWSLogs/`."""
    fields: tuple[str, ...] = DEFAULT_FORMAT
    """Log fields in the order of the files; canonical names, unknown ones as they are."""
    database: str = ""
    is_parquet: bool = False
    partitioning: Partitioning = Partitioning.DAY
    is_classic: bool = False
    """Names and types of the classic table (`sourceaddress`, `numpackets` …)."""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    first_day: date = date(2020, 1, 1)
    """Where projection begins; earlier logs stay invisible."""


def create_table(definition: TableDefinition) -> str:
    """The statement, as Athena takes it.

    Raises:
        ConfigError: Account or region is missing for projection, or the location is no S3 URI.
    """
    _check(definition)
    name = _name(definition.table)
    if definition.database:
        name = f"{_name(definition.database)}.{name}"
    parts = [f"CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{_columns(definition)}\n)"]
    if keys := _partition_columns(definition):
        listed = ",\n".join(f"  {_name(key)} {type}" for key, type in keys)
        parts.append(f"PARTITIONED BY (\n{listed}\n)")
    parts.append(_format(definition))
    parts.append(f"LOCATION {_text(definition.location)}")
    listed = ",\n".join(f"  {_text(k)} = {_text(v)}" for k, v in _properties(definition).items())
    if listed:
        parts.append(f"TBLPROPERTIES (\n{listed}\n)")
    return "\n".join(parts) + ";"


def repair_table(definition: TableDefinition) -> str:
    """What registers Hive-style partitions; has to be run again as days go by."""
    return f"MSCK REPAIR TABLE {_name(definition.table)};"


def _check(definition: TableDefinition) -> None:
    if not definition.location.startswith("s3://") or not definition.location.endswith("/"):
        raise ConfigError(
            f"Not a place for a table: {definition.location}",
            "Give --location s3://BUCKET/PREFIX/AWSLogs/, with the slash at the end.",
        )
    texts = (definition.table, definition.database, definition.location, *definition.fields,
             *definition.accounts, *definition.regions)  # fmt: skip
    for text in texts:
        if not text.isprintable() or _UNSAFE & set(text):
            raise ConfigError(
                f"Not to be written in a table definition: {text!r}",
                "Names and places there hold no quote marks, backslashes or control characters.",
            )
    is_projected = definition.partitioning in (Partitioning.DAY, Partitioning.HOUR)
    if is_projected and not (definition.accounts and definition.regions):
        raise ConfigError(
            "Projection needs the accounts and regions whose logs are there.",
            "Give --account and --region, each as often as needed, or --partition none.",
        )


def _columns(definition: TableDefinition) -> str:
    return ",\n".join(f"  {_name(n)} {t}" for n, t in _column_types(definition))


def _column_types(definition: TableDefinition) -> list[tuple[str, str]]:
    columns = []
    for field in definition.fields:
        type = FIELD[field].athena_type if field in FIELD else "string"
        if definition.is_classic:
            name = _CLASSIC_NAMES.get(field, field.replace("_", ""))
            columns.append((name, _CLASSIC_TYPES.get(field, type)))
        else:
            columns.append((field, type))
    return columns


def _partition_columns(definition: TableDefinition) -> tuple[tuple[str, str], ...]:
    match definition.partitioning:
        case Partitioning.NONE:
            return ()
        case Partitioning.HIVE:
            keys = ("aws-account-id", "aws-service", "aws-region", "year", "month", "day")
            return tuple((key, "string") for key in keys)
        case Partitioning.DAY | Partitioning.HOUR:
            # Not `region` or `account_id`: in text tables that would displace the columns.
            return (("log_account", "string"), ("log_region", "string"), ("day", "string"))


def _format(definition: TableDefinition) -> str:
    if definition.is_parquet:
        return "STORED AS PARQUET"
    return (
        "ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'\n"
        "WITH SERDEPROPERTIES ('field.delim' = ' ', 'serialization.format' = ' ')\n"
        "STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'\n"
        "OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'"
    )


def _properties(definition: TableDefinition) -> dict[str, str]:
    properties = {} if definition.is_parquet else {"skip.header.line.count": "1"}
    if definition.partitioning not in (Partitioning.DAY, Partitioning.HOUR):
        return properties
    is_hourly = definition.partitioning is Partitioning.HOUR
    form = "yyyy/MM/dd/HH" if is_hourly else "yyyy/MM/dd"
    first = f"{definition.first_day:%Y/%m/%d}" + ("/00" if is_hourly else "")
    return properties | {
        "projection.enabled": "true",
        "projection.log_account.type": "enum",
        "projection.log_account.values": ",".join(definition.accounts),
        "projection.log_region.type": "enum",
        "projection.log_region.values": ",".join(definition.regions),
        "projection.day.type": "date",
        "projection.day.format": form,
        "projection.day.range": f"{first},NOW",
        "projection.day.interval": "1",
        "projection.day.interval.unit": "HOURS" if is_hourly else "DAYS",
        "storage.location.template": definition.location
        + "${log_account}/vpcflowlogs/${log_region}/${day}",
    }


def _name(name: str) -> str:
    """An identifier in DDL, which takes backticks where queries take double quotes."""
    return f"`{name}`"


def _text(text: str) -> str:
    return f"'{text}'"
