"""What the screen makes of filters, values and SQL: completions, forms, meanings, colours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.executions import Cell, Column, SortKey
from flowtui.domain.fields import FIELD, Kind
from flowtui.domain.filterline import format_filter, parse_filter
from flowtui.ui.actions.looking import next_order
from flowtui.ui.completing import completions
from flowtui.ui.formline import key_at, line_of, texts_of
from flowtui.ui.meanings import help_for, meaning
from flowtui.ui.sqlcolours import coloured
from flowtui.ui.widgets.note_line import place_text
from flowtui.ui.zones import local_zone, zone_label

NOW = datetime(2026, 11, 24, 10, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "first"),
    [
        ("acti", "on:"),
        ("-acti", "on:"),
        ("dstport:22 sr", "c:"),
        ("action:R", "EJECT"),
        ("action:ACCEPT,R", "EJECT"),
        ("protocol:u", "dp"),
        ("dstport:ss", "h"),
        ("port:@a", "dmin"),
        ("last:", "15m"),
        ("direction:e", "gress"),
        ("my_c", "olumn:"),
        ("ip:10.", None),
        ("nonsense:x", None),
    ],
)
def test_completions(before: str, first: str | None) -> None:
    """The rest of the key or value that is being typed; nothing where nothing is known."""
    assert next(iter(completions(before, ("srcaddr", "my_column"))), None) == first


@pytest.mark.parametrize("key", ["action", "dstport", "flow_direction", "traffic_path"])
def test_a_completed_key_is_one_that_a_filter_takes(key: str) -> None:
    """What is offered for half a key parses, once it has a value."""
    half = key[: len(key) // 2 + 1]
    offered = [half + rest for rest in completions(half, FIELD)]
    assert f"{key}:" in offered


LINES = (
    "action:REJECT dstport:22,3389 ip:10.0.0.0/8 -srcaddr:10.1.0.0/16 protocol:tcp bytes>1000",
    "dstport:22 dstport:443 last:1h",
    "from:2026-11-24T10:00Z to:2026-11-24T11:00Z once:on",
    'interface_id:"a b,c" vpc_id:-',
    "srcport:1000-2000 flow_direction:egress tcp_flags:S",
    "",
)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Europe/Berlin")], ids=str)
def test_a_form_that_is_not_touched_changes_nothing(line: str, zone: ZoneInfo | timezone) -> None:
    """Filter to form and back is the same filter."""
    filter = parse_filter(line, now=NOW, zone=zone)
    back, _ = line_of(texts_of(filter, zone))
    again = parse_filter(back, now=NOW, zone=zone)
    assert set(again.conditions) == set(filter.conditions)
    assert (again.time, again.is_counted_once) == (filter.time, filter.is_counted_once)


def test_lists_may_be_typed_with_spaces() -> None:
    """A form is forgiving where a line cannot be."""
    line, spans = line_of({"dstport": " 22 , 3389 ", "srcaddr": "10.0.0.1"})
    assert line == "srcaddr:10.0.0.1 dstport:22,3389"
    assert key_at(spans, (25, 27)) == "dstport"


@given(st.dictionaries(st.sampled_from(["action", "ip", "dstport", "", "last"]), st.text()))
def test_whatever_is_typed_gives_a_line_with_its_spans(texts: dict[str, str]) -> None:
    """Spans lie in the line, and each holds what was typed."""
    line, spans = line_of(texts)
    for first, end in spans.values():
        assert 0 <= first <= end <= len(line)


@pytest.mark.parametrize(
    ("kind", "value", "told"),
    [
        (Kind.PROTOCOL, 6, "TCP"),
        (Kind.PROTOCOL, 250, ""),
        (Kind.PORT, 5432, "postgres"),
        (Kind.FLAGS, 18, "SYN ACK"),
        (Kind.FLAGS, 0, "no SYN, FIN or RST in the window"),
        (Kind.PATH, 8, "internet gateway"),
        (Kind.BYTES, 48_200, "48.2 kB"),
        (Kind.ACTION, "REJECT", "stopped by security group or network ACL"),
        (Kind.STATUS, "SKIPDATA", "some records of this window were lost: totals are floors"),
        (Kind.ADDRESS, "10.0.0.1", "private"),
        (Kind.ADDRESS, "2001:4860::1", "public"),
        (Kind.ADDRESS, "x[red]", "no address"),
        (Kind.TIME, 1_764_000_000, "Mon 2025-11-24 16:00:00 UTC"),
        (Kind.TIME, 10**30, ""),
        (Kind.TIME, 10**15, "no time in any calendar"),
        (Kind.COUNT, None, "left out of the log"),
        (None, "anything", ""),
    ],
)
def test_meanings(kind: Kind | None, value: Cell, told: str) -> None:
    """What a value says beyond how it reads; odd values say nothing and break nothing."""
    assert meaning(Column("x", "varchar", kind), value, UTC) == told


@given(st.sampled_from([*Kind, None]), st.one_of(st.text(), st.integers(), st.floats(), st.none()))
def test_no_value_is_too_odd_to_explain(kind: Kind | None, value: Cell) -> None:
    """Meaning never fails."""
    assert isinstance(meaning(Column("x", "varchar", kind), value, UTC), str)


def test_every_field_has_help() -> None:
    """Each of the 54 fields is explained."""
    assert all(help_for(Column(name, "varchar")) for name in FIELD)


def test_sql_is_coloured_and_not_changed() -> None:
    """Text in quotes is not taken for keywords; the text itself stays."""
    sql = "SELECT count(*), 'from -- x' AS \"select\" -- from\nFROM flows WHERE a = 1.5"
    content = coloured(sql)
    assert content.plain == sql
    styled = {content.plain[span.start : span.end] for span in content.spans}
    assert {"SELECT", "count", "'from -- x'", "-- from", "FROM", "1.5"} <= styled
    assert '"select"' not in styled


@given(st.text())
def test_any_text_can_be_coloured(text: str) -> None:
    """Half statements and odd characters too."""
    assert "\x1b" not in coloured(text).plain


@pytest.mark.parametrize(
    ("row", "total", "is_complete", "told"),
    [
        (0, 812, True, "row 1 of 812 · page 1/5"),
        (1203, 48_211, True, "row 1 204 of 48 211 · page 7/242"),
        (0, 100, False, "row 1 of 100+ · page 1/1+"),
        (0, 0, True, ""),
    ],
)
def test_the_place_is_always_true(row: int, total: int, is_complete: bool, told: str) -> None:
    """Rows from 1, pages of two hundred, and a sign where more are on their way."""
    assert place_text(row, total, is_complete) == told


def test_one_column_sorts_up_down_and_not() -> None:
    """Another column begins anew."""
    up = next_order((), "bytes")
    down = next_order(up, "bytes")
    assert up == (SortKey("bytes"),)
    assert down == (SortKey("bytes", is_descending=True),)
    assert next_order(down, "bytes") == ()
    assert next_order(down, "packets") == (SortKey("packets"),)


def test_the_local_zone(tmp_path: Path) -> None:
    """`TZ`, else the system's link, else today's offset."""
    link = tmp_path / "localtime"
    assert str(local_zone({"TZ": "Asia/Tokyo"}, link)) == "Asia/Tokyo"
    assert str(local_zone({"TZ": ":Asia/Tokyo"}, link)) == "Asia/Tokyo"
    link.symlink_to("/usr/share/zoneinfo/Europe/Berlin")
    assert str(local_zone({}, link)) == "Europe/Berlin"
    assert str(local_zone({"TZ": "../../etc/passwd"}, link)) == "Europe/Berlin"
    fixed = local_zone({}, tmp_path / "none")
    assert NOW.astimezone(fixed).utcoffset() == datetime.now(UTC).astimezone().utcoffset()


def test_zones_are_named() -> None:
    """However UTC is written, it reads UTC."""
    assert zone_label(UTC) == "UTC"
    assert zone_label(ZoneInfo("Etc/UTC")) == "UTC"
    assert zone_label(timezone(timedelta(hours=2))) == "UTC+02:00"


def test_the_form_shows_the_filter_whole() -> None:
    """No condition is lost between the fields and the rest."""
    line = LINES[0]
    texts = texts_of(parse_filter(line, now=NOW), UTC)
    assert texts["action"] == "REJECT"
    assert texts[""] == "-srcaddr:10.1.0.0/16 bytes>1000"
    assert format_filter(parse_filter(line_of(texts)[0], now=NOW)).count(":") == line.count(":")
