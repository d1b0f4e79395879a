from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.filterline import format_condition, format_filter, parse_filter
from flowtui.domain.filters import Condition, FlowFilter, NumberRange, Op
from flowtui.domain.times import Last, TimeRange
from flowtui.errors import FilterError
from tests.domain.filters_made import EXTRA, conditions, filters

NOW = datetime(2026, 11, 24, 10, 42, 7, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")


def _parse(text: str) -> FlowFilter:
    return parse_filter(text, now=NOW)


def _only(text: str) -> Condition:
    (condition,) = _parse(text).conditions
    return condition


@pytest.mark.parametrize(
    ("text", "key", "values"),
    [
        ("action:REJECT", "action", ("REJECT",)),
        ("action:rejected", "action", ("REJECT",)),
        ("dstport:22,3389", "dstport", (22, 3389)),
        ("dstport:8000-8999", "dstport", (NumberRange(8000, 8999),)),
        ("dstport:ssh,rdp", "dstport", (22, 3389)),
        ("port:@mail", "port", (25, 465, 587)),
        ("dstport:22,@mail,22", "dstport", (22, 25, 465, 587)),
        ("ip:10.0.0.0/8", "ip", (ip_network("10.0.0.0/8"),)),
        ("ip:10.1.2.3/8", "ip", (ip_network("10.0.0.0/8"),)),
        ("ip:2001:DB8::1", "ip", (ip_network("2001:db8::1"),)),
        ("src:fd00::/8,10.0.0.1", "srcaddr", (ip_network("fd00::/8"), ip_network("10.0.0.1"))),
        ("protocol:tcp,17", "protocol", (6, 17)),
        ("proto:ICMPv6", "protocol", (58,)),
        ("tcp_flags:SA,.,4", "tcp_flags", (18, 0, 4)),
        ("interface:eni-1", "interface_id", ("eni-1",)),
        ("direction:in", "flow_direction", ("ingress",)),
        ("sourceaddress:10.0.0.1", "srcaddr", (ip_network("10.0.0.1"),)),
        ("instance-id:-", "instance_id", (None,)),
        ('instance_tag:"-"', "instance_tag", ("-",)),
        ('instance_tag:"a b, \\"c\\""', "instance_tag", ('a b, "c"',)),
        ("start:1700000000", "start", (1_700_000_000,)),
        ("start:1700000000123", "start", (1_700_000_000,)),
        ("bytes:10-20", "bytes", (NumberRange(10, 20),)),
        ("10.0.0.0/8", "ip", (ip_network("10.0.0.0/8"),)),
        ("fd00::1", "ip", (ip_network("fd00::1"),)),
        ("443", "port", (443,)),
        ("reject", "action", ("REJECT",)),
    ],
)
def test_terms_mean_typed_conditions(text: str, key: str, values: tuple[object, ...]) -> None:
    """What an operator types becomes typed values of a canonical field."""
    assert _only(text) == Condition(key, values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "op", "value"),
    [
        ("bytes>1000", Op.MORE, 1000),
        ("bytes>1MB", Op.MORE, 1_000_000),
        ("packets<10", Op.LESS, 10),
        ("bytes>=1000", Op.MORE, 999),
        ("bytes<=1000", Op.LESS, 1001),
        ("srcport>1023", Op.MORE, 1023),
    ],
)
def test_comparisons_take_one_number(text: str, op: Op, value: int) -> None:
    """Numbers compare, sizes with units too."""
    assert _only(text).op is op
    assert _only(text).values == (value,)


def test_a_minus_excludes() -> None:
    """`-key:` means none of the values, for bare addresses too."""
    assert _only("-src:10.1.0.0/16").is_excluded
    assert _only("-10.0.0.1") == Condition("ip", (ip_network("10.0.0.1"),), is_excluded=True)


def test_the_line_of_the_design() -> None:
    """The example line reads, and reads back, as it is documented."""
    line = (
        "action:REJECT dstport:22,3389 ip:10.0.0.0/8 -srcaddr:10.1.0.0/16 "
        "protocol:tcp bytes>1000 last:1h"
    )
    assert format_filter(_parse(line)) == line
    assert _parse(line).time == Last(timedelta(hours=1))


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("from:2026-11-24T10:00Z to:11:00", "2026-11-24T10:00", "2026-11-24T11:00"),
        ("from:23:00 to:01:00", "2026-11-23T23:00", "2026-11-24T01:00"),
        ("from:1700000000", "2023-11-14T22:13:20", None),
        ("to:2026-11-24", None, "2026-11-24T00:00"),
        ("from:-2h", "2026-11-24T08:42:07", None),
        ("from:-90m to:now", "2026-11-24T09:12:07", "2026-11-24T10:42:07"),
    ],
)
def test_times_are_fixed_when_typed(text: str, since: str | None, until: str | None) -> None:
    """Bounds may be of any form; a time of day is the next one after the start."""
    expected = TimeRange(*(datetime.fromisoformat(t + "Z") if t else None for t in (since, until)))
    assert _parse(text).time == expected


def test_times_are_read_in_the_zone_shown() -> None:
    """14:03 typed under a Tokyo clock is 05:03 UTC."""
    found = parse_filter("from:14:03", now=NOW, zone=TOKYO).time
    assert found == TimeRange(datetime(2026, 11, 24, 5, 3, tzinfo=UTC))


@given(filters())
def test_a_filter_survives_its_line(filter: FlowFilter) -> None:
    """Formatting and parsing give back an equal filter, in any zone."""
    for zone in (UTC, TOKYO, ZoneInfo("America/St_Johns")):
        line = format_filter(filter, zone)
        assert parse_filter(line, now=NOW, zone=zone, extra_fields=EXTRA) == filter


@given(filters())
def test_a_line_is_fit_for_the_screen(filter: FlowFilter) -> None:
    """No control character, line break or invisible character stands in a formatted line."""
    assert format_filter(filter).isprintable() or not filter


@given(filters(), conditions())
def test_a_chip_reads_back(filter: FlowFilter, condition: Condition) -> None:
    """The text of one condition, added to a line, narrows the filter by that condition."""
    line = f"{format_filter(filter)} {format_condition(condition)}"
    assert parse_filter(line, now=NOW, extra_fields=EXTRA) == filter & condition


@pytest.mark.parametrize(
    ("text", "wrong", "hint"),
    [
        ("srcprt:1", "srcprt", "srcport"),
        ("action:REJECT acton:1", "acton", "action"),
        ("dstport:22,70000", "70000", ""),
        ("dstport:22,,3389", ",", ""),
        ("dstport:", ":", ""),
        ("dstport:9-3", "9-3", ""),
        ("port:htps", "htps", "https"),
        ("port:@admn", "@admn", "@admin"),
        ("protocol:tpc", "tpc", "tcp"),
        ("protocol:256", "256", ""),
        ("ip:10.0.0", "10.0.0", ""),
        ("ip:10.0.0.0/33", "10.0.0.0/33", ""),
        ("ip:10.0.0.0/255.0.0.0", "10.0.0.0/255.0.0.0", ""),
        ("ip:fe80::1%eth0", "fe80::1%eth0", ""),
        ("action:foo", "foo", "ACCEPT"),
        ("bytes>a", "a", ""),
        ("bytes>1,2", "1,2", ""),
        ("action>1", "1", ""),
        ("bytes>=0", "0", ""),
        ("last:1h from:10:00", "from:10:00", ""),
        ("from:10:00 from:11:00", "from:11:00", ""),
        ("last:0s", "0s", ""),
        ("last:soon", "soon", ""),
        ("-last:1h", "-last:1h", ""),
        ("from:2026-11-24T11:00Z to:2026-11-24T10:00Z", "2026-11-24T10:00Z", ""),
        ("from:2026-13-01", "2026-13-01", ""),
        ("once:maybe", "once:maybe", ""),
        ('interface_id:"open', '"open', ""),
        ('interface_id:"a"b', "b", ""),
        ("ip=10.0.0.1", "=", ""),
        ("banana", "banana", ""),
        ("22,80", "22,80", ""),
        (f"bytes>{2**64}", str(2**64), ""),
        (f"last:{'9' * 12}w", "9" * 12 + "w", ""),
    ],
)
def test_wrong_text_is_refused_with_its_span(text: str, wrong: str, hint: str) -> None:
    """The span is exactly the wrong part, and the hint names what was probably meant."""
    with pytest.raises(FilterError) as caught:
        _parse(text)
    start, end = caught.value.span
    assert text[start:end] == wrong
    assert hint in caught.value.hint
    assert caught.value.text == text


@given(st.text(alphabet=st.one_of(st.sampled_from(':,-<>="\\/@. 0a'), st.characters())))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Any text is a filter, or a FilterError whose span lies in the text."""
    try:
        parsed = _parse(text)
    except FilterError as error:
        start, end = error.span
        assert 0 <= start <= end <= len(text)
    else:
        assert parse_filter(format_filter(parsed), now=NOW) == parsed


def test_unknown_columns_are_text_keys() -> None:
    """Columns of the source that are no field filter as text, by their own name."""
    (condition,) = parse_filter("Team:7", now=NOW, extra_fields=("team",)).conditions
    assert condition == Condition("team", ("7",))
