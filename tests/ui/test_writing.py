"""Writing the rows to a file by keyboard: named, whole, in order, and never over another."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from flowtui.domain.executions import Refinement
from flowtui.ui.screens.confirm import ConfirmScreen
from flowtui.ui.screens.write_form import WriteForm
from tests import scripted
from tests.ui.harness import PAIR_COLUMNS, PAIRS, Stage, stage


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current directory, empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def name(on: Stage, text: str) -> None:
    """Open the form and type a name in the place of the one it offers."""
    await on.press("w", "ctrl+u")
    await on.write(text)
    await on.press("enter")


async def test_enter_twice_writes_all_rows_under_a_name_of_query_and_time(place: Path) -> None:
    """The name offered is that of the query and the time; what was written is told."""
    async with stage(query="records", size=(120, 30)) as on:
        await on.press("w")
        assert "All 500 rows" in on.shown
        await on.press("enter")
        await on.until(lambda: "Wrote 500 rows" in on.note)
        written = place / "records-20261124T104200Z.csv"
        assert str(written) in on.note
        assert len(written.read_text().splitlines()) == 501
        assert list(place.iterdir()) == [written]


def csv_of(path: Path) -> list[str]:
    """First column."""
    return [line.split(",")[0] for line in path.read_text().splitlines()[1:]]


def json_of(path: Path) -> list[str]:
    """First column."""
    return [row["srcaddr"] for row in json.loads(path.read_text())]


def ndjson_of(path: Path) -> list[str]:
    """First column."""
    return [json.loads(line)["srcaddr"] for line in path.read_text().splitlines()]


@pytest.mark.parametrize(
    ("ending", "read"), [("csv", csv_of), ("json", json_of), ("ndjson", ndjson_of)]
)
async def test_rows_stand_in_the_order_shown(
    place: Path, ending: str, read: Callable[[Path], list[str]]
) -> None:
    """The ending says the format; the order is that of the table."""
    async with stage() as on:
        await on.press("s")
        await on.rows()
        await name(on, f"rows.{ending}")
        await on.until(lambda: "Wrote 3 rows" in on.note)
        assert read(place / f"rows.{ending}") == ["198.51.100.7", "203.0.113.9", "203.0.113.10"]


async def test_a_file_is_replaced_only_when_that_is_said(place: Path) -> None:
    """`n` leaves it as it was and lets another name be typed; `y` replaces it."""
    there = place / "mine.csv"
    there.write_text("dear")
    async with stage() as on:
        await name(on, "mine.csv")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("n")
        assert there.read_text() == "dear"
        await on.press("enter")
        await on.until(lambda: isinstance(on.app.screen, ConfirmScreen))
        await on.press("y")
        await on.until(lambda: "Wrote 3 rows" in on.note)
        assert len(csv_of(there)) == 3


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("rows.xls", "names no format"),
        ("nowhere/rows.csv", "no directory"),
        ("[b]x", "names no format"),
        ("..", "Name a file in it"),
        ("", "no name"),
    ],
)
async def test_a_name_that_will_not_do_can_be_mended(place: Path, typed: str, said: str) -> None:
    """What is wrong is told in the form, which stays; nothing is written."""
    async with stage() as on:
        await name(on, typed)
        await on.until(lambda: isinstance(on.app.screen, WriteForm) and said in on.shown)
        await on.press("escape")
        assert on.note == "Nothing was written."
        assert list(place.iterdir()) == []


@pytest.mark.parametrize("key", ["x", "escape"])
async def test_writing_can_be_stopped(
    place: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How far it is can be seen; stopped, no file is left, and the keys are back."""
    goes_on = threading.Event()
    export = scripted.ListResults.export

    def slow(
        self: scripted.ListResults,
        path: Path,
        format: str,
        refinement: Refinement,
        cancelled: threading.Event,
        on_rows: Callable[[int], None],
    ) -> int:
        on_rows(1000)
        goes_on.wait(10)
        return export(self, path, format, refinement, cancelled, on_rows)

    monkeypatch.setattr(scripted.ListResults, "export", slow)
    answer = scripted.Answer(PAIR_COLUMNS, PAIRS * 1000)
    async with stage(answer) as on:
        await name(on, "rows.csv")
        await on.until(lambda: "33% · 1 000 of 3 000 rows" in on.shown)
        await on.press(key)
        await on.until(lambda: "Stopping" in on.shown)
        goes_on.set()
        await on.until(lambda: on.note == "Nothing was written.")
        assert list(place.iterdir()) == []


async def test_the_quick_filter_holds_for_the_file_too(place: Path) -> None:
    """What is hidden is not written, and the form says so."""
    async with stage(query="records") as on:
        await on.press("backslash")
        await on.write("4012")
        await on.press("enter")
        await on.until(lambda: "10 of 500" in on.shown)
        await on.press("w")
        assert "only rows that hold “4012”, 10 rows" in on.shown
        await on.press("enter")
        await on.until(lambda: "Wrote 10 rows" in on.note)


async def test_marked_rows_are_offered_first_and_all_on_request(place: Path) -> None:
    """With marks the form writes those, in the order shown; unticked, all rows."""
    async with stage(query="records", size=(120, 30)) as on:
        await on.press("v", "j", "j", "v", "w")
        assert "Only the 2 marked rows" in on.shown
        await on.press("ctrl+u")
        await on.write("marked.tsv")
        await on.press("enter")
        await on.until(lambda: "Wrote 2 rows" in on.note)
        lines = (place / "marked.tsv").read_text().splitlines()
        assert [line.split("\t")[2] for line in lines] == ["srcport", "40000", "40002"]
        await on.press("w", "ctrl+u")
        await on.write("every.csv")
        await on.press("tab", "space", "shift+tab", "enter")
        await on.until(lambda: "Wrote 500 rows" in on.note)


async def test_switches_of_the_form_say_how(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tab and space choose; what is written is then free of formulas, and tells nobody."""
    monkeypatch.setenv("XDG_STATE_HOME", str(place / "state"))
    answer = scripted.Answer(PAIR_COLUMNS, (("203.0.113.9", "=1+1", -1, 0, "REJECT"),))
    async with stage(answer) as on:
        await on.press("w", "ctrl+u")
        await on.write("a.csv")
        await on.press("tab", "space", "shift+tab", "enter")
        await on.until(lambda: "Wrote 1 row" in on.note)
        assert (place / "a.csv").read_text().splitlines()[1] == "203.0.113.9,'=1+1,-1,0,REJECT"
        await on.press("w", "ctrl+u")
        await on.write("b.csv")
        await on.press("tab", "tab", "space", "tab", "enter")
        await on.until(lambda: "Wrote 1 row, anonymised, to" in on.note)
        assert "203.0.113.9" not in (place / "b.csv").read_text()


async def test_a_tick_can_be_seen_without_colours(place: Path) -> None:
    """A ticked box holds a mark, another one none."""
    async with stage() as on:
        await on.press("w")
        assert "▐ ▌ CSV without formulas" in on.shown
        await on.press("tab", "space")
        assert "▐X▌ CSV without formulas" in on.shown
        assert list(place.iterdir()) == []


async def test_the_form_says_which_rows_the_box_chooses(place: Path) -> None:
    """With the box ticked the marked ones, without it all; never both at once."""
    async with stage() as on:
        await on.press("v", "j", "v", "w")
        assert "2 marked rows, in the order shown" in on.shown
        assert "All 3 rows" not in on.shown
        await on.press("tab", "space")
        await on.until(lambda: "All 3 rows, in the order shown" in on.shown)
