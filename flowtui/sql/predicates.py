"""Typed conditions and time ranges as SQL predicates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network

from sqlglot import exp

from flowtui.domain.addresses import Network, network_text
from flowtui.domain.filters import Condition, NumberRange, Op, Value
from flowtui.domain.schema import TableSchema
from flowtui.domain.times import TimeRange
from flowtui.errors import MissingFieldError
from flowtui.sql.columns import Columns
from flowtui.sql.literals import all_of, any_of, number, text


def condition_predicate(condition: Condition, columns: Columns) -> exp.Expr:
    """The predicate of one condition; an excluded one keeps records without the field.

    Raises:
        MissingFieldError: The table lacks its field.
    """
    sides = [_side(condition, field, columns) for field in condition.fields]
    return all_of(sides) if condition.is_excluded else any_of(sides)


def _side(condition: Condition, field: str, columns: Columns) -> exp.Expr:
    value = _comparable(field, columns)
    wanted = [v for v in condition.values if v is not None]
    wants_null = None in condition.values
    test = values_predicate(value, wanted, condition.op) if wanted else None
    if not condition.is_excluded:
        parts = [test] if test else []
        return any_of([*parts, exp.Is(this=value, expression=exp.Null())] if wants_null else parts)
    if test is None:
        return _is_not_null(value)
    if _is_address(wanted):
        # What is no address is in no network, and NOT of NULL would lose it.
        known = exp.Coalesce(this=test, expressions=[exp.false()])
        return all_of([exp.Not(this=known), *([_is_not_null(value)] if wants_null else [])])
    missed = _negated(test)
    if wants_null:
        return all_of([_is_not_null(value), missed])
    return any_of([exp.Is(this=value.copy(), expression=exp.Null()), missed])


def _comparable(field: str, columns: Columns) -> exp.Expr:
    value = columns.field(field)
    physical = columns.schema.column(field)
    is_text = physical is None or physical.type.startswith(("string", "varchar", "char"))
    if physical is not None and physical.field is None and not is_text:
        return exp.cast(value, "varchar")
    return value


def _is_not_null(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value.copy(), expression=exp.Null()))


def _is_address(values: Iterable[Value]) -> bool:
    return any(isinstance(v, IPv4Network | IPv6Network) for v in values)


def _negated(test: exp.Expr) -> exp.Expr:
    for kind, opposite in ((exp.EQ, exp.NEQ), (exp.GT, exp.LTE), (exp.LT, exp.GTE)):
        if isinstance(test, kind):
            return opposite(this=test.this, expression=test.expression)
    return exp.Not(this=exp.paren(test) if isinstance(test, exp.Or) else test)


def values_predicate(value: exp.Expr, values: Sequence[Value], op: Op = Op.IS) -> exp.Expr:
    """True where the value is one of several, or in one of several ranges or networks."""
    if op is not Op.IS:
        (limit,) = values
        assert isinstance(limit, int)
        kind = exp.GT if op is Op.MORE else exp.LT
        return kind(this=value.copy(), expression=number(limit))
    hosts, networks = _split_networks(v for v in values if isinstance(v, IPv4Network | IPv6Network))
    texts = sorted({*hosts, *(v for v in values if isinstance(v, str))})
    numbers = sorted({v for v in values if isinstance(v, int)})
    ranges = sorted({v for v in values if isinstance(v, NumberRange)})
    parts = [
        *_one_of(value, [text(v) for v in texts]),
        *_one_of(value, [number(v) for v in numbers]),
        *(_between(value, r) for r in ranges),
        *(in_network(value, net) for net in networks),
    ]
    return any_of(parts)


def _split_networks(networks: Iterable[Network]) -> tuple[list[str], list[Network]]:
    """Single IPv4 addresses, which logs write in one way only, and the rest, in order."""
    hosts: list[str] = []
    rest: set[Network] = set()
    for network in networks:
        if network.version == 4 and network.num_addresses == 1:
            hosts.append(network_text(network))
        else:
            rest.add(network)
    return hosts, sorted(rest, key=lambda net: (net.version, net))


def _one_of(value: exp.Expr, choices: list[exp.Expr]) -> list[exp.Expr]:
    if not choices:
        return []
    if len(choices) == 1:
        return [exp.EQ(this=value.copy(), expression=choices[0])]
    return [exp.In(this=value.copy(), expressions=choices)]


def _between(value: exp.Expr, found: NumberRange) -> exp.Expr:
    return exp.Between(this=value.copy(), low=number(found.first), high=number(found.last))


def in_network(value: exp.Expr, network: Network) -> exp.Expr:
    """Athena's own test of an address in a network; NULL where the value is no address."""
    address = exp.TryCast(
        this=value.copy(), to=exp.DataType.build("ipaddress", dialect="trino"), safe=True
    )
    return exp.ArrayContains(this=text(str(network)), expression=address)


def time_predicates(time: TimeRange, columns: Columns) -> list[exp.Expr]:
    """True, all of them, where the record's span overlaps the range; bounds in whole Unix seconds.

    Raises:
        MissingFieldError: The table has neither start nor end.
    """
    start, end = time_fields(columns.schema)
    parts: list[exp.Expr] = []
    if time.until:
        bound = number(-int(-time.until.timestamp() // 1))
        parts.append(exp.LT(this=columns.field(start), expression=bound))
    if time.since:
        bound = number(int(time.since.timestamp() // 1))
        parts.append(exp.GTE(this=columns.field(end), expression=bound))
    return parts


def time_fields(schema: TableSchema) -> tuple[str, str]:
    """The fields that say when a record begins and ends; the other one where one is missing.

    Raises:
        MissingFieldError: The table has neither start nor end.
    """
    start = "start" if schema.column("start") else "end"
    end = "end" if schema.column("end") else "start"
    if not schema.column(start):
        raise MissingFieldError(
            f"{schema.table} has neither start nor end, so that no time can be chosen",
            "Ask for all there is, or map its time columns.",
        )
    return start, end
