"""The same flow logs and questions for every engine: what the contract suite runs on.

An engine under test holds 2,500 records: number n has the address 10.0.(n // 256).(n % 256), the
port n and n bytes; every third is rejected.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flowtui.domain.executions import Row, Statement
from flowtui.engines.base import Engine
from flowtui.engines.columns import column
from flowtui.errors import QueryFailedError
from tests.athena_server import AthenaServer
from tests.scripted import Answer, ScriptedEngine

COUNT = 2500
COLUMNS = (
    column("srcaddr", "varchar"),
    column("dstport", "integer"),
    column("bytes", "bigint"),
    column("action", "varchar"),
)
ROWS: tuple[Row, ...] = tuple(
    (f"10.0.{n // 256}.{n % 256}", n, n, "REJECT" if n % 3 == 0 else "ACCEPT") for n in range(COUNT)
)
FIELDS = tuple(column.name for column in COLUMNS)

ALL = Statement(
    "SELECT srcaddr, dstport, bytes, action FROM vpc_flow_logs ORDER BY bytes", fields=FIELDS
)
FEW = Statement(
    "SELECT srcaddr, dstport, bytes, action FROM vpc_flow_logs ORDER BY bytes LIMIT 10",
    fields=FIELDS,
)
NONE = Statement(
    "SELECT srcaddr, dstport, bytes, action FROM vpc_flow_logs WHERE bytes < 0", fields=FIELDS
)
WRONG = Statement("SELECT scraddr FROM vpc_flow_logs", fields=("scraddr",))
ENDLESS = Statement(
    "SELECT count(*) AS records FROM vpc_flow_logs a CROSS JOIN vpc_flow_logs b "
    "CROSS JOIN vpc_flow_logs c CROSS JOIN vpc_flow_logs d "
    "WHERE (a.bytes + b.bytes + c.bytes + d.bytes) % 7 = 3",
    fields=("bytes",),
)
"""39 million million combinations: it ends when it is stopped."""


@dataclass(frozen=True)
class Case:
    """An engine under test, connected."""

    engine: Engine
    close: Callable[[], None] = lambda: None
    """Takes down what the engine stood on."""


def write_logs(directory: Path, files: int = 5) -> Path:
    """The records as log files in AWS's format."""
    directory.mkdir(parents=True, exist_ok=True)
    header = (
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes "
        "start end action log-status"
    )
    size = COUNT // files
    for number in range(files):
        lines = [header]
        for srcaddr, port, size_bytes, action in ROWS[number * size : (number + 1) * size]:
            lines.append(
                f"2 012345678901 eni-1 {srcaddr} 10.9.9.9 40000 {port} 6 1 {size_bytes} "
                f"1764000000 1764000060 {action} OK"
            )
        text = "\n".join(lines) + "\n"
        (directory / f"{number}.log.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
    return directory


def scripted(directory: Path) -> Case:
    """The engine that plays a script."""
    del directory
    answers = {
        ALL.sql: Answer(COLUMNS, ROWS),
        FEW.sql: Answer(COLUMNS, ROWS[:10]),
        NONE.sql: Answer(COLUMNS),
        WRONG.sql: Answer(error=QueryFailedError("no column scraddr", "Did you mean srcaddr?")),
        ENDLESS.sql: Answer((column("records", "bigint"),), ends=threading.Event()),
    }
    engine = ScriptedEngine(lambda statement: answers[statement.sql])
    engine.connect()
    return Case(engine)


def local(directory: Path) -> Case:
    """Files read as they are."""
    from flowtui.engines.local.engine import LocalEngine

    engine = LocalEngine(str(write_logs(directory / "logs")), name="logs", cache_root=None)
    engine.connect()
    return Case(engine)


def local_cached(directory: Path) -> Case:
    """Files converted before the first question."""
    from flowtui.engines.local.engine import LocalEngine

    logs = write_logs(directory / "logs")
    engine = LocalEngine(str(logs), name="logs", cache_root=directory / "cache")
    engine.connect()
    engine.prepare(threading.Event(), lambda progress: None)
    return Case(engine)


def athena(server: AthenaServer, directory: Path) -> Case:
    """The same files in S3, behind a table, over HTTP."""
    from flowtui.engines.athena.address import TableAddress
    from flowtui.engines.athena.clients import AwsSettings
    from flowtui.engines.athena.engine import AthenaEngine, AthenaOptions
    from flowtui.sql.ddl import Partitioning, TableDefinition, create_table

    for path in write_logs(directory / "logs").iterdir():
        server.put(f"s3://logs/AWSLogs/{path.name}", path.read_bytes())
    definition = TableDefinition(
        "vpc_flow_logs", "s3://logs/AWSLogs/", partitioning=Partitioning.NONE
    )
    server.run(create_table(definition))
    engine = AthenaEngine(
        TableAddress("default", "vpc_flow_logs"),
        AwsSettings(),
        results_root=directory / "results",
        options=AthenaOptions("s3://results/", reuse_minutes=0),
    )
    engine.connect()
    return Case(engine)


def s3(server: AthenaServer, directory: Path) -> Case:
    """The same files in S3, fetched and read here."""
    from flowtui.engines.athena.clients import AwsSettings
    from flowtui.engines.s3.engine import S3Engine

    for path in write_logs(directory / "logs").iterdir():
        server.put(f"s3://logs/AWSLogs/{path.name}", path.read_bytes())
    engine = S3Engine(
        "s3://logs/AWSLogs/",
        AwsSettings(),
        name="logs",
        time=None,
        downloads_root=directory / "s3",
        cache_root=directory / "cache",
    )
    engine.connect()
    return Case(engine)


OVER_HTTP: dict[str, Callable[[AthenaServer, Path], Case]] = {"athena": athena, "s3": s3}
"""Engines that speak to AWS."""
CASES: dict[str, Callable[[Path], Case]] = {
    "scripted": scripted,
    "local": local,
    "local-cached": local_cached,
}
"""Every engine; a new one adds itself here."""
