from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from flowtui.domain.executions import Cell, Column
from flowtui.domain.fields import Kind
from flowtui.session.copytext import cell_text
from flowtui.ui.cells import CellText, is_right_aligned, least_width, row_texts, text
from flowtui.ui.safe import clipped, harmless

BERLIN_WINTER = timezone(timedelta(hours=1))
NOON = datetime(2026, 11, 24, 12, 0, 5, 999_999, tzinfo=UTC)
COLUMN = {
    kind: Column("x", "bigint" if kind and kind.is_number else "varchar", kind)
    for kind in (None, *Kind)
}


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.COUNT, 1204, "1 204"),
        (Kind.COUNT, 1_234_567, "1 234 567"),
        (Kind.COUNT, -1204, "-1 204"),
        (Kind.COUNT, "1204", "1 204"),
        (Kind.COUNT, 12.5, "12.50"),
        (Kind.BYTES, 0, "0 B"),
        (Kind.BYTES, 999, "999 B"),
        (Kind.BYTES, 48_213, "48.2 kB"),
        (Kind.BYTES, 999_999, "1.0 MB"),
        (Kind.BYTES, 48_213.4, "48.2 kB"),
        (Kind.BYTES, Decimal("1.5e12"), "1.5 TB"),
        (Kind.TIME, 1_764_000_000, "11-24 16:00:00"),
        (Kind.TIME, 10**18, "1000000000000000000"),
        (Kind.TIME, -1, "12-31 23:59:59"),
        (None, NOON, "11-24 12:00:05"),
        (Kind.PROTOCOL, 6, "tcp"),
        (Kind.PROTOCOL, 58, "icmpv6"),
        (Kind.PROTOCOL, 254, "254"),
        (Kind.PROTOCOL, "17", "udp"),
        (Kind.FLAGS, 18, "SA"),
        (Kind.FLAGS, 0, "."),
        (Kind.FLAGS, 9999, "9999"),
        (Kind.PATH, 8, "internet gateway"),
        (Kind.PATH, 99, "99"),
        (Kind.ENCRYPTION, 1, "encrypted by Nitro"),
        (Kind.PORT, 49_152, "49152"),
        (Kind.PORT, "-", "-"),
        (Kind.INTEGER, 2026, "2026"),
        (Kind.ADDRESS, "2001:db8::1", "2001:db8::1"),
        (Kind.TEXT, "000000000001", "000000000001"),
        (None, 1204, "1 204"),
        (None, True, "true"),
        (None, 0.0, "0.00"),
        (None, 0.5, "0.50"),
        (None, 0.00012, "0.00012"),
        (None, 12_345.678, "12 345.68"),
        (None, float("nan"), "nan"),
        (None, Decimal("sNaN"), "sNaN"),
        (None, Decimal("1E+999999"), "1e+999999"),
        (Kind.BYTES, float("inf"), "inf"),
        (Kind.ACTION, "ACCEPT", "ACCEPT"),
    ],
)
def test_shown(kind: Kind | None, value: Cell, shown: str) -> None:
    """Each kind of value reads as its table says."""
    assert text(COLUMN[kind], value, UTC).text == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.PROTOCOL, 6, "6"),
        (Kind.FLAGS, 18, "18"),
        (Kind.PATH, 8, "8"),
        (Kind.ENCRYPTION, 1, "1"),
        (Kind.BYTES, 48_213, "48 213"),
        (Kind.TIME, 1_764_000_000, "11-24 16:00:00"),
    ],
)
def test_raw(kind: Kind, value: Cell, shown: str) -> None:
    """Raw shows codes and exact figures; times stay times."""
    assert text(COLUMN[kind], value, UTC, raw=True) == CellText(shown)


@pytest.mark.parametrize(
    ("kind", "value", "style", "note"),
    [
        (Kind.ACTION, "ACCEPT", "accept", ""),
        (Kind.ACTION, "REJECT", "reject", ""),
        (Kind.STATUS, "SKIPDATA", "warning", ""),
        (Kind.STATUS, "OK", "", ""),
        (Kind.BYTES, None, "null", ""),
        (Kind.PORT, 443, "", "https"),
        (Kind.PORT, 49_152, "", ""),
    ],
)
def test_style_and_note(kind: Kind, value: Cell, style: str, note: str) -> None:
    """What must be seen at a glance has a style, and a known port its service."""
    assert text(COLUMN[kind], value, UTC)[1:] == (style, note)


@pytest.mark.parametrize(
    ("protocol", "port"), [(1, ""), (58, ""), ("1", ""), (6, "0"), (None, "0")]
)
def test_icmp_has_no_ports(protocol: Cell, port: str) -> None:
    """ICMP rows show no port, in any order of columns; raw shows what the log holds."""
    columns = COLUMN[Kind.PORT], COLUMN[Kind.PROTOCOL]
    assert row_texts(columns, (0, protocol), UTC)[0].text == port
    assert row_texts(columns, (0, protocol), UTC, raw=True)[0].text == "0"


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("plain [bold]text[/]", "plain [bold]text[/]"),
        ("\x1b[31m", "␛[31m"),
        ("a\tb\nc\r\x00\x7f", "a␉b␊c␍␀␡"),
        ("\x9b31m", "�31m"),
        ("a\u202eb\u2066c\u200bd\u2028e", "a�b�c�d�e"),
        ("e\u0301", "é"),
        ("q\u0301", "q�"),
        ("漢字", "漢字"),
        ("\ud800", "�"),
        ("x" * 1_000_000, "x" * 200 + "…"),
    ],
)
def test_harmless(given_text: str, shown: str) -> None:
    """Whatever could act on the terminal is shown as what it is, or as a placeholder."""
    assert harmless(given_text) == shown


@pytest.mark.parametrize(
    ("value", "width", "shown"),
    [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("漢字", 4, "漢字"), ("漢字", 3, "漢…"),
     ("漢字", 2, " …"), ("ab", 1, "…"), ("ab", 0, ""), ("", 0, "")],
)  # fmt: skip
def test_clipped(value: str, width: int, shown: str) -> None:
    """A text that is too wide ends in `…` and is never wider than its place."""
    assert clipped(value, width) == shown


@pytest.mark.parametrize(
    ("kind", "value", "copied"),
    [
        (Kind.BYTES, 48_213, "48213"),
        (Kind.PROTOCOL, 6, "6"),
        (Kind.COUNT, 1_234_567, "1234567"),
        (Kind.TIME, 1_764_000_000, "2025-11-24T16:00:00Z"),
        (Kind.TIME, 10**18, "1000000000000000000"),
        (None, NOON, "2026-11-24T12:00:05.999999Z"),
        (None, True, "true"),
        (None, None, ""),
        (None, Decimal("1.10"), "1.10"),
        (Kind.TEXT, "a\tb\r\n\x1b]52;c;x\x07\u202e\x9b",
         "a b \\x1b]52;c;x\\x07\\u202e\\x9b"),
        (Kind.TEXT, "漢字 é \ud800", "漢字 é \\ud800"),
        (Kind.TEXT, "C:\\new", "C:\\new"),
    ],
)  # fmt: skip
def test_copied(kind: Kind | None, value: Cell, copied: str) -> None:
    """Copies are exact, and hold nothing that acts on the terminal they are pasted in."""
    assert cell_text(value, COLUMN[kind]) == copied


@pytest.mark.parametrize("zone", [timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))])
@pytest.mark.parametrize(
    "instant", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]
)
def test_ends_of_time(instant: datetime, zone: tzinfo) -> None:
    """The first and last instants that can be written are shown and copied in any zone."""
    assert text(COLUMN[None], instant, zone).text
    assert cell_text(instant, COLUMN[None])


def test_alignment() -> None:
    """Figures stand on the right; codes, times and words on the left."""
    right = {kind for kind in Kind if is_right_aligned(COLUMN[kind])}
    assert right == {Kind.COUNT, Kind.BYTES, Kind.PORT, Kind.INTEGER}
    assert is_right_aligned(Column("cnt", "bigint"))
    assert is_right_aligned(Column("share", "decimal(10,2)"))
    assert not is_right_aligned(Column("name", "varchar"))


CELLS = st.one_of(
    st.text(st.characters()),
    st.integers(),
    st.integers().map(lambda n: n * 10**5000),
    st.floats(),
    st.booleans(),
    st.none(),
    st.decimals(),
    st.datetimes(timezones=st.just(UTC)),
)


@given(st.sampled_from([None, *Kind]), CELLS, st.booleans())
def test_never_fails(kind: Kind | None, value: Cell, raw: bool) -> None:
    """Any value under any kind can be shown and copied, on one line and without control."""
    shown = text(COLUMN[kind], value, UTC, raw)
    copied = cell_text(value, COLUMN[kind])
    assert not any(category(character) in ("Cc", "Cs") for character in copied)
    assert len(copied.splitlines()) <= 1
    for line in (shown.text, shown.note):
        assert all(character.isprintable() or character.isspace() for character in line)
        assert len(line.splitlines()) <= 1
        assert "\t" not in line
    assert cell_len(shown.text) >= len(shown.text) > -1
    assert sys.getsizeof(shown.text) < 2000


@given(st.integers(0, 10**12), st.integers(0, 999))
def test_widths_reserved(count: int, time: int) -> None:
    """Bytes below an exabyte and times always fit into the width that is kept for them."""
    assert len(text(COLUMN[Kind.BYTES], count, UTC).text) <= least_width(COLUMN[Kind.BYTES])
    assert len(text(COLUMN[Kind.TIME], time, UTC).text) == least_width(COLUMN[Kind.TIME])
