"""What the detections of the shipped library find over a scripted engine."""

from __future__ import annotations

from flowtui.domain.executions import Column, Statement
from flowtui.domain.fields import Kind
from flowtui.errors import QueryFailedError
from tests.scripted import Answer
from tests.ui.harness import DATA, usual

_START = int(DATA.since.timestamp()) if DATA.since else 0
_SRC, _DST = Column("srcaddr", "varchar", Kind.ADDRESS), Column("dstaddr", "varchar", Kind.ADDRESS)
_TIMES = (Column("first_seen", "bigint", Kind.TIME), Column("last_seen", "bigint", Kind.TIME))


def _count(name: str) -> Column:
    return Column(name, "bigint", Kind.COUNT)


_SCAN = Answer(
    (_SRC, _DST, _count("dstports"), _count("accepted"), _count("rejected"), *_TIMES),
    (("198.51.100.23", "10.20.0.22", 1024, 0, 1024, _START + 4200, _START + 5149),),
)
_UPLOAD = Answer(
    (
        Column("inside", "varchar", Kind.ADDRESS), Column("outside", "varchar", Kind.ADDRESS),
        Column("sent_bytes", "bigint", Kind.BYTES), Column("received_bytes", "bigint", Kind.BYTES),
        Column("ratio", "double"), *_TIMES,
    ),
    (
        ("10.20.11.51", "192.0.2.200", 930_000_000, 16_380_000, 56.8, _START, _START + 9000),
        ("10.20.0.5", "192.0.2.200", 930_000_000, 16_380_000, 56.8, _START, _START + 9000),
    ),
)  # fmt: skip


def detected(statement: Statement) -> Answer:
    """A port scan and an upload; one detection fails, and the others find nothing."""
    if "AS ratio" in statement.sql:
        return _UPLOAD
    if "DISTINCT dstport) > 20" in statement.sql:
        return _SCAN
    if "AS jitter" in statement.sql:
        return Answer(error=QueryFailedError("the disk is full"))
    if "HAVING" in statement.sql or "853" in statement.sql:
        return Answer((_SRC, *_TIMES), ())
    return usual(statement)
