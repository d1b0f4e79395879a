"""Filters made by hypothesis: every shape that a filter line can say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network

from hypothesis import strategies as st

from flowtui.domain.conditions import kind_of
from flowtui.domain.fields import FIELDS, Kind
from flowtui.domain.filters import Condition, FlowFilter, NumberRange, Op, Value
from flowtui.domain.times import Last, TimeRange, TimeSpec

EXTRA = ("tag:team", "My Column", "odd,name", "last", "fd00", "-minus")
KEYS = (*(field.name for field in FIELDS), "ip", "port", *EXTRA)
_LIMITS = {Kind.PORT: 65_535, Kind.PROTOCOL: 255, Kind.FLAGS: 255}

NETWORKS = st.one_of(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
        lambda pair: IPv4Network(pair, strict=False)
    ),
    st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128)).map(
        lambda pair: IPv6Network(pair, strict=False)
    ),
)


def numbers(kind: Kind) -> st.SearchStrategy[int]:
    """Whole numbers that a field of the kind can be asked for."""
    return st.integers(0, _LIMITS.get(kind, 2**63 - 1))


def values(key: str) -> st.SearchStrategy[Value]:
    """What a condition of the key may hold."""
    kind = kind_of(key)
    if kind is Kind.ADDRESS:
        return st.one_of(st.none(), NETWORKS)
    if not kind.is_number:
        return st.one_of(st.none(), st.text(max_size=12))
    pairs = st.tuples(numbers(kind), numbers(kind))
    ranges = pairs.map(lambda pair: NumberRange(min(pair), max(pair)))
    return st.one_of(st.none(), numbers(kind), ranges)


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    """Any condition."""
    key = draw(st.sampled_from(KEYS))
    is_excluded = draw(st.booleans())
    if kind_of(key).is_number and draw(st.booleans()):
        op = draw(st.sampled_from([Op.MORE, Op.LESS]))
        return Condition(key, (draw(numbers(kind_of(key))),), op, is_excluded)
    found = draw(st.lists(values(key), min_size=1, max_size=4, unique=True))
    return Condition(key, tuple(found), Op.IS, is_excluded)


_INSTANTS = st.integers(
    int(datetime(1990, 1, 1, tzinfo=UTC).timestamp()),
    int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()),
).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@st.composite
def times(draw: st.DrawFn) -> TimeSpec | None:
    """Any choice of time."""
    if draw(st.booleans()):
        return draw(st.one_of(st.none(), st.integers(1, 10**7).map(_last)))
    since = draw(st.one_of(st.none(), _INSTANTS))
    if since is None:
        return TimeRange(None, draw(_INSTANTS))
    length = draw(st.one_of(st.none(), st.integers(1, 10**8)))
    return TimeRange(since, since + timedelta(seconds=length) if length else None)


def _last(seconds: int) -> Last:
    return Last(timedelta(seconds=seconds))


@st.composite
def filters(draw: st.DrawFn) -> FlowFilter:
    """Any filter."""
    found = FlowFilter(time=draw(times()), is_counted_once=draw(st.booleans()))
    for condition in draw(st.lists(conditions(), max_size=4)):
        found = found & condition
    return found
