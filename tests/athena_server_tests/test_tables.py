from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from tests.athena_server import AthenaServer
from tests.athena_server.demo_tables import LAKE_DATABASE, LAYOUTS
from tests.athena_server_tests.conftest import HEADER, LINE, rows

_LINE = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ' '"


def _scanned(athena: AthenaServer, where: str, table: str = "flows") -> int:
    execution = athena.run(f"SELECT srcaddr FROM {table} {where}")
    assert execution.result is not None, execution.reason
    return execution.result.scanned_bytes


def _size(day: int) -> int:
    return len(HEADER) + day * len(LINE)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "-", None),
        ("int", "12.5", None),
        ("int", "99999999999", None),
        ("int", "+7", "7"),
        ("bigint", "99999999999", "99999999999"),
        ("int", "", None),
        ("double", "1.5", "1.5"),
        ("string", "-", "-"),
        ("string", "\\N", None),
        ("string", '"quoted', '"quoted'),
        ("date", "2026-11-23", "2026-11-23"),
        ("date", "nonsense", None),
    ],
)
def test_text_is_read_as_hive_reads_it(
    athena: AthenaServer, kind: str, text: str, value: str | None
) -> None:
    """LazySimpleSerDe: what is no value of the type is NULL, and quotes mean nothing."""
    athena.put("s3://logs/t/a.log", f"x {text} y\n".encode())
    athena.run(f"CREATE EXTERNAL TABLE t (a string, b {kind}) {_LINE} LOCATION 's3://logs/t/'")
    assert rows(athena, "SELECT b FROM t") == [(value,)]


def test_short_and_long_lines(athena: AthenaServer) -> None:
    """Missing fields are NULL, spare ones are dropped; every file's header is skipped."""
    for name, text in (("a.log", "h h\n1\n"), ("b.log.gz", "h h\n2 b c\n")):
        body = gzip.compress(text.encode()) if name.endswith("gz") else text.encode()
        athena.put(f"s3://logs/t/{name}", body)
    athena.put("s3://logs/t/_SUCCESS", b"no data")
    athena.run(
        f"CREATE EXTERNAL TABLE t (a int, b string) {_LINE} LOCATION 's3://logs/t/' "
        "TBLPROPERTIES ('skip.header.line.count' = '1')"
    )
    assert rows(athena, "SELECT a, b FROM t ORDER BY a") == [("1", None), ("2", "b")]


@pytest.mark.parametrize(
    ("where", "days"),
    [
        ("", (22, 23, 24)),
        ("WHERE day = '2026/11/23'", (23,)),
        ("WHERE day >= '2026/11/23' AND srcport = 1", (23, 24)),
        ("WHERE day BETWEEN '2026/11/22' AND '2026/11/23'", (22, 23)),
        ("WHERE flows.day IN ('2026/11/22', '2026/11/24')", (22, 24)),
        ("WHERE day = '2026/11/23' OR day = '2026/11/22'", (22, 23)),
        ("WHERE day = '2026-11-23'", ()),
        ("WHERE day = '2025/11/23'", ()),
        ("WHERE day = '2026/11/23' OR srcport = 1", (22, 23, 24)),
        ("WHERE substr(day, 9) = '24'", (24,)),
    ],
)
def test_only_the_partitions_asked_for_are_read(
    tables: AthenaServer, where: str, days: tuple[int, ...]
) -> None:
    """DataScannedInBytes is exactly the size of the objects in the partitions that are left."""
    assert _scanned(tables, where) == sum(_size(day) for day in days)


def test_pruning_inside_ctes_and_joins(tables: AthenaServer) -> None:
    """A condition prunes inside WITH, and on the table that it names."""
    cte = "WITH x AS (SELECT * FROM flows WHERE day = '2026/11/22') SELECT count(*) FROM x"
    execution = tables.run(cte)
    assert execution.result is not None
    assert execution.result.scanned_bytes == _size(22)
    join = (
        "SELECT count(*) FROM flows a JOIN flows b ON a.srcaddr = b.srcaddr "
        "WHERE a.day = '2026/11/22' AND b.day = '2026/11/23'"
    )
    execution = tables.run(join)
    assert execution.result is not None
    assert execution.result.scanned_bytes == _size(22) + _size(23)


def test_values_outside_the_projection_give_nothing(tables: AthenaServer) -> None:
    """Objects outside the range are invisible, without an error."""
    tables.put("s3://logs/2025/12/31/a.log", (HEADER + LINE).encode())
    assert rows(tables, "SELECT count(*) FROM flows") == [("69",)]
    assert rows(tables, "SELECT count(*) FROM flows WHERE day = '2025/12/31'") == [("0",)]


def test_equal_files_are_read_each(athena: AthenaServer) -> None:
    """Objects with one content and one name count apart, and a changed object is read anew."""
    for folder in ("a", "b"):
        athena.put(f"s3://logs/{folder}/x.log", b"1\n")
    athena.run(f"CREATE EXTERNAL TABLE t (n int) {_LINE} LOCATION 's3://logs/'")
    assert rows(athena, "SELECT n FROM t") == [("1",), ("1",)]
    athena.put("s3://logs/a/x.log", b"2\n")
    assert rows(athena, "SELECT sum(n) FROM t") == [("3",)]


def test_injected_keys_must_be_given(athena: AthenaServer) -> None:
    """An injected key without an equality is refused; with one it finds its prefix."""
    athena.put("s3://logs/eni-1/a.log", b"x\n")
    athena.run(
        f"CREATE EXTERNAL TABLE t (a string) PARTITIONED BY (eni string) {_LINE} "
        "LOCATION 's3://logs/' TBLPROPERTIES ('projection.enabled' = 'true', "
        "'projection.eni.type' = 'injected', "
        "'storage.location.template' = 's3://logs/${eni}/')"
    )
    refused = athena.run("SELECT a FROM t")
    assert refused.reason.startswith("CONSTRAINT_VIOLATION: For the injected")
    assert rows(athena, "SELECT a, eni FROM t WHERE eni = 'eni-1'") == [("x", "eni-1")]


def test_registered_partitions(tables: AthenaServer) -> None:
    """What is not registered is not read; ADD, SHOW and DROP PARTITION do what they say."""
    assert rows(tables, "SHOW PARTITIONS dated") == [("date=2026-11-23",)]
    assert _scanned(tables, "", "dated") == _size(23)
    add = (
        "ALTER TABLE dated ADD {}PARTITION (`date` = '2026-11-24') LOCATION 's3://logs/2026/11/24/'"
    )
    assert tables.run(add.format("")).state == "SUCCEEDED"
    assert "already exists" in tables.run(add.format("")).reason
    assert tables.run(add.format("IF NOT EXISTS ")).state == "SUCCEEDED"
    assert _scanned(tables, "WHERE date > DATE '2026-11-23'", "dated") == _size(24)
    assert rows(tables, 'SELECT * FROM "dated$partitions" ORDER BY 1') == [
        ("2026-11-23",),
        ("2026-11-24",),
    ]
    tables.run("ALTER TABLE dated DROP PARTITION (`date` = '2026-11-23')")
    assert rows(tables, "SHOW PARTITIONS dated") == [("date=2026-11-24",)]
    assert rows(tables, "SHOW PARTITIONS flows") == []
    assert "not a partitioned table" in tables.run("SHOW PARTITIONS classic").reason


def test_repair_finds_hive_keys(athena: AthenaServer) -> None:
    """MSCK REPAIR TABLE registers what lies there, keys with hyphens too, and only once."""
    athena.put("s3://logs/aws-region=eu-west-1/day=01/a.log", b"x\n")
    athena.put("s3://logs/aws-region=eu-west-1/day=02/a.log", b"yy\n")
    athena.run(
        "CREATE EXTERNAL TABLE t (a string) PARTITIONED BY (`aws-region` string, day string) "
        f"{_LINE} LOCATION 's3://logs/'"
    )
    assert rows(athena, "SELECT a FROM t") == []
    assert len(rows(athena, "MSCK REPAIR TABLE t")) == 2
    assert rows(athena, "MSCK REPAIR TABLE t") == []
    assert rows(athena, "SELECT \"aws-region\", a FROM t WHERE day = '02'") == [("eu-west-1", "yy")]
    assert _scanned_a(athena, "WHERE \"aws-region\" = 'eu-west-1' AND day = '01'") == 2


def _scanned_a(athena: AthenaServer, where: str) -> int:
    execution = athena.run(f"SELECT a FROM t {where}")
    assert execution.result is not None, execution.reason
    return execution.result.scanned_bytes


def test_pseudo_columns(tables: AthenaServer) -> None:
    """`$path` can be asked for and is not part of `*`."""
    sql = 'SELECT DISTINCT "$path", "$file_size" FROM flows WHERE day = \'2026/11/22\''
    assert rows(tables, sql) == [("s3://logs/2026/11/22/a.log", str(_size(22)))]
    assert len(rows(tables, "SELECT * FROM flows LIMIT 1")[0]) == 17
    assert len(rows(tables, 'SELECT f.*, "$path" FROM flows f LIMIT 1')[0]) == 18


def test_parquet_goes_by_name(athena: AthenaServer, tmp_path: Path) -> None:
    """Columns are found by name whatever their order; missing ones are NULL; wrong types fail."""
    path = tmp_path / "a.parquet"
    duckdb.execute(f"COPY (SELECT 5::INTEGER AS b, 'x' AS a) TO '{path}' (FORMAT parquet)")
    athena.put("s3://logs/t/a.parquet", path.read_bytes())
    for name, columns in (("t", "a string, b bigint, c string"), ("u", "a bigint")):
        athena.run(
            f"CREATE EXTERNAL TABLE {name} ({columns}) STORED AS PARQUET LOCATION 's3://logs/t/'"
        )
    assert rows(athena, "SELECT a, b, c FROM t") == [("x", "5", None)]
    assert athena.run("SELECT a FROM u").reason.startswith("HIVE_BAD_DATA")


def test_views(tables: AthenaServer) -> None:
    """A view is read like a table, prunes like one, and is listed."""
    tables.run("CREATE VIEW v AS SELECT srcaddr, bytes b FROM flows WHERE day = '2026/11/22'")
    assert rows(tables, "SELECT srcaddr, sum(b) FROM v GROUP BY 1") == [("10.0.0.1", "2200")]
    assert _scanned(tables, "", "v") == _size(22)
    assert rows(tables, "SHOW VIEWS") == [("v",)]
    assert tables.run("SELECT nope FROM v").reason.startswith("COLUMN_NOT_FOUND")
    tables.run("DROP VIEW v")
    assert tables.run("SELECT b FROM v").reason.startswith("TABLE_NOT_FOUND")


def test_tables_are_described(tables: AthenaServer) -> None:
    """SHOW COLUMNS, DESCRIBE and SHOW TABLES with a pattern."""
    assert rows(tables, "SHOW COLUMNS IN classic")[0] == ("sourceaddress",)
    described = [str(row[0]) for row in rows(tables, "DESCRIBE flows")]
    assert described[0].split() == ["version", "int"]
    assert any(line.startswith("# Partition Information") for line in described)
    assert rows(tables, "SHOW TABLES 'd*'") == [("dated",)]
    assert rows(tables, "SHOW DATABASES") == [("default",)]


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("CREATE EXTERNAL TABLE t (end int) LOCATION 's3://logs/'", "ParseException line 1:25"),
        ("CREATE EXTERNAL TABLE t (a int, PARTITIONED BY x) LOCATION 's3://l/'", "ParseException"),
        ("CREATE EXTERNAL TABLE t (a int)", "location must be given"),
        ("CREATE EXTERNAL TABLE t (a int) PARTITIONED BY (a int) LOCATION 's3://l/'", "repeated"),
        ("CREATE EXTERNAL TABLE flows (a int) LOCATION 's3://logs/'", "already exists"),
        ("CREATE EXTERNAL TABLE nope.t (a int) LOCATION 's3://logs/'", "does not exist: nope"),
        ("DROP TABLE nope", "Table not found nope"),
        ("DROP DATABASE nope", "does not exist: nope"),
        ("ALTER TABLE dated ADD PARTITION (day = '1')", "Partition not found"),
        ("MSCK REPAIR TABLE nope", "TABLE_NOT_FOUND"),
    ],
)
def test_hive_fails_in_its_words(tables: AthenaServer, sql: str, reason: str) -> None:
    """Wrong definitions end as FAILED, not refused at the start."""
    execution = tables.run(sql)
    assert execution.state == "FAILED"
    assert reason in execution.reason


def test_a_bucket_that_is_not_there(athena: AthenaServer) -> None:
    """A table over a missing bucket fails when it is read."""
    athena.run("CREATE EXTERNAL TABLE t (a int) LOCATION 's3://gone/'")
    assert "bucket does not exist: gone" in athena.run("SELECT a FROM t").reason


def test_the_demo_is_the_same_in_every_layout(demo_tables: AthenaServer) -> None:
    """Four tables hold the same records; a part of the day costs a part of the bytes."""
    names = {"vpc_flow_logs": ("numbytes", "destinationport")}
    sums = {}
    for table in LAYOUTS:
        bytes_, port = names.get(table, ("bytes", "dstport"))
        sql = f"SELECT count(*), sum({bytes_}), count(DISTINCT {port}) FROM {table}"
        sums[table] = rows(demo_tables, sql)
    assert len(set(map(str, sums.values()))) == 1
    assert int(sums["flows_hive"][0][0] or 0) > 300_000
    whole = _scanned(demo_tables, "", "flows_hive")
    assert 0 < _scanned(demo_tables, "WHERE hour = '01'", "flows_hive") < whole / 10
    assert 0 < _scanned(demo_tables, "WHERE hour = '01'", "flows_parquet") < whole / 10


def test_security_lake_tables_hold_the_same_hour(demo_tables: AthenaServer) -> None:
    """Both editions tell of the same refused traffic, in their own words."""
    stem = f"{LAKE_DATABASE}.amazon_security_lake_table_eu_west_1_vpc_flow"
    old = f"SELECT count(*), sum(traffic.bytes) FROM {stem}_1_0 WHERE disposition = 'Blocked'"
    new = f"SELECT count(*), sum(traffic.bytes) FROM {stem}_2_0 WHERE action = 'Denied'"
    assert rows(demo_tables, old) == rows(demo_tables, new)
    assert int(rows(demo_tables, old)[0][0] or 0) > 100
