"""Which tables a query reads, and which of their columns it uses.

Names are resolved as SQL does: within the innermost SELECT whose FROM can provide them, then
outwards. Only what is needed to put another table in a table's place is worked out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from flowtui.domain.fields import FIELD, canonical
from flowtui.errors import QueryError
from flowtui.sql.columns import Columns
from flowtui.sql.reading import place_of, placed

LOGICAL_TABLE = "flows"


@dataclass(slots=True, eq=False)
class Reference:
    """One place where a query names a table that is no CTE of its own."""

    table: exp.Table
    is_logical: bool
    """True for `flows`, False for the name of a physical table."""
    names: dict[str, None] = field(default_factory=dict)
    """Column names that the query uses, as it writes them, in order of use."""
    is_star: bool = False
    """True where the query takes all its columns."""


@dataclass(slots=True, eq=False)
class _Source:
    """One relation in the FROM of a SELECT."""

    alias: str
    reference: Reference | None
    outputs: frozenset[str] | None
    """Lower-case columns it gives; None where they are not known. Empty for references."""


def references(tree: exp.Expr) -> list[Reference]:
    """Every use of a table that is no CTE, in order."""
    return [
        Reference(table, is_logical=_is_logical(table))
        for table in tree.find_all(exp.Table, bfs=False)
        if isinstance(table.this, exp.Identifier) and not cte_of(table)
    ]


def _is_logical(table: exp.Table) -> bool:
    return table.name.lower() == LOGICAL_TABLE and not table.args.get("db")


def cte_of(table: exp.Table) -> exp.CTE | None:
    """The CTE that a table's name means there; None for a real table."""
    if table.args.get("db"):
        return None
    name = table.name.lower()
    node: exp.Expr | None = table
    inside: exp.Expr | None = None
    while node is not None:
        with_ = node.args.get("with_")
        if isinstance(with_, exp.With) and inside is not with_:
            if found := _named(with_.expressions, name):
                return found
        elif isinstance(node, exp.With) and isinstance(inside, exp.CTE):
            index = next(i for i, cte in enumerate(node.expressions) if cte is inside)
            earlier = node.expressions[: index + 1 if node.recursive else index]
            if found := _named(earlier, name):
                return found
        inside, node = node, node.parent
    return None


def _named(ctes: list[exp.Expr], name: str) -> exp.CTE | None:
    found = (c for c in reversed(ctes) if isinstance(c, exp.CTE) and c.alias.lower() == name)
    return next(found, None)


def sources_of(select: exp.Select) -> list[exp.Expr]:
    """The relations in a SELECT's FROM and joins."""
    from_ = select.args.get("from_")
    roots = [from_.this] if isinstance(from_, exp.From) else []
    roots += [join.this for join in select.args.get("joins") or []]
    roots += list(select.args.get("laterals") or [])
    return [relation for root in roots for relation in _relations(root)]


def _relations(node: exp.Expr) -> Iterator[exp.Expr]:
    is_wrapped = isinstance(node, exp.Subquery | exp.Paren) and isinstance(
        node.this, exp.Table | exp.Subquery
    )
    if is_wrapped and not node.alias:
        yield from _relations(node.this)
    else:
        yield node
    for join in node.args.get("joins") or []:
        yield from _relations(join.this)


class Usage:
    """Works out the columns that a query uses of each reference.

    Args:
        tree: The query.
        found: Its references, whose `names` and `is_star` are filled in.
        columns: What the table can provide.
    """

    def __init__(self, tree: exp.Expr, found: list[Reference], columns: Columns) -> None:
        self.tree = tree
        self.columns = columns
        self._by_table = {id(reference.table): reference for reference in found}
        self._sources: dict[int, list[_Source]] = {}
        self._aliases: dict[int, frozenset[str]] = {}

    def collect(self) -> None:
        """Fill in the references.

        Raises:
            MissingFieldError: A column that only the table could give, and does not.
            QueryError: The same for names that are no field.
        """
        for select in self.tree.find_all(exp.Select, bfs=False):
            self._stars(select)
            for join in select.args.get("joins") or []:
                for name in join.args.get("using") or []:
                    self._take_from_all(select, name.name)
        for column in self.tree.find_all(exp.Column, bfs=False):
            if not isinstance(column.this, exp.Star):
                self._column(column)

    def _sources_of(self, select: exp.Select) -> list[_Source]:
        if id(select) not in self._sources:
            self._sources[id(select)] = [self._source(node) for node in sources_of(select)]
        return self._sources[id(select)]

    def _source(self, node: exp.Expr) -> _Source:
        alias = node.alias_or_name.lower()
        if isinstance(node, exp.Table):
            if reference := self._by_table.get(id(node)):
                return _Source(alias, reference, frozenset())
            cte = cte_of(node)
            return _Source(alias, None, self._outputs(cte.this, cte) if cte else None)
        if isinstance(node, exp.Subquery):
            return _Source(alias, None, self._outputs(node.this, node))
        named = node.args.get("alias")
        if isinstance(named, exp.TableAlias) and named.columns:
            return _Source(alias, None, frozenset(c.name.lower() for c in named.columns))
        return _Source(alias, None, None)

    def _outputs(self, query: exp.Expr, named: exp.Expr) -> frozenset[str] | None:
        alias = named.args.get("alias")
        if isinstance(alias, exp.TableAlias) and alias.columns:
            return frozenset(column.name.lower() for column in alias.columns)
        if not isinstance(query, exp.Query):
            return None
        if any(select.is_star for select in query.selects):
            return None
        return frozenset(name.lower() for name in query.named_selects)

    def _stars(self, select: exp.Select) -> None:
        for item in select.expressions:
            if isinstance(item, exp.Star):
                for source in self._sources_of(select):
                    self._all(source)
            elif isinstance(item, exp.Column) and isinstance(item.this, exp.Star):
                for source in self._sources_of(select):
                    if source.alias == item.table.lower():
                        self._all(source)

    def _all(self, source: _Source) -> None:
        if source.reference:
            source.reference.is_star = True

    def _take_from_all(self, select: exp.Select, name: str) -> None:
        for source in self._sources_of(select):
            if source.reference and self.columns.has(name):
                source.reference.names[name] = None

    def _column(self, column: exp.Column) -> None:
        name = column.name
        selects = list(_enclosing(column))
        for select in selects:
            for source in self._sources_of(select):
                if column.table and source.alias != column.table.lower():
                    continue
                if source.reference and (column.table or self._can_give(column, select)):
                    source.reference.names[name] = None
                    return
                if not source.reference and self._gives(source, column):
                    return
            if not column.table and self._is_alias(column, select):
                return
        if not column.table:
            self._refuse(column, selects)

    def _is_alias(self, column: exp.Column, select: exp.Select) -> bool:
        # Kept: a SELECT of thousands of columns would be looked through for each of them.
        if id(select) not in self._aliases:
            items = (item for item in select.expressions if isinstance(item, exp.Alias))
            self._aliases[id(select)] = frozenset(item.alias.lower() for item in items)
        return column.name.lower() in self._aliases[id(select)]

    def _can_give(self, column: exp.Column, select: exp.Select) -> bool:
        is_output = self._is_alias(column, select) and _is_under(column, select, "order")
        is_given = any(
            not s.reference and s.outputs is not None and column.name.lower() in s.outputs
            for s in self._sources_of(select)
        )
        return not is_output and not is_given and self.columns.has(column.name)

    def _gives(self, source: _Source, column: exp.Column) -> bool:
        if column.table:
            return True
        return source.outputs is not None and column.name.lower() in source.outputs

    def _refuse(self, column: exp.Column, selects: list[exp.Select]) -> None:
        """Raise where no relation in sight could have the column."""
        sources = [source for select in selects for source in self._sources_of(select)]
        is_ours = any(source.reference for source in sources)
        if is_ours and not any(not s.reference and s.outputs is None for s in sources):
            with placed(column):
                self.columns.resolve(column.name)


def _enclosing(node: exp.Expr) -> Iterator[exp.Select]:
    """SELECTs around a node, the innermost first, without those whose FROM it stands in."""
    inside, parent = node, node.parent
    while parent is not None:
        if isinstance(parent, exp.Select) and not isinstance(inside, exp.From | exp.With):
            yield parent
        inside, parent = parent, parent.parent


def _is_under(node: exp.Expr, select: exp.Select, part: str) -> bool:
    clause = select.args.get(part)
    parent = node.parent
    while parent is not None and parent is not select:
        if parent is clause:
            return True
        parent = parent.parent
    return False


def refuse_aliases(tree: exp.Expr, columns: Columns) -> None:
    """Refuse an output's alias in WHERE, GROUP BY and HAVING, as Athena does.

    Raises:
        QueryError: Naming the alias and what to write.
    """
    for select in tree.find_all(exp.Select):
        aliases = {a.alias.lower() for a in select.expressions if isinstance(a, exp.Alias)}
        for part in ("where", "group", "having"):
            for column in _direct_columns(select.args.get(part)):
                name = column.name
                if column.table or name.lower() not in aliases or _is_field(name, columns):
                    continue
                if _is_elsewhere(select, name):
                    continue
                raise QueryError(
                    f"Athena does not know the heading {name} in {part.upper()}",
                    "Repeat the expression, or its number in GROUP BY.",
                    place_of(column),
                )


def _is_field(name: str, columns: Columns) -> bool:
    return columns.has(name) or name in FIELD or canonical(name) is not None


def _is_elsewhere(select: exp.Select, name: str) -> bool:
    """True where another relation of the FROM may have a column of that name."""
    for node in sources_of(select):
        query = node.this if isinstance(node, exp.Subquery) else None
        if isinstance(node, exp.Table):
            cte = cte_of(node)
            query = cte.this if cte else None
            if cte is None:
                continue
        if not isinstance(query, exp.Query):
            return True
        if query.is_star or name.lower() in (n.lower() for n in query.named_selects):
            return True
    return False


def _direct_columns(clause: exp.Expr | None) -> Iterator[exp.Column]:
    if clause is None:
        return
    for node in clause.walk(prune=lambda n: isinstance(n, exp.Query)):
        if isinstance(node, exp.Column):
            yield node
