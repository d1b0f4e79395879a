"""Athena's SQL for DuckDB: what sqlglot's translation leaves different, put right.

Every rule here was found by running both: a silent difference is worse than an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network
from typing import Final

from sqlglot import ErrorLevel, exp

from flowtui.domain.addresses import Network, parse_network
from flowtui.errors import QueryError
from flowtui.sql import literals
from flowtui.sql.duck_functions import named_function
from flowtui.sql.integers import Integers
from flowtui.sql.reading import bounded, read, writing


def to_duckdb(athena_sql: str) -> str:
    """The same question in DuckDB's SQL, for a connection on which `DUCKDB_SETUP` ran.

    Raises:
        QueryError: It is no SQL, or asks for what DuckDB cannot answer as Athena would.
    """
    tree = read(athena_sql)
    if not isinstance(tree, exp.Query | exp.Values):
        raise QueryError("Only questions run on local files")
    with bounded():
        integers = Integers(tree)
        _name_columns(tree)
        for node in reversed(list(tree.walk())):
            new = _translated(node, integers)
            if new is not node:
                node.replace(new)
        with writing():
            return tree.sql(
                dialect="duckdb", identify=True, comments=False, unsupported_level=ErrorLevel.IGNORE
            )


def _name_columns(tree: exp.Expr) -> None:
    """Name unnamed result columns `_colN`, as Athena does."""
    select: exp.Expr = tree
    while isinstance(select, exp.SetOperation | exp.Subquery):
        select = select.this
    if not isinstance(select, exp.Select):
        return
    for index, item in enumerate(list(select.expressions)):
        if not isinstance(item, exp.Alias | exp.Column | exp.Star | exp.Dot) and not item.is_star:
            item.replace(exp.alias_(item.copy(), f"_col{index}"))


def _translated(node: exp.Expr, integers: Integers) -> exp.Expr:
    if _is_count(node, integers):
        return exp.cast(node.copy(), "bigint")
    for kind, rule in _RULES:
        if isinstance(node, kind):
            return rule(node)
    return named_function(node) if isinstance(node, exp.Anonymous) else node


def _is_count(node: exp.Expr, integers: Integers) -> bool:
    """True for sums of whole numbers, with FILTER and OVER: DuckDB makes 128 bits of them."""
    if isinstance(node.parent, exp.Filter | exp.Window) and node is node.parent.this:
        return False
    while isinstance(node, exp.Filter | exp.Window):
        node = node.this
    if isinstance(node, exp.CountIf):
        return True
    return isinstance(node, exp.Sum) and integers.is_integer(node.this)


def _is_address(node: exp.Expr) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DType.IPADDRESS


def _networks(node: exp.Expr) -> list[tuple[Network, exp.Expr]] | None:
    """The tests of an OR chain of `contains(network, address)`, all of one address."""
    node = node.unnest()
    if isinstance(node, exp.Or):
        left, right = _networks(node.left), _networks(node.right)
        if left is None or right is None or left[0][1] != right[0][1]:
            return None
        return left + right
    if not isinstance(node, exp.ArrayContains) or not isinstance(node.this, exp.Literal):
        return None
    try:
        network = parse_network(node.this.name)
    except ValueError as error:
        raise QueryError(f"contains: {node.this.name} is no network, {error}") from None
    address = node.expression
    return [(network, address.this if isinstance(address, exp.Cast) else address)]


def _contains(node: exp.Expr) -> exp.Expr:
    """`contains(network, address)` would be a substring test in DuckDB."""
    if isinstance(node, exp.ArrayContains) and not isinstance(node.this, exp.Literal):
        if _is_address(node.expression):
            raise QueryError("On local files, contains needs its network in quotes")
        return node
    if _is_in_chain(node):
        return node
    tests = _networks(node)
    if tests is None:
        return node
    address = tests[0][1]
    found = _in_networks([network for network, _ in tests], address)
    if _is_condition(node):
        return exp.paren(found) if isinstance(found, exp.Or) else found
    is_other = exp.func("flowtui_is_ip", address.copy())
    return exp.Case(
        ifs=[
            exp.If(this=found, true=exp.true()),
            exp.If(this=is_other, true=exp.false()),
        ]
    )


def _is_in_chain(node: exp.Expr) -> bool:
    """True below an OR that will be translated as a whole."""
    parent = node.parent
    while isinstance(parent, exp.Paren):
        parent = parent.parent
    return isinstance(parent, exp.Or) and _networks(parent) is not None


def _is_condition(node: exp.Expr) -> bool:
    """True where NULL and FALSE mean the same: in WHERE, HAVING, ON, CASE WHEN and the like."""
    inside, parent = node, node.parent
    while isinstance(parent, exp.And | exp.Or | exp.Paren):
        inside, parent = parent, parent.parent
    if isinstance(parent, exp.Where | exp.Having | exp.CountIf | exp.Qualify):
        return True
    if isinstance(parent, exp.Coalesce):
        return inside is parent.this and parent.expressions == [exp.false()]
    if isinstance(parent, exp.Join):
        return inside is parent.args.get("on")
    return isinstance(parent, exp.If) and inside is parent.this


def _in_networks(networks: list[Network], address: exp.Expr) -> exp.Expr:
    parts = [_in_network4(n, address) for n in networks if isinstance(n, IPv4Network)]
    if found := [n for n in networks if not isinstance(n, IPv4Network)]:
        parts.append(_in_networks6(found, address))
    return literals.any_of(parts)


def _in_networks6(networks: Sequence[Network], address: exp.Expr) -> exp.Expr:
    """An address is read once, however many networks it is looked for in."""
    key = exp.to_identifier("k")
    inside = literals.any_of([_between6(network, key) for network in networks])
    test = exp.Anonymous(
        this="list_transform",
        expressions=[
            exp.Array(expressions=[exp.func("flowtui_ip6", address.copy())]),
            exp.Lambda(this=inside, expressions=[key.copy()]),
        ],
    )
    first = exp.Anonymous(this="list_extract", expressions=[test, literals.number(1)])
    has_colon = exp.Anonymous(this="contains", expressions=[address.copy(), literals.text(":")])
    known = exp.Coalesce(this=first, expressions=[exp.false()])
    starts = [_starts_like(network, address) for network in networks]
    is_near = [literals.any_of([s for s in starts if s])] if all(starts) else []
    return exp.paren(literals.all_of([has_colon, *is_near, known]))


def _starts_like(network: Network, address: exp.Expr) -> exp.Expr | None:
    """A cheap test that every address of the network passes; None where there is none.

    A first group of four digits is written in full; one of zero begins with `0` or `:`.
    """
    first, last = (int(edge) >> 112 for edge in (network[0], network[-1]))
    if first >= 0x1000:
        head = exp.Anonymous(
            this="left", expressions=[exp.Lower(this=address.copy()), literals.number(4)]
        )
        low, high = literals.text(f"{first:04x}"), literals.text(f"{last:04x}")
        return exp.Between(this=head, low=low, high=high)
    if last == 0:
        letter = exp.Anonymous(this="left", expressions=[address.copy(), literals.number(1)])
        return exp.In(this=letter, expressions=[literals.text("0"), literals.text(":")])
    return None


def _between6(network: Network, key: exp.Identifier) -> exp.Expr:
    low, high = (literals.text(f"{int(edge):032x}") for edge in (network[0], network[-1]))
    return exp.Between(this=key.copy(), low=low, high=high)


def _in_network4(network: IPv4Network, address: exp.Expr) -> exp.Expr:
    """A prefix of the text is looked at first: it costs a tenth of reading the number."""
    octets = str(network.network_address).split(".")[: network.prefixlen // 8]
    if len(octets) == 4:
        return exp.EQ(this=address.copy(), expression=literals.text(".".join(octets)))
    parts: list[exp.Expr] = []
    if octets:
        prefix = literals.text(".".join(octets) + ".")
        parts.append(exp.Anonymous(this="starts_with", expressions=[address.copy(), prefix]))
    if network.prefixlen % 8:
        edges = [literals.number(int(edge)) for edge in (network[0], network[-1])]
        ip4 = exp.func("flowtui_ip4", address.copy())
        parts.append(exp.Between(this=ip4, low=edges[0], high=edges[1]))
    else:
        parts.append(exp.func("flowtui_is4", address.copy()))
    return exp.paren(exp.and_(*parts)) if len(parts) > 1 else parts[0]


def _cast(node: exp.Expr) -> exp.Expr:
    assert isinstance(node, exp.Cast)
    if _is_address(node):
        return _address(node)
    is_instant = isinstance(node.this, exp.UnixToTime | exp.CurrentTimestamp)
    if is_instant and node.is_type(exp.DType.VARCHAR):
        return exp.func("flowtui_instant", node.this.copy())
    return node


def _address(node: exp.Cast) -> exp.Expr:
    """An IPADDRESS compares and sorts by its number, and reads as text."""
    if isinstance(node.parent, exp.ArrayContains):
        return node
    if isinstance(node.parent, exp.Ordered | exp.Predicate | exp.Between | exp.In):
        return exp.func("flowtui_ip_key", node.this.copy())
    return exp.func("flowtui_address", node.this.copy())


def _date_diff(node: exp.Expr) -> exp.Expr:
    """Trino counts whole units between two instants, DuckDB's date_diff the borders crossed."""
    unit = literals.text((node.text("unit") or "day").lower())
    return exp.Anonymous(this="date_sub", expressions=[unit, node.expression, node.this])


def _bitwise(node: exp.Expr) -> exp.Expr:
    return node if isinstance(node.parent, exp.Paren) else exp.paren(node.copy())


def _extreme(node: exp.Expr) -> exp.Expr:
    """Trino's greatest and least are NULL where any argument is; DuckDB's leave it out."""
    values = [node.this, *node.expressions]
    nulls = [exp.Is(this=value.copy(), expression=exp.Null()) for value in values]
    name = "GREATEST" if isinstance(node, exp.Greatest) else "LEAST"
    found = exp.Anonymous(this=name, expressions=[value.copy() for value in values])
    return exp.Case(ifs=[exp.If(this=literals.any_of(list(nulls)), true=exp.Null())], default=found)


def _decimal(node: exp.Expr) -> exp.Expr:
    """Athena reads 1.5 as a double, DuckDB as a decimal."""
    is_fraction = isinstance(node, exp.Literal) and not node.is_string and "." in node.name
    if not is_fraction or isinstance(node.parent, exp.Cast):
        return node
    return exp.cast(node.copy(), "float" if node.find_ancestor(exp.ApproxQuantile) else "double")


def _is_date(node: exp.Expr) -> bool:
    if isinstance(node, exp.CurrentDate | exp.Date | exp.TsOrDsToDate):
        return True
    if isinstance(node, exp.Cast):
        return bool(node.to.this == exp.DType.DATE)
    return isinstance(node, exp.Paren | exp.Add | exp.Sub | exp.DateAdd) and _is_date(node.this)


def _date_arithmetic(node: exp.Expr) -> exp.Expr:
    """A date and days stay a date in Trino; DuckDB makes a timestamp of them."""
    if isinstance(node, exp.Add | exp.Sub) and not isinstance(node.expression, exp.Interval):
        return node
    return exp.cast(node.copy(), "date") if _is_date(node.this) else node


def _format(node: exp.Expr) -> exp.Expr:
    """Trino's format takes printf's pattern."""
    return exp.Anonymous(this="printf", expressions=[node.this, *node.expressions])


def _unix_time(node: exp.Expr) -> exp.Expr:
    """An instant does not depend on the zone it is asked to be shown in."""
    if node.args.get("zone"):
        node.set("zone", None)
    return node


def _slice(node: exp.Expr) -> exp.Expr:
    """Trino takes a start and a length, DuckDB a start and an end."""
    start, length = node.args["start"], node.args["end"]
    after = exp.Add(this=exp.paren(start.copy()), expression=exp.paren(length.copy()))
    end = exp.Sub(this=after, expression=literals.number(1))
    return exp.Anonymous(this="list_slice", expressions=[node.this.copy(), start.copy(), end])


_Rule = Callable[[exp.Expr], exp.Expr]
_RULES: Final[tuple[tuple[type[exp.Expr] | tuple[type[exp.Expr], ...], _Rule], ...]] = (
    ((exp.ArrayContains, exp.Or), _contains),
    (exp.Cast, _cast),
    ((exp.Add, exp.Sub, exp.DateAdd, exp.DateTrunc), _date_arithmetic),
    (exp.DateDiff, _date_diff),
    ((exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor), _bitwise),
    ((exp.Greatest, exp.Least), _extreme),
    (exp.Literal, _decimal),
    (exp.Format, _format),
    (exp.UnixToTime, _unix_time),
    (exp.ArraySlice, _slice),
)
