from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.domain.addresses import Network, is_private
from flowtui.sql import compile_sql, to_duckdb
from tests.domain.filters_made import NETWORKS
from tests.sql.records import NOW
from tests.sql.tables import LOCAL, connect

from flowtui.domain.filters import NO_FILTER  # isort: skip

TRICKY = (
    "", "-", " ", "1.2.3", "1.2.3.4.", ".1.2.3.4", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", "1.2.3.-4",
    "::", "::1", "1::", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "1::2::3",
    ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::ffff:1.2.3.4", "::FFFF:10.2.3.4",
    "64:ff9b::1.2.3.4", "::1.2.3.256", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "12345::",
    "g::", "::1:", "1:::2", ":1::2", "1::2:", "1.2.3.4:", "1.2.3.4::", "::.1", "::1.2.3",
    "1.2.3.4::1", "0.0.0.0", "255.255.255.255", "FD00::Ab", "0:0:0:0:0:0:0:0", "10.evil", "10.",
    "10.0.0.1/8", "١.2.3.4",
)  # fmt: skip


@st.composite
def addresses(draw: st.DrawFn) -> str:
    """An address in any of its spellings, half of them with many zero groups."""
    if draw(st.booleans()):
        return str(draw(st.ip_addresses(v=4)))
    groups = draw(st.lists(st.sampled_from([0, 0, 1, 0xFFFF, 0xFD00]) | st.integers(0, 0xFFFF),
                           min_size=8, max_size=8))  # fmt: skip
    number = sum(group << 16 * (7 - place) for place, group in enumerate(groups))
    address = ip_address(number + (1 << 127 if number < 2**33 else 0))
    text = draw(st.sampled_from([str(address), address.exploded]))
    return draw(st.sampled_from([text, text.upper()]))


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A DuckDB with one table of one address."""
    made = connect()
    made.execute("CREATE TABLE found (address VARCHAR)")
    yield made
    made.close()


def _inside(network: Network, address: str) -> bool | None:
    try:
        found = ip_address(address)
    except ValueError:
        return None
    return found.version == network.version and found in network


@given(
    found=st.lists(addresses() | st.sampled_from(TRICKY) | st.text(max_size=8), max_size=20),
    network=NETWORKS,
    near=st.integers(0, 2**32),
)
def test_networks_hold_what_python_says(
    connection: duckdb.DuckDBPyConnection, found: list[str], network: Network, near: int
) -> None:
    """`contains` is exact for IPv4 and IPv6, NULL where the text is no address."""
    inside = str(network[near % network.num_addresses])
    rows = [text for text in (*found, inside) if "%" not in text and "\0" not in text]
    connection.execute("DELETE FROM found")
    connection.executemany("INSERT INTO found VALUES (?)", [(text,) for text in rows])
    test = f"contains('{network}', TRY_CAST(address AS IPADDRESS))"
    strict = to_duckdb(f"SELECT address, {test} AS inside FROM found")
    assert connection.execute(strict).fetchall() == [(a, _inside(network, a)) for a in rows]
    loose = to_duckdb(f"SELECT address FROM found WHERE {test}")
    kept = [a for (a,) in connection.execute(loose).fetchall()]
    assert kept == [a for a in rows if _inside(network, a)]


@given(found=st.lists(addresses() | st.sampled_from(TRICKY), min_size=1, max_size=20))
def test_private_is_what_the_domain_says(
    connection: duckdb.DuckDBPyConnection, found: list[str]
) -> None:
    """`is_private` in SQL and in Python agree."""
    connection.execute("DELETE FROM found")
    connection.executemany("INSERT INTO found VALUES (?)", [(text,) for text in found])
    connection.execute("CREATE OR REPLACE VIEW vpc_flow_logs AS SELECT address AS srcaddr, "
                       "'OK' AS log_status FROM found")  # fmt: skip
    statement = compile_sql(
        "SELECT srcaddr, is_private(srcaddr) AS p FROM flows", NO_FILTER, LOCAL, NOW
    )
    rows = connection.execute(to_duckdb(statement.sql)).fetchall()
    assert rows == [(text, is_private(text)) for text in found]


def test_addresses_sort_by_number(connection: duckdb.DuckDBPyConnection) -> None:
    """ORDER BY CAST(x AS IPADDRESS) orders as numbers do, IPv4 mapped into IPv6."""
    sql = (
        "SELECT x FROM (VALUES '10.0.0.2', '9.1.1.1', 'fd00::1', '::1', '2001:db8::') AS t(x) "
        "ORDER BY CAST(x AS IPADDRESS)"
    )
    found = [x for (x,) in connection.execute(to_duckdb(sql)).fetchall()]
    assert found == ["::1", "9.1.1.1", "10.0.0.2", "2001:db8::", "fd00::1"]


def test_many_networks_are_planned_in_time(connection: duckdb.DuckDBPyConnection) -> None:
    """A sweep for a hundred networks on four fields is planned and run."""
    nets = ",".join(str(ip_network((0x20010DB8 << 96) + (n << 64))) for n in range(100))
    connection.execute(
        "CREATE OR REPLACE VIEW vpc_flow_logs AS SELECT 'fd00::1' AS srcaddr, '10.0.0.1' AS "
        "dstaddr, 'fd00::1' AS pkt_srcaddr, '10.0.0.1' AS pkt_dstaddr, 'OK' AS log_status"
    )
    sides = " OR ".join(
        f"ip_in({field}, '{nets},10.0.0.0/8')"
        for field in ("srcaddr", "dstaddr", "pkt_srcaddr", "pkt_dstaddr")
    )
    sql = f"SELECT count(*) AS n, count_if(NOT is_private(srcaddr)) FROM flows WHERE {sides}"
    statement = compile_sql(sql, NO_FILTER, LOCAL, NOW)
    assert connection.execute(to_duckdb(statement.sql)).fetchall() == [(1, 0)]
