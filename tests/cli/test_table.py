from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest

from flowtui.domain.executions import Cell, Column, Row
from flowtui.domain.fields import Kind
from flowtui.session.texttable import shown, write_table

ADDRESS = Column("srcaddr", "varchar", Kind.ADDRESS)
COUNT = Column("records", "bigint", Kind.COUNT)


def table(columns: tuple[Column, ...], *batches: list[Row]) -> str:
    """The table as printed."""
    out = StringIO()
    write_table(out, columns, batches)
    return out.getvalue()


def test_text_stands_left_and_numbers_right() -> None:
    """Columns are aligned, numbers on the right with thousands apart, without trailing blanks."""
    assert table((ADDRESS, COUNT), [("10.0.0.1", 5), ("2001:db8::1", 12345)]) == (
        "srcaddr      records\n───────────  ───────\n10.0.0.1           5\n2001:db8::1   12,345\n"
    )


def test_no_rows_still_show_the_columns() -> None:
    """An empty result has its heading."""
    assert table((ADDRESS, COUNT)) == "srcaddr  records\n───────  ───────\n"


def test_a_later_batch_may_widen_a_column() -> None:
    """Nothing is cut because an earlier batch was narrow."""
    printed = table((ADDRESS,), [("10.0.0.1",)], [("2001:db8::1",)])
    assert printed.splitlines()[-1] == "2001:db8::1"


@pytest.mark.parametrize(
    ("cell", "column", "text"),
    [
        (None, ADDRESS, "-"),
        ("", ADDRESS, ""),
        (6, Column("protocol", "int", Kind.PROTOCOL), "TCP"),
        (250, Column("protocol", "int", Kind.PROTOCOL), "250"),
        (1764000000, Column("start", "bigint", Kind.TIME), "2025-11-24 16:00:00Z"),
        (10**18, Column("start", "bigint", Kind.TIME), "1000000000000000000"),
        (50000, Column("srcport", "int", Kind.PORT), "50000"),
        (-5, COUNT, "-5"),
        (2**63, COUNT, "9,223,372,036,854,775,808"),
        (True, Column("ok", "boolean"), "true"),
        (0.125, Column("share", "double"), "0.125"),
        (float("nan"), Column("share", "double"), "nan"),
        (float("inf"), Column("share", "double"), "inf"),
        (Decimal("1.10"), Column("cost", "decimal"), "1.10"),
        (datetime(2026, 11, 24, 10, tzinfo=UTC), Column("t", "timestamp"), "2026-11-24 10:00:00Z"),
        ("\x1b[31mred\x07", ADDRESS, r"\x1b[31mred\x07"),
        ("a\nb\tc", ADDRESS, "a b c"),
        ("[bold]x[/]", ADDRESS, "[bold]x[/]"),
        ("x" * 100, ADDRESS, "x" * 59 + "…"),
    ],
)
def test_a_value_reads_as_a_person_expects(cell: Cell, column: Column, text: str) -> None:
    """Every type, however absurd its value, becomes one harmless line."""
    assert shown(cell, column) == text


def test_wide_characters_keep_the_columns_straight() -> None:
    """East Asian text takes two cells, combining marks none."""
    printed = table((Column("tag", "varchar"), COUNT), [("日本", 1), ("e\u0301", 2), ("abcd", 3)])
    assert printed.splitlines()[2:] == ["日本        1", "e\u0301           2", "abcd        3"]
