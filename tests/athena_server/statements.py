"""What a statement is, and whether Athena would take it at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.athena_server.errors import RefusedError
from tests.athena_server.trino.nodes import Expr, Query
from tests.athena_server.trino.queries import QueryReader
from tests.athena_server.trino.tokens import SqlRefusedError, TokenKind, tokenize

_QUERY_WORDS: Final = ("SELECT", "WITH", "VALUES", "TABLE", "(")
_HIVE_WORDS: Final = ("CREATE", "DROP", "ALTER", "MSCK", "SHOW", "DESCRIBE", "DESC")
_UNSUPPORTED: Final = ("INSERT", "DELETE", "UPDATE", "MERGE", "VACUUM", "OPTIMIZE", "CALL")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that StartQueryExecution takes."""

    verb: str
    """SubstatementType."""
    kind: str
    """StatementType: DML, DDL or UTILITY."""
    sql: str
    """Of EXPLAIN, UNLOAD and views: the query inside."""
    query: Query | None = None
    target: str = ""
    """Of a view its name, of UNLOAD the place, of EXECUTE the prepared statement."""
    arguments: tuple[str, ...] = ()
    """Of EXECUTE: the values after USING."""
    option: str = ""
    """Of EXPLAIN: ANALYZE or VALIDATE."""

    @property
    def suffix(self) -> str:
        """Of the result's file."""
        return "csv" if self.kind == "DML" else "txt"


class StatementReader(QueryReader):
    """Reads one statement from the engine's side; Hive's own are left to Hive."""

    def statement(self) -> Statement:
        """The whole text as a statement.

        Raises:
            SqlRefusedError: Trino has no such statement.
        """
        word = self.token.upper
        if word in _QUERY_WORDS:
            return self._whole_query("SELECT", "DML")
        if word == "EXPLAIN":
            return self._explain()
        if word == "UNLOAD":
            return self._unload()
        if word == "EXECUTE":
            return self._execute()
        if self.sees("CREATE", "VIEW") or self.sees("CREATE", "OR", "REPLACE"):
            return self._view()
        if word in _HIVE_WORDS:
            verb = f"{word}_{self.ahead(1).upper}" if word in ("CREATE", "SHOW") else word
            return Statement(verb, "UTILITY" if word[:2] in ("SH", "DE") else "DDL", self.sql)
        if word in _UNSUPPORTED:
            return Statement(word, "DML", self.sql)
        for wanted in sorted((*_QUERY_WORDS, *_HIVE_WORDS, "EXPLAIN", "EXECUTE")):
            self.accept(wanted)
        raise self.refusal()

    def _whole_query(self, verb: str, kind: str, option: str = "") -> Statement:
        start = self.token.offset
        query = self.query()
        self.finish()
        return Statement(verb, kind, self.sql[start:], query, option=option)

    def _explain(self) -> Statement:
        self.expect("EXPLAIN")
        option = "ANALYZE" if self.accept("ANALYZE") else ""
        self.accept("VERBOSE")
        if self.sees("(") and self.ahead(1).upper in ("FORMAT", "TYPE"):
            for words in self.enclosed(lambda: self.listed(self._explain_option)):
                option = "VALIDATE" if words == ("TYPE", "VALIDATE") else option
        return self._whole_query("EXPLAIN", "UTILITY", option)

    def _explain_option(self) -> tuple[str, str]:
        return self.next().upper, self.name().upper

    def _unload(self) -> Statement:
        self.expect("UNLOAD", "(")
        start = self.token.offset
        query = self.query()
        end = self.expect(")").offset
        self.expect("TO")
        target = self.expect_kind("string", TokenKind.STRING).name
        if self.accept("WITH"):
            self.enclosed(lambda: self.listed(self.expression))
        self.finish()
        return Statement("UNLOAD", "DML", self.sql[start:end], query, target)

    def _execute(self) -> Statement:
        self.expect("EXECUTE")
        target = self.name().name
        arguments: list[str] = []
        if self.accept("USING"):
            arguments = self.listed(self._argument)
        self.finish()
        return Statement("EXECUTE", "DML", self.sql, None, target, tuple(arguments))

    def _argument(self) -> str:
        start = self.token.offset
        self.expression()
        return self.sql[start : self.token.offset].strip()

    def _view(self) -> Statement:
        self.expect("CREATE")
        self.accept("OR", "REPLACE")
        self.expect("VIEW")
        target = ".".join(self.dotted())
        self.expect("AS")
        return self._view_body(target)

    def _view_body(self, target: str) -> Statement:
        start = self.token.offset
        query = self.query()
        self.finish()
        return Statement("CREATE_VIEW", "DDL", self.sql[start:].rstrip("; \n"), query, target)


def read_statement(sql: str) -> Statement:
    """The statement, if StartQueryExecution takes it.

    Raises:
        RefusedError: It does not.
    """
    tokens = tokenize(sql)
    ends = [n for n, token in enumerate(tokens) if token.upper == ";"]
    if ends and ends[0] < len(tokens) - 2:
        raise RefusedError(f"Only one sql statement is allowed. Got: {sql}", "MALFORMED_QUERY")
    try:
        return StatementReader(sql).statement()
    except SqlRefusedError as refused:
        raise RefusedError(str(refused), "MALFORMED_QUERY") from refused


def fill_parameters(sql: str, values: tuple[str, ...]) -> str:
    """Put ExecutionParameters in the place of the question marks.

    A value that is an expression without columns is one; anything else is a string.

    Raises:
        RefusedError: There are more or fewer values than places.
    """
    places = [token.offset for token in tokenize(sql) if token.upper == "?"]
    if len(places) != len(values):
        raise RefusedError(
            f"Incorrect number of parameters: expected {len(places)} but found {len(values)}",
            "INVALID_PARAMETER_USAGE",
        )
    for place, value in reversed(list(zip(places, values, strict=True))):
        sql = sql[:place] + _parameter(value) + sql[place + 1 :]
    return sql


def _parameter(value: str) -> str:
    reader = QueryReader(value)
    try:
        found = reader.expression()
        reader.finish()
    except SqlRefusedError:
        found = None
    is_constant = found is not None and not _names_column(found)
    return value if is_constant else "'" + value.replace("'", "''") + "'"


def _names_column(expr: Expr) -> bool:
    return expr.kind in ("column", "query") or any(map(_names_column, expr.args))
