"""SQL that a person typed, as a query: its parameters, and whether its rows are records."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sqlglot import exp

from flowtui.domain.fields import FIELD, Kind, canonical
from flowtui.domain.queries import TYPED, Parameter, ParameterType, SavedQuery
from flowtui.sql.reading import bounded, read

_OF_KIND: Final = {
    Kind.PORT: ParameterType.PORT,
    Kind.ADDRESS: ParameterType.ADDRESS,
    Kind.BYTES: ParameterType.BYTES,
}
_LISTED: Final = {
    ParameterType.PORT: ParameterType.PORTS,
    ParameterType.ADDRESS: ParameterType.CIDRS,
}
_OF_FUNCTION: Final = {
    "port_in": ParameterType.PORTS,
    "ip_in": ParameterType.CIDRS,
    "bucket": ParameterType.DURATION,
}


def typed_query(sql: str, base: SavedQuery) -> SavedQuery:
    """A query of the SQL that a person made out of another.

    Its parameters are those that the SQL names, in order of use: declared ones stay as they are,
    for others the type is guessed from what they stand beside, and there is no default.

    Raises:
        QueryError: It is no SQL.
    """
    tree = read(sql)
    with bounded():
        names = tree.named_selects if isinstance(tree, exp.Query) else []
        return replace(
            base,
            sql=sql,
            parameters=_parameters(tree, base.parameters),
            source=TYPED,
            drill=tuple(pair for pair in base.drill if pair[0] in names),
            is_records=_is_records(tree),
        )


def _parameters(tree: exp.Expr, known: tuple[Parameter, ...]) -> tuple[Parameter, ...]:
    declared = {parameter.name: parameter for parameter in known}
    found: dict[str, Parameter] = {}
    for hole in tree.find_all(exp.Placeholder, bfs=False):
        name = hole.name
        if name and name not in found:
            found[name] = declared.get(name) or Parameter(name, _guess(hole), "")
    return tuple(found.values())


def _is_records(tree: exp.Expr) -> bool:
    """True where each row is a record as it is in the flow logs."""
    if not isinstance(tree, exp.Select) or tree.args.get("with_") or tree.args.get("joins"):
        return False
    from_ = tree.args.get("from_")
    if not isinstance(from_, exp.From) or not isinstance(from_.this, exp.Table):
        return False
    return len(tree.expressions) == 1 and isinstance(tree.expressions[0], exp.Star)


def _guess(hole: exp.Placeholder) -> ParameterType:
    parent = hole.parent
    if isinstance(parent, exp.Anonymous):
        return _OF_FUNCTION.get(parent.name.lower(), ParameterType.TEXT)
    if isinstance(parent, exp.Limit | exp.Offset):
        return ParameterType.COUNT
    if isinstance(parent, exp.In):
        single = _of_column(parent.this)
        return _LISTED.get(single, single)
    if isinstance(parent, exp.Predicate):
        sides = [
            side for side in parent.iter_expressions() if not isinstance(side, exp.Placeholder)
        ]
        return _of_column(sides[0]) if sides else ParameterType.TEXT
    return ParameterType.TEXT


def _of_column(node: exp.Expr) -> ParameterType:
    if isinstance(node, exp.Sum | exp.Max | exp.Min | exp.Avg):
        return _of_column(node.this)
    if isinstance(node, exp.Count | exp.CountIf):
        return ParameterType.COUNT
    field = FIELD.get(canonical(node.name) or "") if isinstance(node, exp.Column) else None
    if field is None:
        return ParameterType.TEXT
    if field.kind in _OF_KIND:
        return _OF_KIND[field.kind]
    return ParameterType.COUNT if field.kind.is_number else ParameterType.TEXT
