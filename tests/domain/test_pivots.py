"""What `=` and `!` make of a filter: its meaning stays exact; addresses widen and come round."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.filters import Condition, FlowFilter, NumberRange, Op, Value
from flowtui.domain.pivots import implies, keep_only, leave_out, put_in_place, widened

KEYS = {"srcaddr": ("srcaddr",), "ip": ("srcaddr", "dstaddr"), "dstport": ("dstport",)}
ADDRESSES = st.sampled_from(
    ["10.0.1.20", "10.0.1.21", "10.0.9.1", "10.7.1.1", "192.0.2.1", "2001:db8::1",
     "2001:db8:0:9::1"]
)  # fmt: skip
NETWORKS = st.tuples(ADDRESSES, st.sampled_from([0, 8, 16, 24, 32, 48, 64, 128])).map(
    lambda pair: ip_network((pair[0], min(pair[1], ip_address(pair[0]).max_prefixlen)), False)
)
PORTS = st.one_of(
    st.none(),
    st.integers(20, 25),
    st.tuples(st.integers(20, 25), st.integers(0, 3)).map(lambda p: NumberRange(p[0], sum(p))),
)
RECORDS = st.fixed_dictionaries(
    {"srcaddr": ADDRESSES, "dstaddr": ADDRESSES,
     "dstport": st.one_of(st.none(), st.integers(20, 25))}
)  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, is_excluded: bool | None = None) -> Condition:
    """A condition on addresses or ports that often meets another one."""
    key = draw(st.sampled_from(sorted(KEYS)))
    value = PORTS if key == "dstport" else NETWORKS
    values = draw(st.lists(value, min_size=1, max_size=3, unique=True))
    out = draw(st.booleans()) if is_excluded is None else is_excluded
    return Condition(key, tuple(values), Op.IS, out)


FILTERS = st.lists(conditions(), max_size=4).map(lambda found: FlowFilter(tuple(found)))


def has(value: Value, found: object) -> bool:
    """Whether a record's value is meant by a condition's."""
    match value:
        case IPv4Network() | IPv6Network():
            return isinstance(found, str) and ip_address(found) in value
        case NumberRange(first=first, last=last):
            return isinstance(found, int) and first <= found <= last
        case _:
            return value == found


def holds(filter: FlowFilter, record: Mapping[str, object]) -> bool:
    """Whether a record meets a filter, told as the filter line is explained."""
    return all(
        any(has(v, record[field]) for v in c.values for field in KEYS[c.key]) != c.is_excluded
        for c in filter.conditions
    )


@given(FILTERS, conditions(is_excluded=False), RECORDS)
def test_keeping_only_is_both_conditions_at_once(
    filter: FlowFilter, condition: Condition, record: Mapping[str, object]
) -> None:
    """A record passes where it passed before and meets the condition, and nowhere else."""
    both = holds(filter, record) and holds(FlowFilter((condition,)), record)
    assert holds(keep_only(filter, condition), record) == both


@given(FILTERS, conditions(is_excluded=True), RECORDS)
def test_leaving_out_takes_away_what_it_names_and_no_more(
    filter: FlowFilter, condition: Condition, record: Mapping[str, object]
) -> None:
    """A record passes where it passed before and is not named, whatever was merged."""
    both = holds(filter, record) and holds(FlowFilter((condition,)), record)
    assert holds(leave_out(filter, condition), record) == both


@given(FILTERS, conditions())
def test_the_same_twice_changes_nothing(filter: FlowFilter, condition: Condition) -> None:
    """Once said, it is said."""
    make = leave_out if condition.is_excluded else keep_only
    once = make(filter, condition)
    assert make(once, condition) == once


@given(conditions(is_excluded=False), conditions(is_excluded=False), RECORDS)
def test_implying_is_never_claimed_wrongly(
    narrow: Condition, wide: Condition, record: Mapping[str, object]
) -> None:
    """Where one implies the other, no record meets the first alone."""
    if implies(narrow, wide) and holds(FlowFilter((narrow,)), record):
        assert holds(FlowFilter((wide,)), record)


@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize(
    ("address", "ladder"),
    [
        ("203.0.113.9", ["203.0.113.0/24", "203.0.0.0/16", "203.0.113.9/32"]),
        ("2001:db8:1:2::9", ["2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8:1:2::9/128"]),
    ],
)
def test_an_address_widens_and_comes_round(address: str, ladder: list[str], sign: str) -> None:
    """32, 24, 16 bits and back; 128, 64, 48 bits and back; left out as well as kept."""
    alone = ip_network(address)
    condition = Condition("srcaddr", (alone,), is_excluded=sign == "-")
    for step in ladder:
        found = widened(condition, alone)
        assert found == Condition("srcaddr", (ip_network(step),), is_excluded=sign == "-")
        condition = found


@pytest.mark.parametrize(
    "values",
    [
        (ip_network("10.0.0.0/8"),),
        (ip_network("10.0.1.0/25"),),
        (ip_network("192.0.2.0/24"),),
        (ip_network("::/0"),),
        (ip_network("10.0.1.20"), ip_network("10.0.1.21")),
        ("no address",),
        (None,),
    ],
)
def test_what_no_key_made_is_not_widened(values: tuple[Value, ...]) -> None:
    """Other widths, other addresses, several at once, and what is no network stay as they are."""
    assert widened(Condition("srcaddr", values), ip_network("10.0.1.20")) is None


@given(ADDRESSES, st.integers(0, 12))
def test_every_width_holds_the_address(address: str, presses: int) -> None:
    """However often it is pressed, the address itself stays in."""
    condition = Condition("ip", (ip_network(address),))
    for _ in range(presses):
        condition = widened(condition, ip_network(address)) or condition
    assert has(condition.values[0], address)
    assert condition.values[0].prefixlen in (32, 24, 16, 128, 64, 48)  # type: ignore[union-attr]


def test_the_new_one_stands_where_the_old_one_stood() -> None:
    """Chips do not jump: what is replaced keeps its place."""
    a, b = Condition("srcaddr", (ip_network("10.0.0.0/8"),)), Condition("dstport", (22,))
    sharp = Condition("srcaddr", (ip_network("10.0.1.20"),))
    assert keep_only(FlowFilter((a, b)), sharp).conditions == (sharp, b)
    assert put_in_place(FlowFilter((a, b)), b, Condition("dstport", (23,))).conditions[0] == a


def test_values_left_out_one_by_one_make_one_condition() -> None:
    """One chip for all that is left out of a field; a network swallows its addresses."""
    filter = FlowFilter()
    for text in ("10.0.1.20", "192.0.2.1", "10.0.1.0/24"):
        filter = leave_out(filter, Condition("srcaddr", (ip_network(text),)))
    wanted = (ip_network("192.0.2.1"), ip_network("10.0.1.0/24"))
    assert filter.conditions == (Condition("srcaddr", wanted, is_excluded=True),)
