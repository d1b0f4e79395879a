"""The DuckDB that computes, set up to count as Trino does."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import duckdb

_MACROS: Final = """
CREATE MACRO map_agg(k, v) AS map(list(k), list(v));
CREATE MACRO to_iso8601(x) AS strftime(x::TIMESTAMP, '%Y-%m-%dT%H:%M:%S.%g') || 'Z';
CREATE MACRO with_timezone(ts, tz) AS timezone(tz, ts);
CREATE MACRO at_timezone(ts, tz) AS timezone(tz, ts);
CREATE MACRO current_timezone() AS 'UTC';
CREATE MACRO truncate(x) AS trunc(x);
CREATE MACRO human_readable_seconds(s) AS CAST(to_seconds(CAST(s AS BIGINT)) AS VARCHAR);
CREATE MACRO zip(a, b) AS list_zip(a, b);
CREATE MACRO codepoint(s) AS unicode(s);
CREATE MACRO from_base(s, b) AS
  CASE WHEN b = 16 THEN CAST('0x' || s AS BIGINT) WHEN b = 10 THEN CAST(s AS BIGINT) END;
CREATE MACRO numeric_histogram(n, x) AS histogram(x);
CREATE MACRO day_of_month(d) AS day(d);
CREATE MACRO bitwise_left_shift(a, n) AS CAST(a AS BIGINT) << n;
CREATE MACRO bitwise_right_shift(a, n) AS CAST(a AS BIGINT) >> n;
CREATE MACRO nan() AS CAST('NaN' AS DOUBLE);
CREATE MACRO infinity() AS CAST('Infinity' AS DOUBLE);
CREATE MACRO width_bucket(x, lo, hi, n) AS CASE WHEN x < lo THEN 0 WHEN x >= hi THEN n + 1
  ELSE CAST(floor((x - lo) * CAST(n AS DOUBLE) / (hi - lo)) AS BIGINT) + 1 END;
CREATE MACRO url_extract_host(u) AS regexp_extract(u, '^[a-z]+://([^/:?#]+)', 1);
CREATE MACRO url_extract_path(u) AS regexp_extract(u, '^[a-z]+://[^/]+([^?#]*)', 1);
CREATE MACRO url_extract_parameter(u, p) AS
  nullif(regexp_extract(u, '[?&]' || p || '=([^&#]*)', 1), '');
CREATE MACRO double_text(x) AS CASE
  WHEN isinf(x) THEN CASE WHEN x > 0 THEN 'Infinity' ELSE '-Infinity' END
  WHEN isnan(x) THEN 'NaN'
  WHEN x = 0 OR (abs(x) >= 1e-3 AND abs(x) < 1e7) THEN CAST(x AS VARCHAR)
  ELSE java_double(x) END;
"""


def open_duckdb(threads: int) -> duckdb.DuckDBPyConnection:
    """An empty database in memory."""
    connection = duckdb.connect(":memory:", config={"threads": threads})
    connection.execute("SET GLOBAL TimeZone='UTC'")
    # bigint / bigint is bigint in Trino.
    connection.execute("SET GLOBAL integer_division=true")
    functions: tuple[tuple[Callable[..., Any], list[Any], str], ...] = (
        (to_ipaddress, ["VARCHAR"], "VARCHAR"),
        (ip_in_cidr, ["VARCHAR", "VARCHAR"], "BOOLEAN"),
        (java_double, ["DOUBLE"], "VARCHAR"),
    )
    for function, parameters, result in functions:
        connection.create_function(function.__name__, function, parameters, result)
    # Its stub knows no string, its code no enum.
    special: Any = "special"
    connection.create_function(
        "try_to_ipaddress", try_to_ipaddress, ["VARCHAR"], "VARCHAR", null_handling=special
    )
    connection.execute(_MACROS)
    return connection


def to_ipaddress(text: str) -> str:
    """CAST(text AS IPADDRESS).

    Raises:
        ValueError: It is none.
    """
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(f"Cannot cast value to IPADDRESS: {text}") from None


def try_to_ipaddress(text: str | None) -> str | None:
    """TRY_CAST(text AS IPADDRESS)."""
    try:
        return str(ipaddress.ip_address(text)) if text else None
    except ValueError:
        return None


@lru_cache
def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(cidr, strict=False)


@lru_cache(1 << 16)
def ip_in_cidr(cidr: str, address: str) -> bool:
    """contains(cidr, address)."""
    network, found = _network(cidr), ipaddress.ip_address(address)
    return found.version == network.version and found in network


def java_double(number: float) -> str:
    """A large or small double as Java writes it: 1.0E7."""
    digits, _, exponent = f"{number!r}".partition("e")
    if exponent:
        mantissa, power = digits, int(exponent)
    else:
        digits, _, exponent = f"{number:.17e}".partition("e")
        power = int(exponent)
        mantissa = repr(round(float(digits), 16))
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}E{power}"
