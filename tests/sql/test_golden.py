from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from flowtui.domain.filterline import parse_filter
from flowtui.domain.queries import Parameter, ParameterType
from flowtui.sql import compile_sql, to_duckdb
from tests.sql.records import NOW
from tests.sql.tables import TABLES

GOLDEN = Path(__file__).parent / "golden"
SPAN = "from:2026-11-23T22:10Z to:2026-11-24T10:30Z"
PAIRS = """
    SELECT srcaddr, dstaddr, count(*) AS records, sum(bytes) AS bytes, openers() AS openers
    FROM flows WHERE action = 'REJECT'
    GROUP BY srcaddr, dstaddr ORDER BY records DESC, srcaddr, dstaddr LIMIT 10
"""
CLASSIC = """
    SELECT sourceaddress, destinationaddress, count(*) cnt FROM vpc_flow_logs
    WHERE action = 'REJECT' GROUP BY sourceaddress, destinationaddress ORDER BY cnt desc LIMIT 10;
"""
OWN_CTE = """
    WITH slots AS (SELECT bucket(start, :width) AS slot, bytes FROM flows
                   WHERE ip_in(srcaddr, :nets) AND NOT is_private(dstaddr))
    SELECT slot, sum(bytes) AS bytes FROM slots GROUP BY slot ORDER BY slot
"""
PARAMETERS = (
    Parameter("width", ParameterType.DURATION, "5m"),
    Parameter("nets", ParameterType.CIDRS, "10.0.0.0/8,fd00::/8"),
)


@dataclass(frozen=True)
class Case:
    """One question over one table."""

    name: str
    table: str
    sql: str
    line: str


def _cases() -> Iterator[Case]:
    for table in TABLES:
        yield Case(f"pairs-{table}", table, PAIRS, f"-dstport:443 {SPAN}")
        yield Case(f"classic-{table}", table, CLASSIC, SPAN)
    yield Case("records-docs", "docs", "SELECT * FROM flows ORDER BY start", f"port:22 {SPAN}")
    yield Case("own-cte-local", "local", OWN_CTE, SPAN)
    yield Case("own-cte-hyphens", "hyphens", OWN_CTE, SPAN)
    yield Case(
        "every-condition-text",
        "text",
        "SELECT count(*) AS records FROM flows",
        "ip:10.0.0.0/8,10.0.1.20 -src:fd00::/8 port:@mail,8000-8999 -dstport:22,- protocol:tcp "
        f"bytes>1000 -packets<3 interface_id:- -instance_id:i-1,- once:on {SPAN}",
    )
    yield Case("named-region-projection", "projection", PAIRS, f"region:eu-central-1 {SPAN}")


CASES = list(_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_sql_is_the_one_reviewed(case: Case) -> None:
    """The text for both engines is exactly what stands in the golden files.

    After a change that is meant: `FLOWTUI_GOLDEN=write pytest tests/sql/test_golden.py`, and read
    the difference.
    """
    statement = compile_sql(
        case.sql,
        parse_filter(case.line, now=NOW),
        TABLES[case.table],
        NOW,
        parameters=PARAMETERS,
    )
    for dialect, text in (("athena", statement.sql), ("duckdb", to_duckdb(statement.sql))):
        path = GOLDEN / dialect / f"{case.name}.sql"
        if os.environ.get("FLOWTUI_GOLDEN") == "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        assert path.read_text() == text + "\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_golden_text_is_bounded(case: Case) -> None:
    """Each holds a time predicate, and a partition predicate where the table has keys."""
    text = (GOLDEN / "athena" / f"{case.name}.sql").read_text()
    assert "< 1795516200" in text
    assert ">= 1795471800" in text
    schema = TABLES[case.table]
    assert not schema.partition_keys or "2026" in text


def test_no_golden_file_is_left_over() -> None:
    """Each file belongs to a case."""
    for dialect in ("athena", "duckdb"):
        names = {path.stem for path in (GOLDEN / dialect).iterdir()}
        assert names == {case.name for case in CASES}


@pytest.mark.parametrize("table", TABLES)
def test_the_same_question_has_the_same_text(table: str) -> None:
    """Asked again in the same minute, in another order, a question has byte-identical SQL."""
    lines = ("port:22,443 last:1h", "port:443,22 last:1h")
    texts = {
        compile_sql(PAIRS, parse_filter(line, now=NOW), TABLES[table], now).sql
        for line in lines
        for now in (NOW, NOW.replace(second=59))
    }
    assert len(texts) == 1
