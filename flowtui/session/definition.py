"""From what a person says, and what the files say, to the definition of a table; and to the table.

Files are only looked into for what nobody has said: fields, accounts, regions, form.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from flowtui.domain.fields import DEFAULT_FORMAT
from flowtui.engines.logplace import LogPlace
from flowtui.errors import ConfigError, CredentialsError
from flowtui.sql.ddl import (
    CLASSIC_FIELDS,
    Partitioning,
    TableDefinition,
    create_table,
    repair_table,
)

if TYPE_CHECKING:
    from flowtui.engines.athena.clients import AwsClients
    from flowtui.engines.athena.engine import AthenaEngine
    from flowtui.session.session import Session

DEFAULT_TABLE: Final = "vpc_flow_logs"
DEFAULT_DATABASE: Final = "default"


@dataclass(frozen=True, slots=True)
class Wish:
    """A table as the person wants it; what is empty is found out, or has a default."""

    place: str = ""
    """S3 location, or file or directory on this machine, whose files tell the fields."""
    table: str = DEFAULT_TABLE
    database: str = ""
    location: str = ""
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    partitioning: Partitioning | None = None
    is_parquet: bool = False
    is_classic: bool = False
    fields: tuple[str, ...] = ()
    flow_log: str = ""
    """`fl-…`; its set-up tells everything."""


@dataclass(frozen=True, slots=True)
class Defined:
    """A table to be made."""

    definition: TableDefinition
    notes: tuple[str, ...] = ()
    """On what it rests, and what to know before it is made."""

    @property
    def statements(self) -> tuple[str, ...]:
        """What makes it, in order."""
        if self.definition.partitioning is Partitioning.HIVE:
            return create_table(self.definition), repair_table(self.definition)
        return (create_table(self.definition),)

    @property
    def text(self) -> str:
        """The statements as one text."""
        return "\n\n".join(self.statements)


def define(wish: Wish, clients: AwsClients) -> Defined:
    """The table that is wished for. Asks AWS only for what neither the wish nor a file tells.

    Raises:
        ConfigError: It cannot be such a table; the hint says what to give.
        EngineError: The place cannot be looked into.
    """
    place, notes = _look(wish, clients)
    partitioning = wish.partitioning or _usual(wish, place)
    _must_fit(partitioning, place)
    fields = wish.fields or place.fields
    if not fields and wish.is_classic:
        fields = CLASSIC_FIELDS
    elif not fields:
        fields = DEFAULT_FORMAT
        notes += ("No file tells the fields: the 14 of the default format are assumed.",)
    return Defined(
        TableDefinition(
            wish.table,
            wish.location or _location(wish, place, partitioning),
            fields,
            database=wish.database,
            is_parquet=wish.is_parquet or place.is_parquet,
            partitioning=partitioning,
            is_classic=wish.is_classic,
            accounts=wish.accounts or place.accounts,
            regions=wish.regions or place.regions,
        ),
        notes,
    )


def make(
    defined: Defined,
    clients: AwsClients,
    workgroup: str,
    output_location: str,
    cancelled: threading.Event,
) -> str:
    """Make the table on Athena, through the work group; its address. Blocks; scans nothing.

    Raises:
        ConfigError: There is a table of that name.
        EngineError: Athena cannot be asked, or refuses.
    """
    from flowtui.engines.athena.address import TableAddress
    from flowtui.engines.athena.making import make_table

    definition = defined.definition
    address = TableAddress(
        definition.database or DEFAULT_DATABASE, definition.table, workgroup=workgroup
    )
    make_table(clients, address, defined.statements, output_location, cancelled)
    return str(address)


def _look(wish: Wish, clients: AwsClients) -> tuple[LogPlace, tuple[str, ...]]:
    if wish.flow_log:
        from flowtui.engines.athena.flowlog import flow_log_place

        return flow_log_place(clients, wish.flow_log), (f"As {wish.flow_log} is set up.",)
    place = wish.place or ("" if _is_said(wish) else wish.location)
    if not place:
        return LogPlace(), ()
    if not place.startswith("s3://"):
        from flowtui.engines.local.place import local_place

        found = local_place(place)
        return found, (f"Fields as in {found.sample}.",)
    return _look_in_s3(place, clients)


def _look_in_s3(location: str, clients: AwsClients) -> tuple[LogPlace, tuple[str, ...]]:
    from flowtui.engines.s3.place import s3_place

    place = s3_place(clients, location)
    notes = []
    if place.sample:
        notes.append(f"Fields as in {place.sample}.")
    else:
        fields = _described(clients, location)
        place = replace(place, fields=fields)
        if fields:
            notes.append("Fields as the flow logs that deliver there are set up; no file yet.")
    if place.accounts:
        notes.append(f"Found: {_listed('account', place.accounts)}, "
                     f"{_listed('region', place.regions)}.")  # fmt: skip
    return place, tuple(notes)


def _described(clients: AwsClients, location: str) -> tuple[str, ...]:
    from flowtui.engines.athena.flowlog import flow_log_format
    from flowtui.engines.s3.listing import parse_location

    try:
        return flow_log_format(clients, parse_location(location)[0])
    except CredentialsError:
        return ()  # a courtesy, where the right is there


def _is_said(wish: Wish) -> bool:
    """True where no file need be looked into."""
    is_unpartitioned = wish.partitioning is Partitioning.NONE or wish.is_classic
    return is_unpartitioned or bool(wish.accounts and wish.regions)


def _usual(wish: Wish, place: LogPlace) -> Partitioning:
    if wish.is_classic:
        return Partitioning.NONE
    if place.is_hive:
        return Partitioning.HIVE
    return Partitioning.HOUR if place.is_hourly else Partitioning.DAY


def _must_fit(partitioning: Partitioning, place: LogPlace) -> None:
    if not place.sample or partitioning is Partitioning.NONE:
        return
    if place.is_hive is not (partitioning is Partitioning.HIVE):
        raise ConfigError(
            f"The files lie in folders {'with' if place.is_hive else 'without'} Hive keys, "
            f"as {place.sample} does.",
            "Give --partition hive." if place.is_hive else "Give --partition day.",
        )
    if partitioning is Partitioning.HOUR and not place.is_hourly:
        raise ConfigError(
            f"The files lie in folders of a day, not of an hour, as {place.sample} does.",
            "Give --partition day.",
        )


def _location(wish: Wish, place: LogPlace, partitioning: Partitioning) -> str:
    if partitioning is Partitioning.NONE and wish.place.startswith("s3://"):
        folder = wish.place if "." not in wish.place.rpartition("/")[2] else ""
        folder = folder or wish.place.rpartition("/")[0]
        return folder if folder.endswith("/") else folder + "/"
    if not place.root:
        raise ConfigError(
            "Where the files of the table lie is not said.",
            "Give --location s3://BUCKET/PREFIX/AWSLogs/.",
        )
    return place.root


def _listed(word: str, values: tuple[str, ...]) -> str:
    shown = ", ".join(values[:5]) + (f" and {len(values) - 5} more" if len(values) > 5 else "")
    return f"{word}{'' if len(values) == 1 else 's'} {shown}"


def define_over(session: Session) -> Defined:
    """A partitioned table over the files of the Athena table that is open. Lists, scans nothing.

    Raises:
        ConfigError: The table has no files of its own, or they lie in no known folders.
        EngineError: The place cannot be looked into.
    """
    engine = _athena_engine(session)
    if engine.table is None or not engine.table.location.startswith("s3://"):
        raise ConfigError("This table has no files of its own.", "A view reads other tables.")
    wish = Wish(
        engine.table.location,
        f"{engine.address.table}_partitioned",
        engine.address.database,
    )
    return define(wish, engine.clients)


def make_over(session: Session, defined: Defined, cancelled: threading.Event) -> str:
    """Make that table, in the work group that is in use; its address. Blocks; scans nothing.

    Raises:
        ConfigError: There is a table of that name.
        EngineError: Athena cannot be asked, or refuses.
    """
    engine = _athena_engine(session)
    return make(
        defined, engine.clients, engine.address.workgroup, engine.options.output_location, cancelled
    )


def _athena_engine(session: Session) -> AthenaEngine:
    from flowtui.engines.athena.engine import AthenaEngine

    if not isinstance(session.engine, AthenaEngine):
        raise ConfigError("Only Athena has tables.", "Open one: flowtui athena://DATABASE.TABLE")
    return session.engine
