"""Where rows go, and in which format."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO, cast

import click

from flowtui.cli.options import OUTPUT_FORMATS
from flowtui.cli.talk import say
from flowtui.domain.executions import Refinement, Row, SortKey
from flowtui.engines.export import ExportCancelledError, stream_rows, write_rows
from flowtui.session.copytext import plain

if TYPE_CHECKING:
    from flowtui.engines.base import Results
    from flowtui.session.anonymise import Anonymiser

_PAGE_ROWS: Final = 10_000
_AS_GIVEN: Final = Refinement()
_TABLE_ROWS: Final = 1000
"""Shown on a terminal when no limit is given."""
_SUFFIXES: Final = {
    "csv": "csv", "tsv": "tsv", "json": "json", "ndjson": "ndjson", "jsonl": "ndjson",
    "md": "markdown", "markdown": "markdown", "parquet": "parquet", "txt": "table",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manner:
    """How rows are written, as the options say it."""

    order: tuple[str, ...] = ()
    contains: str = ""
    is_csv_safe: bool = False
    is_anonymised: bool = False

    @property
    def refinement(self) -> Refinement:
        """Which rows, in which order."""
        keys = (SortKey(name.removeprefix("-"), name.startswith("-")) for name in self.order)
        return Refinement(tuple(keys), self.contains)


_PLAINLY: Final = Manner()


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the rows of one result go."""

    format: str
    path: Path | None
    """None: stdout."""
    limit: int | None
    """Rows at most; None: all."""
    stdout: TextIO
    refinement: Refinement = _AS_GIVEN
    """Which rows, in which order."""
    hiding: Anonymiser | None = None
    """Changes who is told in them; None: nobody is hidden."""

    def told(self, text: str) -> str:
        """A text beside the rows, changed as they are."""
        return self.hiding.text(text) if self.hiding else text

    @property
    def is_terminal(self) -> bool:
        """True where a person reads the rows."""
        return self.path is None and self.stdout.isatty()

    def write(self, results: Results, cancelled: threading.Event) -> None:
        """Write the rows, and say on stderr when they were cut or where they went."""
        if self.hiding is not None:
            from flowtui.session.anonymise import LABEL

            say(f"flowtui: {LABEL}")
        total = results.page(0, 0, self.refinement).total_rows
        if self.path is None:
            self._to_stdout(results, cancelled)
        else:
            self._to_file(results, self.path, cancelled)
        if self.limit is not None and total > self.limit:
            say(f"flowtui: Cut: {self.limit:,} of {total:,} rows. --limit 0 gives all.")

    def _to_file(self, results: Results, path: Path, cancelled: threading.Event) -> None:
        if self.limit is None and self.format != "table" and self.hiding is None:
            written = results.export(path, self.format, self.refinement, cancelled)
        elif self.format == "table":
            from flowtui.engines.export import replacing
            from flowtui.session.texttable import write_table

            with replacing(path) as unfinished, unfinished.open("w", encoding="utf-8") as file:
                written = write_table(file, results.columns, self._pages(results))
        else:
            batches = self._pages(results)
            written = write_rows(path, self.format, results.columns, batches, cancelled)
        say(f"flowtui: Wrote {written:,} {'row' if written == 1 else 'rows'} to {path}.")

    def _to_stdout(self, results: Results, cancelled: threading.Event) -> None:
        batches = self._pages(results)
        file = self.stdout
        if self.is_terminal:
            file = cast("TextIO", Harmless(file))
        if self.format == "table":
            from flowtui.session.texttable import write_table

            written = write_table(file, results.columns, batches)
            if self.is_terminal:
                say(f"{written:,} {'row' if written == 1 else 'rows'}")
        elif self.format == "parquet":
            _copy_parquet(results, file, self.refinement, cancelled)
        else:
            try:
                stream_rows(file, self.format, results.columns, batches, cancelled)
            except ExportCancelledError:
                return  # interrupted: the exit code says it
        self.stdout.flush()

    def _pages(self, results: Results) -> Iterator[Sequence[Row]]:
        offset, limit = 0, self.limit
        while limit is None or offset < limit:
            wanted = _PAGE_ROWS if limit is None else min(_PAGE_ROWS, limit - offset)
            rows = results.page(offset, wanted, self.refinement).rows
            if not rows:
                return
            hiding = self.hiding
            yield [hiding.row(results.columns, row) for row in rows] if hiding else rows
            offset += len(rows)


def destination(
    format: str | None,
    output: str | None,
    limit: int | None,
    stdout: TextIO | None = None,
    *,
    manner: Manner = _PLAINLY,
) -> Destination:
    """The destination that the options mean.

    Raises:
        click.UsageError: The options do not fit together.
    """
    stream = stdout or sys.stdout
    is_terminal = output is None and stream.isatty()
    chosen = _format(format, output, is_terminal)
    if chosen == "parquet" and is_terminal:
        raise click.UsageError("Parquet is not for a terminal; add --output FILE.")
    if chosen == "parquet" and limit:
        raise click.UsageError("--limit does not go with Parquet; write LIMIT in the SQL.")
    if limit is None and chosen == "table" and is_terminal:
        limit = _TABLE_ROWS
    if manner.is_csv_safe and chosen != "csv":
        raise click.UsageError(f"--csv-safe is for CSV, not for {chosen}.")
    if manner.is_anonymised and chosen == "parquet":
        raise click.UsageError("--anonymise is for text, not for Parquet.")
    written = "csv-safe" if manner.is_csv_safe else chosen
    place = Path(output) if output else None
    hiding = _anonymiser() if manner.is_anonymised else None
    return Destination(written, place, limit or None, stream, manner.refinement, hiding)


def _anonymiser() -> Anonymiser:
    from flowtui.session.anonymisekey import anonymiser

    return anonymiser()


def _format(format: str | None, output: str | None, is_terminal: bool) -> str:
    if format is not None:
        if format.lower() not in OUTPUT_FORMATS:
            raise click.UsageError(
                f"--format is one of {', '.join(OUTPUT_FORMATS)}, not {format!r}."
            )
        return format.lower()
    if output is not None:
        suffix = Path(output).suffix.lstrip(".").lower()
        if suffix not in _SUFFIXES:
            raise click.UsageError(f"The suffix of {output!r} is no format; add --format.")
        return _SUFFIXES[suffix]
    return "table" if is_terminal else "csv"


def _copy_parquet(
    results: Results, file: TextIO, refinement: Refinement, cancelled: threading.Event
) -> None:
    import shutil
    import tempfile

    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "rows.parquet")
        results.export(path, "parquet", refinement, cancelled)
        with path.open("rb") as whole:
            shutil.copyfileobj(whole, file.buffer)


class Harmless:
    """Text on its way to a terminal, control characters written out."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write one text."""
        return self._stream.write(plain(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write some texts."""
        self._stream.writelines(map(plain, lines))
