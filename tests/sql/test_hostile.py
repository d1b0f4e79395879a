from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest
import sqlglot
from hypothesis import example, given
from hypothesis import strategies as st
from sqlglot import exp

from flowtui.domain.filters import Condition, FlowFilter
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.domain.schema import PhysicalColumn, TableSchema
from flowtui.errors import QueryError
from flowtui.sql import compile_sql, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import DOCS, connect

SCHEMA = TableSchema(
    "vpc_flow_logs", (PhysicalColumn("instance_tag", "string", "instance_tag"),), is_local=True
)
ATHENA = TableSchema("t", SCHEMA.columns, database="d")
NASTY = (
    "' OR 1=1 --", "'; DROP TABLE vpc_flow_logs; --", "\\' OR 1=1 --", "a\nb", "a\r\nb", "\x00",
    "__SQLGLOT__LB__", "a__SQLGLOT__LB__b", '"', "`", "/*", "*/", "--", "${x}", "{x}", ":x", "?",
    "%s", "\u202eevil", "\x1b[31m", "[red]x[/]", "''", "'", "\\", "U&'\\0041'", "\ufeff", "\u2028",
)  # fmt: skip
TEXTS = st.sampled_from(NASTY) | st.text(max_size=20)


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with one text field."""
    made = connect()
    made.execute("CREATE TABLE vpc_flow_logs (instance_tag VARCHAR)")
    yield made
    made.close()


def _shape(sql: str) -> list[type[exp.Expr]]:
    tree = sqlglot.parse_one(sql, read="athena")
    return [type(node) for node in tree.walk()]


@given(value=TEXTS)
@example(value="'")
def test_a_value_is_found_as_it_is(connection: duckdb.DuckDBPyConnection, value: str) -> None:
    """Whatever a text holds, asking for it finds it and nothing else."""
    filter = FlowFilter((Condition("instance_tag", (value,)),))
    try:
        statement = compile_sql("SELECT instance_tag FROM flows", filter, SCHEMA, NOW)
    except QueryError:
        assert any("\ud800" <= letter <= "\udfff" for letter in value)
        return
    connection.execute("DELETE FROM vpc_flow_logs")
    connection.executemany("INSERT INTO vpc_flow_logs VALUES (?)", [(value,), (value + "x",)])
    assert connection.execute(to_duckdb(statement.sql)).fetchall() == [(value,)]


@given(value=TEXTS)
def test_no_value_escapes_its_literal(value: str) -> None:
    """The statement parses into one SELECT that reads one table, whatever the value."""
    filter = FlowFilter((Condition("instance_tag", (value,), is_excluded=True),))
    try:
        sql = compile_sql("SELECT instance_tag FROM flows", filter, ATHENA, NOW).sql
    except QueryError:
        return
    (tree,) = sqlglot.parse(sql, read="athena")
    assert isinstance(tree, exp.Select)
    tables = [table.name for table in tree.find_all(exp.Table)]
    assert tables == ["flows", "t"]
    assert {c.name for c in tree.find_all(exp.Column)} == {"instance_tag"}


@given(value=TEXTS)
def test_no_argument_escapes_its_literal(value: str) -> None:
    """A text parameter becomes literals and nothing else."""
    parameter = Parameter("tag", ParameterType.TEXT, "")
    try:
        sql = compile_sql(
            "SELECT instance_tag FROM flows WHERE instance_tag = :tag",
            FlowFilter(),
            ATHENA,
            NOW,
            parameters=(parameter,),
            arguments=(("tag", value),),
        ).sql
    except QueryError:
        return
    assert set(_shape(sql)) <= set(_shape(PLAIN))


PLAIN = (
    "WITH flows AS (SELECT NULLIF(a, '-') AS a FROM d.t) "
    "SELECT a FROM flows WHERE a = ('x' || chr(1))"
)


@given(name=st.text(min_size=1, max_size=12))
@example(name='a"; DROP TABLE t; --')
def test_names_from_a_catalogue_are_only_names(name: str) -> None:
    """A column or table of any name is quoted, and read as one name."""
    schema = TableSchema(name, (PhysicalColumn(name, "string", None),), database=name)
    filter = FlowFilter((Condition(name, ("x",)),))
    try:
        sql = compile_sql("SELECT count(*) AS n FROM flows", filter, schema, NOW).sql
    except QueryError:
        return
    (tree,) = sqlglot.parse(sql, read="athena")
    assert isinstance(tree, exp.Select)
    assert [t.name for t in tree.find_all(exp.Table)] in (["flows", name], [name, "flows"])


@pytest.mark.parametrize("value", NASTY)
def test_what_is_shown_can_be_shown(value: str) -> None:
    """The SQL on the screen holds no control character and no escape sequence."""
    filter = FlowFilter((Condition("instance_id", (value,)),))
    sql = compile_sql("SELECT count(*) AS n FROM flows", filter, DOCS, NOW).sql
    assert all(letter.isprintable() or letter == "\n" for letter in sql)
