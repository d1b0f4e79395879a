from __future__ import annotations

import ipaddress
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flowtui.domain.executions import Column, Refinement, Row, SortKey
from flowtui.engines.columns import column
from flowtui.engines.export import ExportCancelledError
from flowtui.engines.results import HEAD_ROWS, ResultStore
from flowtui.engines.shelf import ResultShelf
from flowtui.errors import EngineError

COLUMNS = (column("srcaddr", "varchar"), column("bytes", "bigint"))
AS_GIVEN = Refinement()


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[ResultShelf]:
    """A shelf whose file is made when it is needed."""
    shelf = ResultShelf(tmp_path)
    yield shelf
    shelf.close()


@pytest.fixture(scope="module")
def open_shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ResultShelf]:
    """A shelf for tests with many examples: opening one takes longer than an example."""
    shelf = ResultShelf(tmp_path_factory.mktemp("shelf"))
    yield shelf
    shelf.close()


def _store(
    shelf: ResultShelf, rows: list[Row], columns: tuple[Column, ...] = COLUMNS
) -> ResultStore:
    store = ResultStore(shelf, columns)
    store.append(rows)
    store.finish()
    return store


def _all(store: ResultStore, refinement: Refinement = AS_GIVEN) -> list[Row]:
    total = store.page(0, 1, refinement).total_rows
    return list(store.page(0, total, refinement).rows)


def test_a_short_result_never_touches_the_disk(shelf: ResultShelf, tmp_path: Path) -> None:
    """Up to a thousand rows are paged from memory."""
    store = _store(shelf, [("10.0.0.1", n) for n in range(HEAD_ROWS)])
    assert store.page(990, 100).rows == tuple(("10.0.0.1", n) for n in range(990, HEAD_ROWS))
    assert list(tmp_path.iterdir()) == []


def test_pages_join_up_over_memory_and_disk(shelf: ResultShelf) -> None:
    """Whatever the page size and however the rows came, each row stands once, in engine order."""
    rows: list[Row] = [(f"10.0.{n // 256}.{n % 256}", n) for n in range(2500)]
    store = ResultStore(shelf, COLUMNS)
    for first in range(0, 1500, 500):
        store.append(rows[first : first + 500])
    batch = pyarrow.table(
        [[row[0] for row in rows[1500:]], [row[1] for row in rows[1500:]]], names=["x", "x"]
    )
    store.append_arrow(batch)
    store.finish()
    for size in (1, 7, 999, 1000, 1001, 5000):
        offsets = range(0, 2500, size) if size > 1 else (0, 999, 1000, 2499)
        for offset in offsets:
            page = store.page(offset, size)
            assert list(page.rows) == rows[offset : offset + size]
            assert (page.offset, page.total_rows, page.is_complete) == (offset, 2500, True)


def test_a_result_put_away_reads_the_same(shelf: ResultShelf, tmp_path: Path) -> None:
    """Moved to the disk to spare memory, nothing about it changes."""
    rows: list[Row] = [("10.0.0.1", n) for n in range(10)]
    store = _store(shelf, rows)
    store.put_away()
    store.put_away()
    assert store.page(0, 100).rows == tuple(rows)
    assert store.export(tmp_path / "rows", "csv") == 10
    empty = _store(shelf, [])
    empty.put_away()
    assert empty.page(0, 5).rows == ()


def test_a_page_outside_is_empty_and_knows_the_columns(shelf: ResultShelf) -> None:
    """Beyond the end, before the beginning, and without any row."""
    store = _store(shelf, [("10.0.0.1", 1)])
    assert store.page(5, 10).rows == ()
    assert store.page(-5, 3).rows == ()
    empty = _store(shelf, [])
    page = empty.page(0, 10, Refinement((SortKey("bytes"),), "x"))
    assert (page.columns, page.rows, page.total_rows) == (COLUMNS, (), 0)
    assert empty.find("x", 0) is None
    assert empty.top_values("bytes", 5) == []


def test_rows_can_be_read_while_they_arrive(shelf: ResultShelf) -> None:
    """Sorting what is there shows it as unfinished, and takes in what comes later."""
    store = ResultStore(shelf, COLUMNS)
    store.append([("10.0.0.2", 2), ("10.0.0.1", 1)])
    up = Refinement((SortKey("bytes"),))
    assert store.page(0, 9, up).rows == (("10.0.0.1", 1), ("10.0.0.2", 2))
    assert not store.page(0, 9, up).is_complete
    store.append([("10.0.0.0", 0)] * 1500)
    store.finish()
    page = store.page(1499, 9, up)
    assert page.rows == (("10.0.0.0", 0), ("10.0.0.1", 1), ("10.0.0.2", 2))
    assert (page.total_rows, page.is_complete) == (1502, True)


ADDRESSES = st.one_of(
    st.ip_addresses(v=4).map(str),
    st.ip_addresses(v=6).map(str),
    st.ip_addresses(v=4).map(lambda a: f"::ffff:{a}"),
    st.sampled_from(["::", "::1", "1::", "64:ff9b::1.2.3.4", "2001:DB8::1"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.none() | ADDRESSES, max_size=30), st.booleans())
def test_addresses_sort_as_addresses(
    open_shelf: ResultShelf, texts: list[str | None], is_descending: bool
) -> None:
    """IPv4 before IPv6, each by value, as Python's ipaddress has it; NULL last either way."""
    store = _store(open_shelf, [(text, n) for n, text in enumerate(texts)])
    found = [row[0] for row in _all(store, Refinement((SortKey("srcaddr", is_descending),)))]

    def value(text: str) -> tuple[int, int]:
        address = ipaddress.ip_address(text)
        return address.version, int(address)

    present = [value(text) for text in texts if text is not None]
    shown = [value(str(text)) for text in found[: len(present)]]
    assert shown == sorted(present, reverse=is_descending)
    assert found[len(present) :] == [None] * (len(texts) - len(present))


def test_what_is_no_address_sorts_without_failing(shelf: ResultShelf) -> None:
    """Hostile text in an address column neither fails nor disappears."""
    texts = [
        "10.0.0.1",
        "x",
        "",
        "1.2.3",
        "999.1.1.1",
        "a:b:c",
        ":::::::::",
        "1.2.3.4.5",
        "9.0.0.0",
    ]
    store = _store(shelf, [(text, 0) for text in texts])
    for is_descending in (False, True):
        found = _all(store, Refinement((SortKey("srcaddr", is_descending),)))
        assert Counter(row[0] for row in found) == Counter(texts)


NUMBERS = st.none() | st.integers(-(2**70), 2**70)


def _holds(row: Row, text: str) -> bool:
    return any(cell is not None and text.lower() in str(cell).lower() for cell in row)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.none() | st.sampled_from("abcAB"), NUMBERS), max_size=40),
    st.lists(st.tuples(st.sampled_from(["name", "n"]), st.booleans()), min_size=1, max_size=2),
    st.sampled_from(["", "a", "B", "1", "-"]),
)
def test_refining_equals_sorting_and_filtering_in_python(
    open_shelf: ResultShelf, rows: list[Row], keys: list[tuple[str, bool]], text: str
) -> None:
    """Any order and any quick filter: numbers as numbers, NULL last, equal rows as they came."""
    columns = (column("name", "varchar"), column("n", "bigint"))
    order = tuple(SortKey(name, is_descending) for name, is_descending in keys)
    store = _store(open_shelf, rows, columns)
    refinement = Refinement(order, text)
    found = _all(store, refinement)
    hits = [store.find("A", start, False, refinement) for start in range(len(found))]
    back = [store.find("A", start, True, refinement) for start in range(len(found))]
    top = store.top_values("name", 3, refinement)

    expected = [row for row in rows if not text or _holds(row, text)]
    for key in reversed(order):
        index = ("name", "n").index(key.column)
        some = [row for row in expected if row[index] is not None]
        none = [row for row in expected if row[index] is None]
        expected = sorted(some, key=lambda r: r[index], reverse=key.is_descending) + none  # type: ignore[arg-type, return-value]
    assert found == expected
    holds = [n for n, row in enumerate(expected) if row[0] and "a" in str(row[0]).lower()]
    assert hits == [next((n for n in holds if n >= s), None) for s in range(len(expected))]
    assert back == [
        next((n for n in reversed(holds) if n <= s), None) for s in range(len(expected))
    ]
    counts = Counter(row[0] for row in expected)
    assert [n for _, n in top] == [n for _, n in counts.most_common(3)]
    assert all(counts[value] == n for value, n in top)


def test_searching_reaches_far_rows_in_both_directions(shelf: ResultShelf) -> None:
    """Beyond the first window, given and sorted, forward and back."""
    rows: list[Row] = [(f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", n) for n in range(70_000)]
    store = _store(shelf, rows)
    down = Refinement((SortKey("bytes", True),))
    assert store.find("10.1.17.111", 0) == 69_999
    assert store.find("10.0.0.0", 69_999, is_backward=True) == 0
    assert store.find("10.1.17.111", 69_999, is_backward=True, refinement=down) == 0
    assert store.find("10.0.0.0", 0, refinement=down) == 69_999
    assert store.find("nowhere", 0) is None


@pytest.mark.parametrize("text", ["%", "_", "'", "\x1f", "\\", "(", "$text", ";DROP TABLE t1"])
def test_a_search_text_is_only_text(shelf: ResultShelf, text: str) -> None:
    """No wildcard, pattern or quote means anything."""
    store = _store(shelf, [("10.0.0.1", 1), (f"a{text}b", 2)])
    assert store.find(text, 0) == 1
    assert store.page(0, 9, Refinement(contains=text)).rows == ((f"a{text}b", 2),)


def test_values_come_back_as_cells(shelf: ResultShelf) -> None:
    """Times are aware and in UTC, dates text, wide sums integers; also from the disk."""
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    columns = tuple(
        column(f"c{n}", type)
        for n, type in enumerate(
            ("timestamp", "timestamp with time zone", "bigint", "decimal", "double", "boolean",
             "date")
        )
    )  # fmt: skip
    given: Row = (noon.replace(tzinfo=None), noon, 2**80, Decimal("1.5"), 0.1, True, "2026-11-24")
    expected = (noon, noon, 2**80, Decimal("1.5"), 0.1, True, "2026-11-24")
    store = _store(shelf, [given], columns)
    assert store.page(0, 1).rows == (expected,)
    stored = store.page(0, 1, Refinement((SortKey("c0"),))).rows
    assert stored == (expected,)
    assert store.top_values("c1", 1) == [(noon, 1)]
    for row in (store.page(0, 1).rows[0], stored[0]):
        assert all(cell.tzinfo is UTC for cell in row if isinstance(cell, datetime))


def test_a_column_that_is_not_there_is_named(shelf: ResultShelf) -> None:
    """Sorting by a column of another view says which columns there are."""
    store = _store(shelf, [("10.0.0.1", 1)])
    with pytest.raises(EngineError, match="Columns: srcaddr, bytes"):
        store.page(0, 1, Refinement((SortKey("dstaddr"),)))


def test_many_orders_are_made_and_forgotten(shelf: ResultShelf) -> None:
    """Orders beyond those kept are made anew when they are wanted again."""
    store = _store(shelf, [(f"10.0.0.{n}", n) for n in range(20)])
    for _ in range(2):
        for n in range(20):
            page = store.page(0, 1, Refinement(contains=f"10.0.0.{n}"))
            assert page.rows[0] == (f"10.0.0.{n}" if n not in (1,) else "10.0.0.1", n)
    with shelf.cursor() as cursor:
        tables = cursor.execute("SELECT count(*) FROM duckdb_tables()").fetchall()
    assert tables[0][0] <= 10


def test_an_order_that_needs_more_memory_gets_it(shelf: ResultShelf) -> None:
    """Sorting more than fits the usual bounds succeeds, and in the right order."""
    columns = tuple(column(f"c{n}", "varchar") for n in range(2))
    store = ResultStore(shelf, columns)
    count, size = 300_000, 50_000
    for first in range(0, count, size):
        numbers = [f"{n * 7919 % count:0100d}" for n in range(first, first + size)]
        store.append_arrow(pyarrow.table([numbers, numbers], names=["a", "b"]))
    store.finish()
    with shelf.cursor() as cursor:
        cursor.execute("SET GLOBAL memory_limit = '8MB'")
    down = Refinement((SortKey("c1", True), SortKey("c0")))
    assert store.page(0, 1, down).rows == ((f"{count - 1:0100d}",) * 2,)
    assert store.page(count - 1, 1, down).rows == ((f"{0:0100d}",) * 2,)


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_exports_hold_all_rows_in_the_refined_order(
    shelf: ResultShelf, tmp_path: Path, format: str
) -> None:
    """Every row once, as sorted; the parquet file has numbers as numbers and both names."""
    columns = (column("bytes", "bigint"), column("bytes", "bigint"))
    store = _store(shelf, [(n % 1000, n) for n in range(3000)], columns)
    path = tmp_path / "rows"
    down = Refinement((SortKey("bytes", True),))
    assert store.export(path, format, down) == 3000
    if format == "csv":
        lines = path.read_text().splitlines()
        assert (lines[0], lines[1], lines[-1]) == ("bytes,bytes", "999,999", "0,2000")
    else:
        table = pyarrow.parquet.read_table(path)
        assert table.column_names == ["bytes", "bytes_2"]
        assert [str(type) for type in table.schema.types] == ["int64", "int64"]
        assert table["bytes_2"].to_pylist() == [
            n for _, n in sorted((-(n % 1000), n) for n in range(3000))
        ]


def test_parquet_keeps_sums_beyond_64_bits(shelf: ResultShelf, tmp_path: Path) -> None:
    """One wide number makes the column a decimal; nothing is cut."""
    store = _store(shelf, [("10.0.0.1", 2**70), (None, None)])
    assert store.export(tmp_path / "rows", "parquet") == 2
    values = pyarrow.parquet.read_table(tmp_path / "rows")["bytes"].to_pylist()
    assert values == [Decimal(2**70), None]


def test_an_export_waits_for_rows_that_are_still_arriving(
    shelf: ResultShelf, tmp_path: Path
) -> None:
    """All rows means all; and waiting can be given up."""
    store = ResultStore(shelf, COLUMNS)
    store.append([("10.0.0.1", 1)])
    given_up = threading.Event()
    given_up.set()
    with pytest.raises(ExportCancelledError):
        store.export(tmp_path / "rows", "csv", cancelled=given_up)
    written: list[int] = []
    thread = threading.Thread(target=lambda: written.append(store.export(tmp_path / "rows", "csv")))
    thread.start()
    store.append([("10.0.0.2", 2)])
    store.finish()
    thread.join()
    assert written == [2]


def test_readers_and_a_writer_do_not_disturb_each_other(shelf: ResultShelf) -> None:
    """Pages, orders and searches from several threads while rows arrive are never torn."""
    store = ResultStore(shelf, COLUMNS)
    failures: list[Any] = []

    def read(refinement: Refinement) -> None:
        try:
            while not store.is_complete:
                page = store.page(0, 5000, refinement)
                numbers = [row[1] for row in page.rows]
                if set(numbers) != set(range(len(numbers))):
                    failures.append(numbers)
        except Exception as error:  # noqa: BLE001 the main thread tells
            failures.append(error)

    orders = (Refinement(), Refinement((SortKey("srcaddr"),)), Refinement((SortKey("bytes"),)))
    threads = [threading.Thread(target=read, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for first in range(0, 4000, 400):
        store.append([("10.0.0.1", n) for n in range(first, first + 400)])
    store.finish()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_closed_shelf_says_so(tmp_path: Path) -> None:
    """A page asked for after the source was closed is an error of ours."""
    shelf = ResultShelf(tmp_path)
    store = _store(shelf, [("10.0.0.1", n) for n in range(1001)])
    shelf.close()
    with pytest.raises(EngineError, match="closed"):
        store.page(0, 1)


@pytest.mark.parametrize("is_arrow", [False, True], ids=["rows", "arrow"])
def test_times_beyond_the_calendar_are_kept_as_text(shelf: ResultShelf, is_arrow: bool) -> None:
    """Milliseconds read as seconds lie in the year 58867: no reason to lose the result."""
    far, near = "+58867-03-16 00:00:00.000 UTC", "2026-11-24 10:00:00.000 UTC"
    store = ResultStore(shelf, (column("t", "timestamp with time zone"),))
    first = datetime(2026, 11, 24, 9, tzinfo=UTC)
    store.append([(first,)])
    if is_arrow:
        store.append_arrow(pyarrow.table({"t": [far, near, None]}))
    else:
        store.append([(far,), (datetime(2026, 11, 24, 10, tzinfo=UTC),), (None,)])
    store.finish()
    rows = _all(store, Refinement(order=(SortKey("t"),)))
    assert [str(row[0])[:13] for row in rows[1:]] == ["2026-11-24 09", "2026-11-24 10", "None"]
    assert rows[0] == (far,)


def test_values_are_weighed_by_another_column(shelf: ResultShelf) -> None:
    """Sums in place of rows, the largest first; NULL adds nothing, absurd numbers fit."""
    rows: list[Row] = [("a", 5), ("b", 2**62), ("b", 2**62), ("a", None), ("c", 1), (None, 7)]
    store = _store(shelf, rows, (column("name", "varchar"), column("n", "bigint")))
    assert store.top_values("name", 3, measure="n") == [("b", 2**63), (None, 7), ("a", 5)]
    assert store.total("n") == 2**63 + 13
    assert store.total("n", Refinement(contains="a")) == 5
    assert store.total("name") == 0
    assert _store(shelf, [], COLUMNS).total("bytes") == 0
