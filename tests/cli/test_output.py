from __future__ import annotations

import io
import json
import threading
from pathlib import Path

import click
import pytest

from flowtui.cli.output import Manner, destination
from flowtui.domain.executions import Column, Statement
from flowtui.domain.fields import Kind
from flowtui.session.anonymisekey import anonymiser
from tests.scripted import Answer, ListResults, ScriptedEngine

COLUMNS = (Column("srcaddr", "varchar", Kind.ADDRESS), Column("bytes", "bigint", Kind.BYTES))
ROWS = [(f"10.0.0.{n % 250}", 2**60 + n) for n in range(25_000)]
NEVER = threading.Event()


def results(rows: list[tuple[str, int]] = ROWS) -> ListResults:
    """A finished result of these rows."""
    engine = ScriptedEngine(Answer(COLUMNS, rows))
    return engine.results(engine.submit(Statement("SELECT")))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_pipe_gets_csv_and_everything(capsys: pytest.CaptureFixture[str]) -> None:
    """Without options a pipe gets every row as CSV, numbers exact, and nothing on stderr."""
    destination(None, None, None).write(results(), NEVER)
    printed, said = capsys.readouterr()
    assert printed.count("\n") == len(ROWS) + 1
    assert printed.startswith("srcaddr,bytes\n10.0.0.0,1152921504606846976\n")
    assert said == ""


def test_a_terminal_gets_a_table_cut_at_a_thousand_rows(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A table on a terminal is cut, and says so and how to get all."""
    terminal = Terminal()
    destination(None, None, None, terminal).write(results(), NEVER)
    assert terminal.getvalue().count("\n") == 1002
    assert "Cut: 1,000 of 25,000 rows. --limit 0 gives all." in capsys.readouterr().err


def test_a_limit_that_cuts_nothing_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """A limit as long as the result is no cut."""
    destination("ndjson", None, 3).write(results(ROWS[:3]), NEVER)
    printed, said = capsys.readouterr()
    assert [json.loads(line)["bytes"] for line in printed.splitlines()] == [
        2**60, 2**60 + 1, 2**60 + 2
    ]  # fmt: skip
    assert said == ""


def test_no_limit_on_a_terminal_is_zero() -> None:
    """`--limit 0` prints all rows of a table."""
    terminal = Terminal()
    destination(None, None, 0, terminal).write(results(), NEVER)
    assert terminal.getvalue().count("\n") == 25_002


@pytest.mark.parametrize("format", ["table", "csv", "tsv", "json", "ndjson", "markdown"])
def test_no_cell_writes_control_characters_to_a_terminal(format: str) -> None:
    """A value cannot move the cursor, recolour or retitle the terminal, in any format."""
    hostile = "\x1b]0;owned\x07\x9b2J\x7f\u202e"
    terminal = Terminal()
    destination(format, None, None, terminal).write(results([(hostile, 1)]), NEVER)
    assert not set(terminal.getvalue()) & set("\x1b\x07\x9b\x7f\u202e\r")
    assert "owned" in terminal.getvalue()


@pytest.mark.parametrize(
    ("name", "begin"),
    [
        ("rows.csv", "srcaddr,bytes\n"),
        ("rows.tsv", "srcaddr\tbytes\n"),
        ("rows.json", "[\n{"),
        ("rows.jsonl", '{"srcaddr": '),
        ("rows.md", "| srcaddr | bytes |\n"),
        ("rows.txt", "srcaddr"),
    ],
)
def test_the_suffix_of_a_file_gives_the_format(
    name: str, begin: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file gets every row in the format of its name; stdout stays empty."""
    path = tmp_path / name
    destination(None, str(path), None).write(results(), NEVER)
    assert path.read_text().startswith(begin)
    printed, said = capsys.readouterr()
    assert printed == ""
    assert said == f"flowtui: Wrote 25,000 rows to {path}.\n"


def test_a_file_is_cut_at_the_limit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--limit` holds for files too, and the cut is said."""
    path = tmp_path / "rows.csv"
    destination(None, str(path), 2).write(results(), NEVER)
    assert path.read_text().count("\n") == 3
    assert "Cut: 2 of 25,000 rows" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("format", "output", "limit", "message"),
    [
        ("xml", None, None, "--format is one of table, csv"),
        (None, "rows.xlsx", None, "suffix"),
        ("parquet", "rows.parquet", 5, "--limit does not go with Parquet"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    format: str | None, output: str | None, limit: int | None, message: str
) -> None:
    """A wrong format says what would be right."""
    with pytest.raises(click.UsageError, match=message):
        destination(format, output, limit)


def test_parquet_is_kept_from_terminals() -> None:
    """Binary data is not written to a terminal."""
    with pytest.raises(click.UsageError, match="--output FILE"):
        destination("parquet", None, None, Terminal())


def test_a_format_may_be_written_in_capitals() -> None:
    """`--format CSV` is csv."""
    assert destination("CSV", None, None).format == "csv"


def test_safe_csv_is_csv(capsys: pytest.CaptureFixture[str]) -> None:
    """--csv-safe writes an apostrophe before formulas, and is refused for other formats."""
    manner = Manner(is_csv_safe=True)
    destination("csv", None, None, manner=manner).write(results([("=1+1", -1)]), NEVER)
    assert "'=1+1,-1\n" in capsys.readouterr().out
    with pytest.raises(click.UsageError, match="for CSV"):
        destination("json", None, None, manner=manner)


def test_anonymised_rows_are_labelled(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--anonymise changes who is told, on stdout and in files, and says so; not in Parquet."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    manner = Manner(is_anonymised=True)
    path = tmp_path / "rows.csv"
    for output in (None, str(path)):
        destination("csv", output, None, manner=manner).write(results([("10.0.1.20", 7)]), NEVER)
    told = capsys.readouterr()
    changed = anonymiser().text("10.0.1.20")
    assert f"{changed},7\n" in told.out
    assert path.read_text() == told.out
    assert "are anonymised" in told.err
    with pytest.raises(click.UsageError, match="Parquet"):
        destination("parquet", str(path), None, manner=manner)


def test_rows_are_sorted_and_searched_as_on_the_screen(capsys: pytest.CaptureFixture[str]) -> None:
    """--sort and --contains do what s and the quick filter do; an unknown column is an error."""
    rows = [("10.0.0.9", 1), ("10.0.0.10", 3), ("192.0.2.1", 2)]
    manner = Manner(order=("-bytes",), contains="10.0")
    destination("csv", None, None, manner=manner).write(results(rows), NEVER)
    assert capsys.readouterr().out.splitlines()[1:] == ["10.0.0.10,3", "10.0.0.9,1"]
