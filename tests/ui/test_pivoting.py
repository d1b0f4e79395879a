"""`=` and `!`: an address widens step by step, what is said more sharply replaces what was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from flowtui.domain.executions import Column, Statement
from flowtui.domain.fields import Kind
from flowtui.domain.queries import SavedQuery
from tests.scripted import Answer
from tests.ui.harness import RECORD_COLUMNS, RECORDS, library_of, stage, usual


def records_from(address: str) -> Answer:
    """Records whose source is one address."""
    return Answer(RECORD_COLUMNS, tuple((address, *row[1:]) for row in RECORDS[:20]))


@pytest.mark.parametrize(("key", "sign", "word"), [("=", "", "Only"), ("!", "-", "Without")])
@pytest.mark.parametrize(
    ("address", "ladder"),
    [
        ("203.0.113.9", ["203.0.113.9", "203.0.113.0/24", "203.0.0.0/16", "203.0.113.9"]),
        ("2001:db8::9", ["2001:db8::9", "2001:db8::/64", "2001:db8::/48", "2001:db8::9"]),
    ],
)
async def test_the_same_key_again_widens_an_address(
    address: str, ladder: list[str], key: str, sign: str, word: str
) -> None:
    """One condition, wider at each press, then the address again; each step can be undone."""
    async with stage(records_from(address), query="records") as on:
        for step in ladder:
            await on.press(key)
            await on.rows()
            assert on.filter_line == f"{sign}srcaddr:{step}"
        assert on.note == f"{word} srcaddr:{address}: the address alone again."
        await on.press("u")
        await on.rows()
        assert on.filter_line == f"{sign}srcaddr:{ladder[2]}"


async def test_widening_goes_on_where_other_addresses_came_in() -> None:
    """After the /24 the first row may be a neighbour: with the cursor left there, = widens on."""

    def script(statement: Statement) -> Answer:
        is_wide = "203.0.113.0/24" in statement.sql
        return records_from("203.0.113.77" if is_wide else "203.0.113.9")

    async with stage(script, query="records") as on:
        for _ in range(3):
            await on.press("=")
            await on.rows()
        assert on.filter_line == "srcaddr:203.0.0.0/16"


async def test_another_address_of_the_network_is_meant_by_itself() -> None:
    """A row further down that lies in the /24: = keeps only that one, in the same chip."""
    rows = tuple((f"203.0.113.{9 + i}", *row[1:]) for i, row in enumerate(RECORDS[:20]))
    async with stage(Answer(RECORD_COLUMNS, rows), query="records") as on:
        for _ in range(2):
            await on.press("=")
            await on.rows()
        await on.press("j", "j", "=")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.11"


async def test_a_network_that_was_typed_is_narrowed_not_widened() -> None:
    """Only what the key itself made is widened; the typed one gives way to the sharper."""
    async with stage(query="records", filter_line="srcaddr:203.0.113.0/24 protocol:tcp") as on:
        await on.press("=")
        await on.rows()
        assert on.filter_line == "srcaddr:203.0.113.9 protocol:tcp"


async def test_leaving_out_more_values_makes_one_chip() -> None:
    """`!` on one row after the other: a list, and no second condition."""
    async with stage() as on:
        await on.press("!")
        await on.rows()
        await on.press("j", "!")
        await on.rows()
        assert on.filter_line == "-srcaddr:203.0.113.9,198.51.100.7"


async def test_a_slot_of_time_narrows_the_range() -> None:
    """A bucket keeps its time; it cannot be left out, and that is said."""
    slots = SavedQuery(
        "slots", "Slots", "SELECT bucket(start, 60) AS slot, count(*) AS n FROM flows GROUP BY 1"
    )
    start = int(datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp())
    columns = (Column("slot", "bigint", Kind.TIME), Column("n", "bigint", Kind.COUNT))
    answer = Answer(columns, ((start, 5), (start + 60, 7)))
    async with stage(answer, query="slots", library=library_of(slots)) as on:
        await on.press("!")
        assert "cannot be left out" in on.note
        await on.press("j", "=")
        await on.until(lambda: "from:2026-11-23T10:01Z" in on.filter_line)


async def test_text_that_is_no_address_is_never_widened() -> None:
    """What a broken log holds in place of an address is kept as text, hostile or not."""
    hostile = "[red]x\x1b[31m"
    async with stage(replace(records_from(hostile)), query="records") as on:
        await on.press("=")
        await on.rows()
        assert on.filter_line.startswith('srcaddr:"[red]x')
        await on.press("=")
        assert "already" in on.note
        assert "\x1b" not in on.shown


async def test_a_pair_row_widens_on_the_aggregate_too() -> None:
    """Under a query that groups, the chip widens as well, whatever the rows are."""
    async with stage(usual) as on:
        await on.press("l", "=")
        await on.rows()
        await on.press("=")
        await on.rows()
        assert on.filter_line == "dstaddr:10.0.1.0/24"


@pytest.mark.parametrize(("key", "sign"), [("=", ""), ("!", "-")])
async def test_marked_rows_make_one_condition(key: str, sign: str) -> None:
    """The values of the cursor's column in all marked rows, each once, also of rows not held."""
    rows = tuple(
        (*row[:3], (22, 443)[i % 2] if i < 490 else 53, *row[4:]) for i, row in enumerate(RECORDS)
    )
    async with stage(Answer(RECORD_COLUMNS, rows), query="records") as on:
        await on.press("l", "l", "l", "v", "j", "v", "G", "v", key)
        await on.until(lambda: on.filter_line)
        await on.rows()
        assert on.filter_line.startswith(f"{sign}dstport:")
        assert set(on.filter_line.rpartition(":")[2].split(",")) == {"22", "443", "53"}


async def test_marked_slots_side_by_side_make_one_time() -> None:
    """From the first to the last; with a gap between them it is said that one range is all."""
    slots = SavedQuery(
        "slots", "Slots", "SELECT bucket(start, 60) AS slot, count(*) AS n FROM flows GROUP BY 1"
    )
    start = int(datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp())
    columns = (Column("slot", "bigint", Kind.TIME), Column("n", "bigint", Kind.COUNT))
    answer = Answer(columns, tuple((start + 60 * i, 5) for i in range(4)))
    async with stage(answer, query="slots", library=library_of(slots)) as on:
        await on.press("v", "j", "j", "v", "=")
        await on.until(lambda: "side by side" in on.note)
        await on.press("k", "v", "=")
        await on.until(lambda: on.filter_line)
        assert on.filter_line == "from:2026-11-23T10:00Z to:2026-11-23T10:03Z"


async def test_too_many_marked_values_are_refused() -> None:
    """A condition of thousands of values is no SQL that runs; it is said, and nothing is asked."""
    rows = tuple((*row[:2], i, *row[3:]) for i, row in enumerate(RECORDS * 2))
    async with stage(Answer(RECORD_COLUMNS, rows), query="records") as on:
        runs = len(on.engine.submitted)
        await on.press("l", "l", "*", "=")
        await on.until(lambda: "more than 500" in on.note)
        assert len(on.engine.submitted) == runs


async def test_marks_stay_with_their_rows_when_a_sort_is_undone() -> None:
    """Marked after sorting, still marked in the order before."""
    async with stage() as on:
        await on.press("s")
        await on.rows()
        await on.press("v", "u")
        await on.until(lambda: on.screen.table.marks == (range(1, 2),))
        assert on.screen.table.row_at(1) == ("198.51.100.7", "10.0.1.21", 300, 12_000, "REJECT")
