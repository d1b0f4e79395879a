"""Statements, their executions in Athena's states, and pages of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import Enum

from flowtui.domain.fields import Kind
from flowtui.domain.filters import Condition
from flowtui.domain.spans import Spans
from flowtui.domain.times import TimeRange, hull, merged

Cell = str | int | float | bool | datetime | Decimal | None
"""A value as a result holds it; timestamps are aware, in UTC."""
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """Finished SQL in Athena's dialect, complete as shown; same question, same text."""

    sql: str
    is_filtered: bool = True
    """False where the filter could not be applied; `notes` say why."""
    notes: tuple[str, ...] = ()
    """What the user should know before reading the result."""
    drill: tuple[tuple[str, str], ...] = ()
    """Result column to filter key, for going down to records."""
    conditions: tuple[Condition, ...] = ()
    """What its own WHERE demands, as far as a filter can say it; goes along when drilling."""
    fields: tuple[str, ...] = ()
    """Canonical fields that it reads, so that an engine need not parse the others."""
    time: TimeRange | None = None
    """Bounds that its WHERE holds; where it compares two windows, the one of now."""
    before: TimeRange | None = None
    """The window that it compares with."""
    has_partition_predicate: bool = False
    """True where time or filter is also said in partitions, so that not everything is read."""
    partition_values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Partition key to the values that the filter allows, for keys that time does not decide."""
    is_counted_once: bool = False
    """True where records that say again what another says are left out."""

    @property
    def windows(self) -> tuple[TimeRange, ...]:
        """The times that it reads, apart from each other; none where it reads all there is."""
        return merged(window for window in (self.time, self.before) if window is not None)

    @property
    def read_span(self) -> timedelta | None:
        """How much time it reads, that of both windows where it compares; None: no end to it."""
        lengths = [window.duration for window in self.windows]
        known = [length for length in lengths if length is not None]
        return sum(known, timedelta()) if known and len(known) == len(lengths) else None

    @property
    def span(self) -> TimeRange | None:
        """What holds all that it reads; None: all there is."""
        return hull(self.windows) if self.windows else None


class QueryState(Enum):
    """Athena's states, used for every engine."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"

    @property
    def is_terminal(self) -> bool:
        """True where nothing more will happen."""
        return self in (QueryState.SUCCEEDED, QueryState.FAILED, QueryState.CANCELLED)


@dataclass(frozen=True, slots=True)
class QueryExecution:
    """One run of a statement as it stands now."""

    id: str
    """Ours, from before the engine has answered; unique in a sitting."""
    statement: Statement
    state: QueryState
    submitted: datetime
    completed: datetime | None = None
    elapsed_ms: int = 0
    queue_ms: int | None = None
    engine_ms: int | None = None
    scanned_bytes: int | None = None
    """Bytes read so far; on Athena what is billed, 10 MB minimum not applied."""
    cost: Decimal | None = None
    """US dollars so far; None where nothing is billed."""
    scanned_total: int | None = None
    """Bytes that will be read, where known; gives progress."""
    rows_ready: int = 0
    """Result rows that can be paged now."""
    is_complete: bool = False
    """True once `rows_ready` is the whole result."""
    is_reused: bool = False
    """True where Athena answered from an earlier result, for nothing."""
    is_from_store: bool = False
    """True where we answered from rows held here, and no query ran."""
    is_attached: bool = False
    """True where it ran earlier: showing it again scans nothing and costs nothing."""
    reason: str = ""
    """Why it failed or was cancelled, in the engine's words."""
    output_location: str = ""
    query_id: str = ""
    """Athena's QueryExecutionId, with which `--attach` finds it again; empty on local engines."""
    kind: str = "DML"
    """Athena's StatementType: DML, DDL or UTILITY."""
    error: Exception | None = None
    """For FAILED the typed error to show; for others a trouble that is being waited out."""


@dataclass(frozen=True, slots=True)
class Column:
    """A result column."""

    name: str
    type: str
    """Athena type name: varchar, bigint, double, boolean, timestamp with time zone …"""
    kind: Kind | None = None
    """How to show it, where the name tells; None: as its type."""

    @property
    def is_number(self) -> bool:
        """True for columns shown on the right."""
        return self.type in (
            "tinyint", "smallint", "integer", "bigint", "real", "float", "double", "decimal"
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class SortKey:
    """One column to sort by; NULL comes last either way."""

    column: str
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class Refinement:
    """What is done to rows already held, without asking the engine again."""

    order: tuple[SortKey, ...] = ()
    """Empty: as the engine gave them."""
    contains: str = ""
    """Keep rows in which any cell holds this text, case-insensitively."""
    only: Spans | None = None
    """Keep these rows, numbered as the engine gave them; None: all."""


@dataclass(frozen=True, slots=True)
class ResultPage:
    """Some consecutive rows of a result; columns are set even when there is no row."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    offset: int
    """Index of the first row in the refined result."""
    total_rows: int
    """Rows in the refined result so far."""
    is_complete: bool = True
    """False while more rows are on their way."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a statement will read and cost, and on what the figure rests."""

    bytes: int | None
    """None: unknown."""
    basis: str
    """In words: `sizes of 24 objects`, `the last run`, `unknown: s3:ListBucket denied`."""
    cost: Decimal | None = None
    """US dollars; None: unknown, or free."""
    partitions: int | None = None
    objects: int | None = None
    is_upper_bound: bool = False
    is_lower_bound: bool = False
    """True where not everything could be counted: it may be far more."""
    is_download: bool = False
    """True where the bytes have to be fetched to this machine first."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Input that could not be used: named, counted, never silent."""

    path: str
    reason: str
    count: int
    """Lines left out; 0 where the whole file is unusable or its loss cannot be counted."""
    first_line: int | None = None
    """Line number, from 1, of the first one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far preparing a source has come."""

    files_done: int
    files_total: int
    records: int
    bytes_done: int
    bytes_total: int
    elapsed_s: float
    phase: str = "Reading flow logs"

    @property
    def seconds_left(self) -> float | None:
        """By the bytes done so far; None before there is a rate."""
        if not self.bytes_done or self.elapsed_s <= 0:
            return None
        return (self.bytes_total - self.bytes_done) * self.elapsed_s / self.bytes_done


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What an engine knows of its source."""

    name: str
    """As the title bar shows it."""
    files: int | None = None
    records: int | None = None
    time: TimeRange | None = None
    """From the first start to the last end of the records; None: unknown or no records."""
    skipped_windows: int | None = None
    """SKIPDATA rows: totals that touch them are floors. None: not counted."""
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[str, ...] = ()
    location: str = ""
    """`s3://…` where its files lie; empty: on this machine, or not known."""
