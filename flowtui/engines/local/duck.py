"""DuckDB, opened so that it reads the source's converted files and nothing else.

The SQL guard (`flowtui.sql`) refuses statements by what they are; this is the second wall, for what
the first one did not see: no other file, no extension, no setting, no statement but one SELECT.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Final

from flowtui.domain.fields import FIELD
from flowtui.engines.duckdb_text import quoted, text_literal
from flowtui.engines.faults import translating
from flowtui.errors import EngineError, FlowtuiError, GuardError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from flowtui.engines.local.files import Inputs

TABLE: Final = "vpc_flow_logs"
_STREAM_SETTING: Final = "streaming_buffer_size"
_MOST_MEMORY: Final = 512 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What queries may use."""

    threads: int
    memory_bytes: int
    """Of DuckDB's buffers; what exceeds it is spilled to disk."""

    @classmethod
    def of_machine(cls) -> Limits:
        """All processors, and 40 % of the memory up to 512 MiB."""
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        return cls(os.cpu_count() or 2, min(_MOST_MEMORY, memory * 2 // 5))


def driver() -> ModuleType:
    """DuckDB's compiled module alone, where it can be had.

    The package around it, an interface by objects that no question needs, takes 35 ms to import: a
    tenth of the time in which a warm question is answered.
    """
    try:
        return importlib.import_module("_duckdb")
    except ImportError:
        return importlib.import_module("duckdb")


class LockedDuckDB:
    """DuckDB as `open_locked` opens it, in a thread: meanwhile files are listed and SQL is built.

    Args:
        readable: See `open_locked`.
        spill: See `open_locked`.
        limits: See `open_locked`.
        setup: See `open_locked`.
    """

    def __init__(
        self, readable: Sequence[Path], spill: Path, limits: Limits, setup: Sequence[str]
    ) -> None:
        self._connection: DuckDBPyConnection | None = None
        self._error: FlowtuiError | None = None
        self._thread = threading.Thread(
            target=self._open, args=(readable, spill, limits, setup), name="duckdb", daemon=True
        )
        self._thread.start()

    def cursor(self) -> DuckDBPyConnection:
        """A connection for one run, once DuckDB is there; close it.

        Raises:
            ConnectError: DuckDB cannot be started.
        """
        self._thread.join()
        if self._connection is None:
            raise self._error or EngineError("DuckDB has not started.", "Start flowtui again.")
        with translating():
            return self._connection.cursor()

    def close(self) -> None:
        """Let go of it; cursors under way fail."""
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _open(
        self, readable: Sequence[Path], spill: Path, limits: Limits, setup: Sequence[str]
    ) -> None:
        try:
            self._connection = open_locked(readable, spill, limits, setup)
        except FlowtuiError as error:
            self._error = error


def open_locked(
    readable: Iterable[Path], spill: Path, limits: Limits, setup: Iterable[str]
) -> DuckDBPyConnection:
    """A connection that can be trusted with any text.

    Args:
        readable: Directories whose files may be read.
        spill: Where it may put what does not fit into memory.
        limits: Threads and memory.
        setup: Statements of ours to run first: macros.

    Raises:
        ConnectError: DuckDB cannot be started.
    """
    with translating():
        connection: DuckDBPyConnection = driver().connect(
            ":memory:",
            config={
                "threads": limits.threads,
                "memory_limit": f"{limits.memory_bytes}B",
                "temp_directory": str(spill),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
                "allow_community_extensions": False,
                "allow_persistent_secrets": False,
                "python_enable_replacements": False,
            },
        )
        for statement in setup:
            connection.execute(statement)
        # Both as the path is and as a query has to write it: DuckDB compares texts.
        forms = [form for path in readable for form in (str(path), _unglobbed(str(path)))]
        directories = ", ".join(map(text_literal, forms))
        connection.execute(
            "SET GLOBAL TimeZone = 'UTC';"
            f"SET allowed_directories = [{directories}];"
            "SET enable_external_access = false;"
            f"SET allowed_configs = ['{_STREAM_SETTING}'];"
            "SET lock_configuration = true;"
        )
    return connection


def refuse_writing(connection: DuckDBPyConnection, sql: str) -> None:
    """Let one SELECT pass, by DuckDB's own parser.

    Raises:
        GuardError: It is more than one statement, or does something else.
    """
    duckdb = driver()
    statements = connection.extract_statements(sql)
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise GuardError(
            "Only a single SELECT can be run on local files.", "Remove the other statements."
        )
    # DuckDB 2 takes COPY inside WITH, calls the whole a SELECT, and lets it write to directories
    # that may be read, even in a read-only transaction.
    keyword = duckdb.token_type.keyword
    if any(
        kind == keyword and sql[start : start + 5].rstrip().lower().startswith("copy")
        for start, kind in duckdb.tokenize(sql)
    ):
        raise GuardError("COPY writes files; queries here only read.", "Use w to write a result.")


def create_table(
    cursor: DuckDBPyConnection, fields: Sequence[str], inputs: Inputs, raw: object | None
) -> None:
    """Make the flow logs visible to the cursor, and to it alone, under their table name.

    Args:
        cursor: Runs one statement.
        fields: Columns that the table has, whatever the single files have.
        inputs: The converted files.
        raw: An Arrow stream of the records that are not converted; None: there are none.
    """
    columns = ", ".join(f"CAST(NULL AS {_type(name)}) AS {quoted(name)}" for name in fields)
    branches = [f"SELECT {columns} WHERE false"]
    for _, paths in inputs.layouts:
        files = ", ".join(text_literal(_unglobbed(str(path))) for path in paths)
        branches.append(f"SELECT * FROM read_parquet([{files}])")
    if raw is not None:
        import duckdb  # noqa: F401 teaches the driver to read Arrow streams

        cursor.register("unconverted", raw)
        branches.append("SELECT * FROM unconverted")
    union = " UNION ALL BY NAME ".join(branches)
    cursor.execute(f"CREATE TEMP VIEW {TABLE} AS {union}")


def begin_reading(cursor: DuckDBPyConnection) -> None:
    """Let the next statements read only, and hold few rows that nobody has fetched yet."""
    # Each cursor has this setting for itself, so it cannot be made before the others are locked.
    cursor.execute(f"SET {_STREAM_SETTING} = '2MB'")
    cursor.execute("BEGIN TRANSACTION READ ONLY")


def _unglobbed(path: str) -> str:
    """A path in which no character means any other."""
    return "".join(f"[{c}]" if c in "*?[" else c for c in path)


def _type(field: str) -> str:
    known = FIELD.get(field)
    return {"int": "INTEGER", "bigint": "BIGINT"}.get(known.athena_type if known else "", "VARCHAR")
