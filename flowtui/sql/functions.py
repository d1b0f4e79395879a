"""Parameters and the functions of ours that saved queries may use, expanded to plain Athena SQL.

The list and its meaning stand in `flowtui.sql`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, IPv6Network
from typing import Final

from sqlglot import exp

from flowtui.domain.addresses import PRIVATE_NETWORKS, network_text, parse_network
from flowtui.domain.arguments import parse_argument
from flowtui.domain.codes import ACK, SYN
from flowtui.domain.fields import FIELD, canonical
from flowtui.domain.filters import Value
from flowtui.domain.queries import Argument, Parameter, ParameterType
from flowtui.errors import FilterError, QueryError
from flowtui.sql import literals
from flowtui.sql.columns import Columns
from flowtui.sql.predicates import in_network, values_predicate

Bindings = Mapping[str, Argument]
"""Parameter name to its value."""
EXPANDED: Final = frozenset(
    {"port_in", "ip_in", "is_private", "is_opener", "is_lost", "openers", "bucket", "optional"}
)


def bind(parameters: tuple[Parameter, ...], arguments: tuple[tuple[str, str], ...]) -> Bindings:
    """The value of every parameter: what was typed, else its default.

    Raises:
        QueryError: One has neither.
        FilterError: What was typed does not fit.
    """
    typed = dict(arguments)
    bound: dict[str, Argument] = {}
    for parameter in parameters:
        text = typed.get(parameter.name, parameter.default)
        if not text and parameter.type is not ParameterType.TEXT:
            raise QueryError(f"The query needs a value for {parameter.name}", parameter.help)
        bound[parameter.name] = parse_argument(parameter, text)
    return bound


def expand(tree: exp.Expr, bindings: Bindings, columns: Columns) -> exp.Expr:
    """The tree with parameters as literals and our functions as Athena's; works in place.

    Raises:
        QueryError: A parameter without a value, or a function used wrongly.
    """
    expansion = _Expansion(bindings, columns)
    for node in reversed(list(tree.walk())):
        new = expansion.of(node)
        if new is not node:
            if node is tree:
                return new
            node.replace(new)
    return tree


class _Expansion:
    def __init__(self, bindings: Bindings, columns: Columns) -> None:
        self.bindings = bindings
        self.columns = columns
        self._by_name: dict[str, Callable[[exp.Anonymous], exp.Expr]] = {
            "port_in": self.port_in,
            "ip_in": self.ip_in,
            "is_private": self.is_private,
            "is_opener": self.is_opener,
            "is_lost": self.is_lost,
            "openers": self.openers,
            "bucket": self.bucket,
            "optional": self.optional,
        }

    def of(self, node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Anonymous) and node.name.lower() in self._by_name:
            return self._by_name[node.name.lower()](node)
        if isinstance(node, exp.In):
            return self.listed(node)
        if isinstance(node, exp.Placeholder):
            return self.placeholder(node)
        if isinstance(node, exp.CountIf) and _is_unknown(node.this):
            return literals.null("bigint")
        return node

    def value(self, placeholder: exp.Placeholder) -> Argument:
        name = placeholder.name
        if not name or name not in self.bindings:
            known = ", ".join(f":{known}" for known in self.bindings) or "none"
            raise QueryError(f"No parameter :{name} here", f"Parameters: {known}.")
        return self.bindings[name]

    def placeholder(self, node: exp.Placeholder) -> exp.Expr:
        parent = node.parent
        if isinstance(parent, exp.Anonymous) and parent.name.lower() in ("port_in", "ip_in"):
            return node
        if isinstance(parent, exp.In) and node is not parent.this:
            return node
        value = self.value(node)
        match value:
            case int():
                return literals.number(value)
            case str():
                return literals.text(value)
            case (IPv4Network() | IPv6Network() as network,):
                return literals.text(network_text(network))
            case (int() as port,):
                return literals.number(port)
        raise QueryError(
            f":{node.name} is a list, which can stand only in IN (:{node.name}), "
            f"port_in(…, :{node.name}) or ip_in(…, :{node.name})"
        )

    def listed(self, node: exp.In) -> exp.Expr:
        holes = [e for e in node.expressions if isinstance(e, exp.Placeholder)]
        if not holes:
            return node
        parts: list[exp.Expr] = []
        others = [e for e in node.expressions if not isinstance(e, exp.Placeholder)]
        for hole in holes:
            value = self.value(hole)
            values = value if isinstance(value, tuple) else (value,)
            parts.append(values_predicate(node.this, values))
        if others:
            parts.append(exp.In(this=node.this.copy(), expressions=others))
        return _grouped(parts)

    def port_in(self, node: exp.Anonymous) -> exp.Expr:
        value, choice = self.pair(node)
        ports = self.choices(choice, "port_in", ParameterType.PORTS)
        return _grouped([values_predicate(value, ports)])

    def ip_in(self, node: exp.Anonymous) -> exp.Expr:
        value, choice = self.pair(node)
        if _is_unknown(value):
            return literals.null("boolean")
        networks = self.choices(choice, "ip_in", ParameterType.CIDRS)
        return _grouped([values_predicate(value, networks)])

    def pair(self, node: exp.Anonymous) -> tuple[exp.Expr, exp.Expr]:
        if len(node.expressions) != 2:
            raise QueryError(f"{node.name} takes a column and what it should be in")
        return node.expressions[0], node.expressions[1]

    def choices(self, node: exp.Expr, name: str, type: ParameterType) -> tuple[Value, ...]:
        if isinstance(node, exp.Placeholder):
            found = self.value(node)
            if isinstance(found, str) and type is ParameterType.CIDRS:
                found = (parse_network(found),)
            values = found if isinstance(found, tuple) else (found,)
            is_address = any(isinstance(v, IPv4Network | IPv6Network) for v in values)
            if is_address is not (type is ParameterType.CIDRS) or isinstance(found, str):
                raise QueryError(f"{name} cannot take :{node.name}", f"Declare it as {type.value}.")
            return values
        if not (isinstance(node, exp.Literal) and node.is_string):
            raise QueryError(f"The second argument of {name} is a parameter, or text in quotes")
        try:
            listed = parse_argument(Parameter(name, type, ""), node.name)
        except FilterError as error:
            raise QueryError(error.message, error.hint) from None
        assert isinstance(listed, tuple)
        return listed

    def is_private(self, node: exp.Anonymous) -> exp.Expr:
        value = self.single(node)
        if _is_unknown(value):
            return literals.null("boolean")
        return _grouped([in_network(value, network) for network in PRIVATE_NETWORKS])

    def is_opener(self, node: exp.Anonymous) -> exp.Expr:
        value = self.single(node)
        if _is_unknown(value) or self.is_missing(value):
            return literals.null("boolean")
        return exp.EQ(
            this=exp.BitwiseAnd(this=value.copy(), expression=literals.number(SYN | ACK)),
            expression=literals.number(SYN),
        )

    def is_lost(self, node: exp.Anonymous) -> exp.Expr:
        if node.expressions:
            raise QueryError("is_lost() takes no argument")
        status = literals.column("log_status")
        if self.is_missing(status):
            return exp.false()
        return exp.EQ(this=status, expression=literals.text("SKIPDATA"))

    def openers(self, node: exp.Anonymous) -> exp.Expr:
        if node.expressions:
            raise QueryError("openers() takes no argument")
        flags = literals.column("tcp_flags")
        if self.is_missing(flags):
            return literals.null("bigint")
        return exp.CountIf(this=self.is_opener(exp.Anonymous(this="", expressions=[flags])))

    def bucket(self, node: exp.Anonymous) -> exp.Expr:
        if len(node.expressions) != 2:
            raise QueryError("bucket takes a time and a number of seconds")
        value, width = node.expressions
        if not (isinstance(width, exp.Literal) and width.is_int and int(width.name) > 0):
            raise QueryError("The second argument of bucket is a number of seconds above 0")
        whole = value if isinstance(value, exp.Column) else exp.paren(value)
        rest = exp.Mod(this=whole.copy(), expression=width.copy())
        return exp.paren(exp.Sub(this=whole.copy(), expression=rest))

    def optional(self, node: exp.Anonymous) -> exp.Expr:
        value = self.single(node)
        if not isinstance(value, exp.Column):
            raise QueryError("optional takes the name of a field")
        if not self.is_missing(value):
            return value.copy()
        field = canonical(value.name) or value.name
        return literals.null(_SQL_TYPES[FIELD[field].athena_type] if field in FIELD else "varchar")

    def single(self, node: exp.Anonymous) -> exp.Expr:
        if len(node.expressions) != 1:
            raise QueryError(f"{node.name} takes one argument")
        found: exp.Expr = node.expressions[0]
        return found

    def is_missing(self, value: exp.Expr) -> bool:
        return isinstance(value, exp.Column) and not self.columns.has(value.name)


_SQL_TYPES: Final = {"int": "integer", "bigint": "bigint", "string": "varchar"}


def _is_unknown(node: exp.Expr) -> bool:
    """True for an expression that is NULL because the table lacks a field."""
    if isinstance(node, exp.Paren | exp.Not):
        return _is_unknown(node.this)
    if isinstance(node, exp.And):
        return _is_unknown(node.left) or _is_unknown(node.right)
    return isinstance(node, exp.Cast) and isinstance(node.this, exp.Null)


def _grouped(parts: list[exp.Expr]) -> exp.Expr:
    joined = literals.any_of(parts)
    return exp.paren(joined) if isinstance(joined, exp.Or | exp.And) else joined
