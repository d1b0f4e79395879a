"""Puts a query's tables in place: each becomes a view over the files that it has to read."""

from __future__ import annotations

from itertools import count
from typing import Any

import duckdb
import sqlglot
from sqlglot import exp

from tests.athena_server.dialect import rewrite
from tests.athena_server.errors import failure
from tests.athena_server.glue import GlueCatalog, Table
from tests.athena_server.partitions import Partitions, injected_keys, partitions
from tests.athena_server.reading import TextCache, create_view, duck_type, literal, quoted
from tests.athena_server.storage import Storage

_PSEUDO = ("$path", "$file_size")


class Binder:
    """Binds one query."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        glue: GlueCatalog,
        storage: Storage,
        texts: TextCache,
    ) -> None:
        self._connection, self._glue, self._storage = connection, glue, storage
        self._texts = texts
        self._numbers = count()

    def bind(self, tree: Any, database: str) -> int:
        """Replace every table of the catalogue in the tree; gives the bytes to be read.

        Raises:
            QueryFailedError: A table does not exist or cannot be read.
        """
        scanned = 0
        ctes = {cte.alias_or_name.lower() for cte in tree.find_all(exp.CTE)}
        for node in list(tree.find_all(exp.Table)):
            is_cte = not node.db and node.name.lower() in ctes
            if isinstance(node.this, exp.Identifier) and not is_cte:
                scanned += self._bind_table(node, (node.db or database).lower())
        return scanned

    def _bind_table(self, node: Any, database: str) -> int:
        name = node.name.lower()
        if name.endswith("$partitions"):
            table = self._glue.table(database, name.removesuffix("$partitions"))
            _put(node, self._partition_list(table))
            return 0
        table = self._glue.table(database, name)
        if table.view:
            inner = sqlglot.parse_one(table.view, read="athena")
            scanned = self.bind(inner, table.database)
            alias = exp.TableAlias(this=exp.to_identifier(node.alias_or_name, quoted=True))
            node.replace(exp.Subquery(this=inner, alias=alias))
            return scanned
        view = f"t{next(self._numbers)}"
        chosen = self._pruned(table, _on_keys(node, table))
        files = [
            (self._storage.file(uri), values)
            for values, location in chosen
            for uri in self._storage.uris(location)
        ]
        create_view(self._connection, view, table, files, self._texts)
        _hide_pseudo_columns(node)
        _put(node, view)
        return sum(file.size for file, _ in files)

    def _partition_list(self, table: Table) -> str:
        view = f"t{next(self._numbers)}"
        columns = ", ".join(f"{quoted(name.lower())} VARCHAR" for name, _ in table.keys)
        self._connection.execute(f"CREATE TEMP TABLE {view} ({columns})")
        for values, _ in partitions(table, self._glue, self._storage):
            row = ", ".join(literal(value) for value in values)
            self._connection.execute(f"INSERT INTO {view} VALUES ({row})")
        return view

    def _pruned(self, table: Table, condition: Any) -> Partitions:
        """The partitions that the condition on the keys leaves."""
        _require_injected(table, condition)
        found = partitions(table, self._glue, self._storage)
        if condition is None or not found:
            return found
        view = f"t{next(self._numbers)}"
        keys = ", ".join(
            f"CAST(v[{n}] AS {duck_type(kind)}) AS {quoted(name.lower())}"
            for n, (name, kind) in enumerate(table.keys, 1)
        )
        self._connection.execute(f"CREATE TEMP TABLE {view} (v VARCHAR[], location VARCHAR)")
        self._connection.executemany(
            f"INSERT INTO {view} VALUES (?, ?)", [(list(v), place) for v, place in found]
        )
        where = rewrite(condition).sql(dialect="duckdb")
        rows = self._connection.execute(
            f"SELECT v, location FROM (SELECT v, location, {keys} FROM {view}) WHERE {where}"
        ).fetchall()
        return [(tuple(values), location) for values, location in rows]


def _put(node: Any, view: str) -> None:
    """Let the view stand where the table stood, under the same name."""
    new = exp.to_table(view)
    alias = node.args.get("alias")
    new.set("alias", alias or exp.TableAlias(this=exp.to_identifier(node.name, quoted=True)))
    for part in ("joins", "laterals", "sample"):
        if node.args.get(part):
            new.set(part, node.args[part])
    node.replace(new)


def _on_keys(node: Any, table: Table) -> Any:
    """What WHERE says of the partition keys alone; None for nothing."""
    keys = {name.lower() for name, _ in table.keys}
    select = node.find_ancestor(exp.Select)
    if not keys or select is None or not select.args.get("where"):
        return None
    is_alone = not select.args.get("joins")
    where = select.args["where"].this
    found = []
    for part in where.flatten() if isinstance(where, exp.And) else [where]:
        columns = list(part.find_all(exp.Column))
        is_about_keys = columns and all(
            c.name.lower() in keys and (c.table == node.alias_or_name or (is_alone and not c.table))
            for c in columns
        )
        if is_about_keys and not part.find(exp.Select):
            kept = part.copy()
            for column in kept.find_all(exp.Column):
                column.set("table", None)
                column.this.set("this", column.name.lower())
            found.append(kept)
    return exp.and_(*found) if found else None


def _require_injected(table: Table, condition: Any) -> None:
    given: set[str] = set()
    if condition is not None:
        for part in condition.find_all(exp.EQ, exp.In):
            given |= {column.name.lower() for column in part.find_all(exp.Column)}
    for name in sorted(injected_keys(table) - given):
        reason = (
            f"For the injected projected partition column {name}, the WHERE clause must contain "
            "only static equality conditions, and at least one such condition must be present."
        )
        raise failure("CONSTRAINT_VIOLATION", reason)


def _hide_pseudo_columns(node: Any) -> None:
    """Let `*` leave out `$path` in the SELECT that reads the table."""
    select = node.find_ancestor(exp.Select)
    for star in select.find_all(exp.Star) if select else ():
        is_qualified = isinstance(star.parent, exp.Column)
        holder = star.parent if is_qualified else star
        is_ours = not is_qualified or holder.table.lower() == node.alias_or_name.lower()
        if holder.parent is select and is_ours and not star.args.get("except_"):
            star.set("except_", [exp.to_identifier(name, quoted=True) for name in _PSEUDO])
