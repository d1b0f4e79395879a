"""Rows as files of the person's: whole, in order, in every format, and never over another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flowtui.domain.executions import Refinement, SortKey
from flowtui.engines.columns import column
from flowtui.engines.results import ResultStore
from flowtui.engines.shelf import ResultShelf
from flowtui.errors import EngineError
from flowtui.session.anonymisekey import anonymiser
from flowtui.session.rowfile import (
    FORMATS,
    FileIsThereError,
    Manner,
    default_name,
    file_of,
    write_file,
)

DOWN = Refinement((SortKey("bytes", is_descending=True),), "10.")
ROWS = 2500


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ResultStore]:
    """Rows of a result, on the shelf of either engine."""
    (tmp_path / "shelf").mkdir()
    shelf = ResultShelf(tmp_path / "shelf")
    store = ResultStore(shelf, (column("srcaddr", "varchar"), column("bytes", "bigint")))
    store.append([("10.0.0.1" if n % 2 else "192.0.2.1", n) for n in range(ROWS)])
    store.finish()
    yield store
    shelf.close()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty directory."""
    place = tmp_path / "place"
    place.mkdir()
    return place


def _write(store: ResultStore, path: Path, is_over: bool = False) -> int:
    return write_file(store, path, DOWN, Manner(is_over=is_over), threading.Event(), lambda _: None)


@pytest.mark.parametrize("ending", [e for e in FORMATS if e != ".txt"])
def test_every_format_holds_the_rows_shown_in_their_order(
    store: ResultStore, place: Path, ending: str
) -> None:
    """DuckDB, or a look at the text, finds those the quick filter leaves, the largest first."""
    path = place / f"it's{ending}"
    assert _write(store, path) == ROWS // 2
    assert list(place.iterdir()) == [path]
    if ending == ".parquet":
        import pyarrow.parquet

        found = pyarrow.parquet.read_table(path).column("bytes").to_pylist()
        assert found == list(range(ROWS - 1, 0, -2))
    else:
        text = path.read_text()
        assert text.count("10.0.0.1") == ROWS // 2
        assert "192.0.2.1" not in text
        assert text.index("2499") < text.index("2497") < text.index("2495")


def test_a_file_is_never_replaced_unasked(store: ResultStore, place: Path) -> None:
    """It stays as it was, a link to nowhere too, until one says that it may go."""
    path = place / "rows.csv"
    path.write_text("dear")
    dangling = place / "link.csv"
    dangling.symlink_to(place / "nothing")
    for there in (path, dangling):
        with pytest.raises(FileIsThereError):
            _write(store, there)
    assert path.read_text() == "dear"
    assert dangling.is_symlink()
    assert _write(store, path, is_over=True) == ROWS // 2
    assert sorted(place.iterdir()) == [dangling, path]


def test_a_file_made_while_rows_were_written_is_kept(store: ResultStore, place: Path) -> None:
    """It is refused at the end too, and no other file is left."""
    path = place / "rows.csv"
    with pytest.raises(FileIsThereError):
        write_file(store, path, DOWN, Manner(), threading.Event(), lambda _: _made(path))
    assert path.read_text() == "theirs"
    assert list(place.iterdir()) == [path]


def _made(path: Path) -> None:
    path.write_text("theirs")


def test_what_is_stopped_leaves_no_file(store: ResultStore, place: Path) -> None:
    """Stopped after its first thousand rows."""
    cancelled = threading.Event()
    with pytest.raises(EngineError, match="cancelled"):
        write_file(store, place / "rows.csv", DOWN, Manner(), cancelled, lambda _: cancelled.set())
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("text", ["", "  ", "a\x1b.csv", "rows", "rows.exe", "no/rows.csv", "/"])
def test_what_names_no_file_is_told(
    text: str, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a message for the person."""
    monkeypatch.chdir(place)
    with pytest.raises(EngineError):
        file_of(text)


def test_names_are_made_of_query_and_time() -> None:
    """Nothing in them has to be quoted."""
    at = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)
    assert default_name("Top/ talkers", at) == "top-talkers-20261124T104200Z.csv"
    assert default_name("", at) == "rows-20261124T104200Z.csv"


def test_a_list_of_addresses_holds_each_once(store: ResultStore, place: Path) -> None:
    """`.txt` is the addresses of the rows, one a line."""
    _write(store, place / "rows.txt")
    assert (place / "rows.txt").read_text() == "10.0.0.1\n"


@pytest.mark.parametrize("ending", [e for e in FORMATS if e != ".parquet"])
def test_anonymised_rows_tell_nobody(
    store: ResultStore, place: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same rows in the same order, under other addresses; Parquet is refused."""
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    path, hidden = place / f"rows{ending}", Manner(is_anonymised=True)
    write_file(store, path, DOWN, hidden, threading.Event(), lambda _: None)
    other = anonymiser().text("10.0.0.1")
    assert other in path.read_text()
    assert "10.0.0.1" not in path.read_text().replace(other, "")
    with pytest.raises(EngineError, match="Parquet"):
        write_file(store, place / "x.parquet", DOWN, hidden, threading.Event(), lambda _: None)
