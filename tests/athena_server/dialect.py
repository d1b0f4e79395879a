"""Athena (Trino) SQL -> DuckDB SQL: AST fixes that sqlglot does not make, and DuckDB macros."""

from __future__ import annotations

import ipaddress

import duckdb
import sqlglot
from sqlglot import exp

MACROS = """
CREATE MACRO map_agg(k, v) AS map(list(k), list(v));
CREATE MACRO approx_set_size(x) AS approx_count_distinct(x);
CREATE MACRO to_iso8601(x) AS strftime(x::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%g') || 'Z';
CREATE MACRO with_timezone(ts, tz) AS timezone(tz, ts);
CREATE MACRO at_timezone(ts, tz) AS timezone(tz, ts);
CREATE MACRO current_timezone() AS 'UTC';
CREATE MACRO truncate(x) AS trunc(x);
CREATE MACRO human_readable_seconds(s) AS CAST(to_seconds(CAST(s AS BIGINT)) AS VARCHAR);
CREATE MACRO url_extract_host(u) AS regexp_extract(u, '^[a-z]+://([^/:?#]+)', 1);
CREATE MACRO zip(a, b) AS list_zip(a, b);
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO from_base(s, b) AS CASE WHEN b = 16 THEN CAST('0x' || s AS BIGINT) WHEN b = 10 THEN CAST(s AS BIGINT) END;
CREATE MACRO numeric_histogram(n, x) AS histogram(x);
CREATE MACRO day_of_month(d) AS day(d);
CREATE MACRO bitwise_left_shift(a, n) AS CAST(a AS BIGINT) << n;
CREATE MACRO bitwise_right_shift(a, n) AS CAST(a AS BIGINT) >> n;
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO width_bucket(x, lo, hi, n) AS CASE WHEN x < lo THEN 0 WHEN x >= hi THEN n + 1 ELSE CAST(floor((x - lo) * CAST(n AS DOUBLE) / (hi - lo)) AS BIGINT) + 1 END;
CREATE MACRO url_extract_parameter(u, p) AS nullif(regexp_extract(u, '[?&]' || p || '=([^&#]*)', 1), '');
CREATE MACRO url_extract_path(u) AS regexp_extract(u, '^[a-z]+://[^/]+([^?#]*)', 1);
CREATE MACRO map_filter_entries(l) AS map_from_entries(l);
"""


def _to_ip(s):
    try:
        return str(ipaddress.ip_address(s))
    except ValueError:
        raise ValueError(f"Cannot cast value to IPADDRESS: {s}") from None


def _try_to_ip(s):
    try:
        return str(ipaddress.ip_address(s))
    except ValueError:
        return None


_NETS: dict = {}


def _ip_in_cidr(cidr, ip):
    net = _NETS.get(cidr)
    if net is None:
        net = _NETS[cidr] = ipaddress.ip_network(cidr, strict=False)
    a = ipaddress.ip_address(ip)
    return a.version == net.version and a in net


def prepare_connection(con: duckdb.DuckDBPyConnection) -> None:
    """Once per database: Trino-like settings, macros and IP functions."""
    con.execute("SET GLOBAL TimeZone='UTC'")
    con.execute("SET GLOBAL integer_division=true")  # Trino: bigint / bigint is bigint
    con.execute(MACROS)
    for name, fn, args, ret in (
        ("to_ipaddress", _to_ip, ["VARCHAR"], "VARCHAR"),
        ("try_to_ipaddress", _try_to_ip, ["VARCHAR"], "VARCHAR"),
        ("ip_in_cidr", _ip_in_cidr, ["VARCHAR", "VARCHAR"], "BOOLEAN"),
    ):
        con.create_function(
            name, fn, args, ret, **({"null_handling": "special"} if name.startswith("try") else {})
        )


def _is_ip(node) -> bool:
    return isinstance(node, exp.Cast) and node.to.this == exp.DType.IPADDRESS


def _fix(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.ArrayContains) and (
        _is_ip(node.expression)
        or (
            isinstance(node.expression, exp.Anonymous)
            and node.expression.name.endswith("to_ipaddress")
        )
    ):
        return exp.func("ip_in_cidr", node.this, _fix(node.expression))
    if _is_ip(node):
        return exp.func(
            "try_to_ipaddress" if isinstance(node, exp.TryCast) else "to_ipaddress", node.this
        )
    if (
        isinstance(node, exp.Literal)
        and not node.is_string
        and "." in node.name
        and not isinstance(node.parent, exp.Cast)
    ):
        return exp.cast(
            node.copy(), "float" if isinstance(node.parent, exp.ApproxQuantile) else "double"
        )  # Athena types 1.5 as double, Trino and DuckDB as decimal
    if isinstance(
        node, exp.DateDiff
    ):  # Trino counts whole units, DuckDB's date_diff counts boundaries
        return exp.Anonymous(
            this="date_sub",
            expressions=[
                exp.Literal.string((node.text("unit") or "day").lower()),
                node.expression,
                node.this,
            ],
        )
    if isinstance(
        node, (exp.BitwiseAnd, exp.BitwiseOr, exp.BitwiseXor, exp.BitwiseNot)
    ) and not isinstance(node.parent, exp.Cast):
        return exp.cast(exp.paren(node.copy()), "bigint")
    if isinstance(node, exp.Format):
        return exp.func("printf", node.this, *node.expressions)
    if isinstance(node, exp.Anonymous):
        name = node.name.lower()
        if name in ("any_match", "all_match", "none_match") and len(node.expressions) == 2:
            arr, fn = node.expressions
            if name == "all_match":
                return sqlglot.parse_one(
                    f"LENGTH(LIST_FILTER({arr.sql('duckdb')}, {fn.sql('duckdb')})) = LENGTH({arr.sql('duckdb')})",
                    read="duckdb",
                )
            n = exp.func("length", exp.func("list_filter", arr, fn))
            return (
                exp.GT(this=n, expression=exp.Literal.number(0))
                if name == "any_match"
                else exp.EQ(this=n, expression=exp.Literal.number(0))
            )
        if name == "approx_percentile":
            return exp.func("approx_quantile", *node.expressions)
    return node


def name_columns(tree: exp.Expression) -> None:
    """Trino names an unnamed output column _colN; DuckDB names it by its text."""
    sel = tree
    while isinstance(sel, exp.SetOperation):
        sel = sel.left
    sel = sel.unnest() if isinstance(sel, exp.Subquery) else sel
    if not isinstance(sel, exp.Select):
        return
    out = []
    for i, e in enumerate(sel.expressions):
        plain = isinstance(e, (exp.Alias, exp.Column, exp.Star, exp.Dot)) or e.is_star
        out.append(e if plain else exp.alias_(e, f"_col{i}"))
    sel.set("expressions", out)


def fix(tree: exp.Expression) -> exp.Expression:
    """_fix on every node, the innermost first."""
    tree = tree.copy()
    for node in reversed(list(tree.dfs())):
        new = _fix(node)
        if new is not node:
            if node is tree:
                tree = new
            else:
                node.replace(new)
    return tree


def to_duckdb(tree: exp.Expression) -> str:
    tree = fix(tree)
    name_columns(tree)
    return tree.sql(dialect="duckdb", unsupported_level=sqlglot.ErrorLevel.IGNORE)


def bind_parameters(tree: exp.Expression, params: list[str]) -> exp.Expression:
    """ExecutionParameters: a value that parses as a column-free expression is one, else a string."""
    holes = [p for p in tree.find_all(exp.Placeholder)]
    holes.sort(key=lambda p: p.meta.get("start", 0))
    if holes and len(holes) != len(params):
        raise ValueError(
            f"INVALID_PARAMETER_USAGE: Incorrect number of parameters: expected {len(holes)} but found {len(params)}"
        )
    for hole, value in zip(holes, params):
        try:
            e = sqlglot.parse_one(value, read="athena")
            if isinstance(e, exp.Command) or e.find(exp.Column):
                raise ValueError
        except Exception:
            e = exp.Literal.string(value)
        hole.replace(e)
    return tree
