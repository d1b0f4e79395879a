"""Refuses statements that would do more than read the flow logs.

Judged by what the statement is once parsed, not by its words: a query whose text holds the word
DROP in a string is harmless, and a table function that reads files is not.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from sqlglot import exp

from flowtui.errors import GuardError, QueryError
from flowtui.sql.functions import EXPANDED
from flowtui.sql.known_functions import KNOWN_FUNCTIONS
from flowtui.sql.reading import bounded, placed, read

_READING_COMMANDS: Final = frozenset({"SHOW", "EXPLAIN"})
_WRITES: Final[tuple[tuple[type[exp.Expr], str], ...]] = (
    (exp.DML, "it would change data"),
    (exp.DDL, "it would change tables"),
    (exp.Drop, "it would drop something"),
    (exp.Alter, "it would change a table"),
    (exp.Copy, "COPY reads and writes files"),
    (exp.Into, "SELECT INTO would make a table"),
    (exp.Command, "it is a command, not a question"),
    (exp.Set, "it would change settings"),
    (exp.Pragma, "it would change settings"),
    (exp.Attach, "it would open another database"),
    (exp.Detach, "it would close a database"),
    (exp.Use, "it would change the database"),
    (exp.Transaction, "it would open a transaction"),
    (exp.Lock, "it would lock rows"),
    (exp.Parameter, "it names a session variable"),
    (exp.SessionParameter, "it names a session variable"),
)
_HINT: Final = "flowtui runs SELECT, WITH and VALUES; on Athena also SHOW, DESCRIBE and EXPLAIN."


def check_reads_only(sql: str, *, is_local: bool = False) -> None:
    """Pass a statement that only reads.

    Args:
        sql: One statement of Athena SQL.
        is_local: Also refuse what the embedded engine must never see: functions that Athena does
            not have, and catalogue statements.

    Raises:
        GuardError: It would do more than read; says what.
        QueryError: It is no SQL.
    """
    tree = read(sql)
    with bounded():
        check_tree(tree, is_local=is_local)


def check_tree(tree: exp.Expr, *, is_local: bool = False) -> None:
    """As `check_reads_only`, for a statement already parsed."""
    if isinstance(tree, exp.Command | exp.Describe):
        _check_catalogue(tree, is_local)
        return
    if not isinstance(tree, exp.Query | exp.Values):
        raise _refusal(_why(tree))
    for node in tree.walk():
        if isinstance(node, exp.SetOperation):
            _check_sides(node)
        if isinstance(node, exp.Query) and not isinstance(node, exp.DDL):
            continue
        with placed(node):
            _check_node(node, is_local)


def _check_catalogue(tree: exp.Expr, is_local: bool) -> None:
    word = str(tree.this).upper() if isinstance(tree, exp.Command) else "DESCRIBE"
    if word not in (*_READING_COMMANDS, "DESCRIBE"):
        raise _refusal(f"{word} does more than read")
    if is_local:
        raise GuardError(
            f"{word} is for Athena; local files have no catalogue", "Ask with SELECT … FROM flows."
        )
    if word == "EXPLAIN":
        check_tree(read(explained(tree)))


def explained(tree: exp.Expr) -> str:
    """The statement that an EXPLAIN is about."""
    rest = tree.expression.name if isinstance(tree.expression, exp.Expr) else str(tree.expression)
    rest = rest.strip()
    words = rest.split(None, 1)
    if words and words[0].upper() == "ANALYZE":
        rest = words[1] if len(words) > 1 else ""
    if rest.startswith("("):
        closing = rest.find(")")
        inner = rest[1:closing].strip().upper()
        if inner.startswith(("TYPE", "FORMAT")):
            rest = rest[closing + 1 :]
    return rest


def _check_sides(node: exp.SetOperation) -> None:
    for side in (node.left, node.right):
        if not isinstance(side, exp.Query | exp.Values | exp.Table):
            raise QueryError(f"Not Athena SQL: {node.key.upper()} stands between two queries")


def _check_node(node: exp.Expr, is_local: bool) -> None:
    for kind, why in _WRITES:
        if isinstance(node, kind):
            raise _refusal(why)
    if isinstance(node, exp.Table):
        _check_table(node)
    elif is_local and isinstance(node, exp.Anonymous | exp.Func):
        _check_function(node)


def _check_table(table: exp.Table) -> None:
    source = table.this
    if isinstance(source, exp.Func | exp.Anonymous):
        raise _refusal(f"{_function_name(source)} is a table function, which could read anything")
    if not isinstance(source, exp.Identifier):
        raise _refusal("FROM needs the name of a table")
    if any(mark in part.name for part in table.parts for mark in "/\\.*:?[]"):
        raise _refusal(f"{source.name} is a path, not a table")


def _check_function(function: exp.Expr) -> None:
    name = _function_name(function)
    if isinstance(function, exp.Anonymous):
        if name.lower() not in KNOWN_FUNCTIONS and name.lower() not in EXPANDED:
            raise _unknown_function(name)
    elif isinstance(function, exp.ReadCSV | exp.ReadParquet):
        raise _refusal(f"{name} reads files")


def _unknown_function(name: str) -> GuardError:
    near = get_close_matches(name.lower(), KNOWN_FUNCTIONS | EXPANDED, 1)
    hint = f"Did you mean {near[0]}?" if near else _HINT
    return GuardError(f"Refused: {name} is no function that local files answer", hint)


def _function_name(function: exp.Expr) -> str:
    if isinstance(function, exp.Anonymous):
        return function.name
    return function.sql_name() if isinstance(function, exp.Func) else type(function).__name__


def _why(tree: exp.Expr) -> str:
    for kind, why in _WRITES:
        if isinstance(tree, kind):
            return why
    return "it is no question"


def _refusal(why: str) -> GuardError:
    return GuardError(f"Refused: {why}", _HINT)
