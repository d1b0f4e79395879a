from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.athena_server import RESULTS, AthenaServer
from tests.athena_server_tests.conftest import finished, rows


def _pages(client: Any, query_id: str, **request: Any) -> list[list[list[str | None]]]:
    pages = []
    while True:
        answer = client.get_query_results(QueryExecutionId=query_id, **request)
        found = answer["ResultSet"]["Rows"]
        pages.append([[cell.get("VarCharValue") for cell in row["Data"]] for row in found])
        if "NextToken" not in answer:
            return pages
        request["NextToken"] = answer["NextToken"]


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, [1]), (998, [999]), (999, [1000, 0]), (1999, [1000, 1000, 0]), (2500, [1000, 1000, 501])],
)
def test_pages_count_the_header(
    athena: AthenaServer, client: Any, count: int, sizes: list[int]
) -> None:
    """The names are the first row and count as one; a full page always promises another."""
    sql = f"SELECT n AS number FROM UNNEST(sequence(1, {max(count, 1)})) AS t (n)"
    done = finished(athena, client, sql if count else f"{sql} WHERE n > 1")
    pages = _pages(client, done["QueryExecutionId"])
    assert [len(page) for page in pages] == sizes
    values = [row[0] for page in pages for row in page]
    assert values[0] == "number"
    assert values[1:] == [str(n + 1) for n in range(count)]


def test_small_pages_join_to_the_whole(athena: AthenaServer, client: Any) -> None:
    """MaxResults cuts anywhere, and nothing is lost or given twice."""
    sql = "SELECT n FROM UNNEST(sequence(1, 25)) AS t (n)"
    done = finished(athena, client, sql)
    pages = _pages(client, done["QueryExecutionId"], MaxResults=7)
    assert [row[0] for page in pages for row in page] == ["n", *(str(n + 1) for n in range(25))]


@pytest.mark.parametrize(
    ("request_part", "reason"),
    [
        ({"NextToken": "bm90IG91cnM="}, "Malformed nextPageToken"),
        ({"MaxResults": 1001}, "maximum allowed length 1000"),
    ],
)
def test_wrong_paging_is_refused(
    athena: AthenaServer, client: Any, request_part: dict[str, Any], reason: str
) -> None:
    """A token that is none and a page that is too large are InvalidRequestException."""
    done = finished(athena, client, "SELECT 1")
    with pytest.raises(ClientError, match=reason):
        client.get_query_results(QueryExecutionId=done["QueryExecutionId"], **request_part)


def test_statements_of_hive_have_no_header(tables: AthenaServer, client: Any) -> None:
    """SHOW gives its lines alone."""
    done = finished(tables, client, "SHOW TABLES")
    assert done["StatementType"] == "UTILITY"
    assert done["ResultConfiguration"]["OutputLocation"].endswith(".txt")
    assert _pages(client, done["QueryExecutionId"]) == [[["classic"], ["dated"], ["flows"]]]


def test_the_file_keeps_null_and_empty_apart(athena: AthenaServer, client: Any) -> None:
    """In the CSV every value is quoted and NULL is nothing; `.metadata` stands beside it."""
    sql = "SELECT * FROM (VALUES ('', NULL), ('say \"x\", y', 'é')) AS t (a, b)"
    done = finished(athena, client, sql)
    s3 = athena.client("s3")
    key = done["ResultConfiguration"]["OutputLocation"].removeprefix(RESULTS)
    body = s3.get_object(Bucket="results", Key=key)["Body"].read().decode()
    assert body == '"a","b"\n"",\n"say ""x"", y","é"\n'
    assert s3.get_object(Bucket="results", Key=f"{key}.metadata")["Body"].read()
    part = s3.get_object(Bucket="results", Key=key, Range="bytes=8-9")["Body"].read()
    assert part == b'""'
    s3.close()


@pytest.mark.parametrize(
    ("sql", "kind", "text"),
    [
        ("7 / 2", "integer", "3"),
        ("7 / 2.0", "double", "3.5"),
        ("1.5", "double", "1.5"),
        ("1e7", "double", "1.0E7"),
        ("CAST(123456789 AS double)", "double", "1.23456789E8"),
        ("CAST(1 AS double) / 4000", "double", "2.5E-4"),
        ("CAST(1.5 AS decimal(10, 2))", "decimal", "1.50"),
        ("sum(x)", "bigint", "3"),
        ("avg(x)", "double", "1.5"),
        ("count(*)", "bigint", "2"),
        ("DATE '2026-11-23' - INTERVAL '1' DAY", "date", "2026-11-22"),
        ("TIMESTAMP '2026-11-23 10:00:00'", "timestamp", "2026-11-23 10:00:00.000"),
        ("from_unixtime(0)", "timestamp with time zone", "1970-01-01 00:00:00.000 UTC"),
        ("date_diff('hour', from_unixtime(3599), from_unixtime(3601))", "bigint", "0"),
        ("date_trunc('hour', from_unixtime(3700)) IS NULL", "boolean", "false"),
        ("ARRAY[1, 2]", "array", "[1, 2]"),
        ("to_utf8('hi')", "varbinary", "68 69"),
        ("bitwise_and(18, 2)", "bigint", "2"),
        ("format('%s-%d', 'a', 5)", "varchar", "a-5"),
        ("contains('10.0.0.0/8', CAST('10.1.2.3' AS IPADDRESS))", "boolean", "true"),
        ("contains('2001:db8::/32', TRY_CAST('-' AS IPADDRESS))", "boolean", None),
        ("any_match(ARRAY[1, 2], e -> e > 1)", "boolean", "true"),
        ("CAST(NULL AS varchar)", "varchar", None),
    ],
)
def test_values_read_as_athena_writes_them(
    athena: AthenaServer, client: Any, sql: str, kind: str, text: str | None
) -> None:
    """Type and text of results, where DuckDB would give others."""
    done = finished(athena, client, f"SELECT {sql} FROM (VALUES (1), (2)) AS t (x) LIMIT 1")
    assert done["Status"]["State"] == "SUCCEEDED", done["Status"]
    answer = client.get_query_results(QueryExecutionId=done["QueryExecutionId"])["ResultSet"]
    (column,) = answer["ResultSetMetadata"]["ColumnInfo"]
    assert (column["Name"], column["Type"]) == ("_col0", kind)
    assert answer["Rows"][1]["Data"][0].get("VarCharValue") == text


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("SELECT 1 / (x - 1) FROM (VALUES 1) AS t (x)", "DIVISION_BY_ZERO"),
        ("SELECT CAST(x AS IPADDRESS) FROM (VALUES '-') AS t (x)", "INVALID_CAST_ARGUMENT"),
        ("SELECT CAST(x AS integer) FROM (VALUES 'a') AS t (x)", "INVALID_CAST_ARGUMENT"),
        ("SELECT (SELECT x FROM (VALUES 1, 2) AS t (x))", "SUBQUERY_MULTIPLE_ROWS"),
    ],
)
def test_what_goes_wrong_while_it_runs(athena: AthenaServer, sql: str, reason: str) -> None:
    """A value that cannot be computed ends the query as FAILED."""
    execution = athena.run(sql)
    assert execution.state == "FAILED"
    assert execution.reason.startswith(reason), execution.reason


def test_parameters_are_filled_in(athena: AthenaServer, client: Any) -> None:
    """ExecutionParameters are expressions where they can be, else strings."""
    parameters = ["'it''s'", "plain words", "5"]
    sql = "SELECT ? AS a, ? AS b, ? + 1 AS c"
    done = finished(athena, client, sql, ExecutionParameters=parameters)
    page = _pages(client, done["QueryExecutionId"])[0]
    assert page[1] == ["it's", "plain words", "6"]
    with pytest.raises(ClientError, match="expected 3 but found 1"):
        finished(athena, client, sql, ExecutionParameters=["1"])


def test_explain_is_free(tables: AthenaServer, client: Any) -> None:
    """EXPLAIN checks names and types and scans nothing; EXPLAIN ANALYZE runs."""
    done = finished(tables, client, "EXPLAIN SELECT srcaddr FROM flows")
    assert done["Statistics"]["DataScannedInBytes"] == 0
    assert _pages(client, done["QueryExecutionId"])[0][0] == ["Query Plan"]
    bad = finished(tables, client, "EXPLAIN SELECT nope FROM flows")
    assert bad["Status"]["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:16: ")
    ran = finished(tables, client, "EXPLAIN ANALYZE SELECT srcaddr FROM flows")
    assert ran["Statistics"]["DataScannedInBytes"] > 0


def test_unload_writes_parquet_and_a_manifest(tables: AthenaServer, client: Any) -> None:
    """UNLOAD tells where its files are listed."""
    sql = "UNLOAD (SELECT srcaddr FROM flows) TO 's3://results/u/' WITH (format = 'PARQUET')"
    manifest = finished(tables, client, sql)["Statistics"]["DataManifestLocation"]
    s3 = tables.client("s3")
    key = manifest.removeprefix(RESULTS)
    uri = s3.get_object(Bucket="results", Key=key)["Body"].read().decode().strip()
    assert s3.get_object(Bucket="results", Key=uri.removeprefix(RESULTS))["Body"].read(4) == b"PAR1"
    s3.close()


def test_rows_without_order_come_in_any_order() -> None:
    """A shuffling server gives them otherwise than they lie, unless ORDER BY says how."""
    sql = "SELECT n FROM UNNEST(sequence(1, 200)) AS t (n)"
    with AthenaServer(is_shuffled=True) as server:
        found = [int(row[0] or 0) for row in rows(server, sql)]
        assert found != sorted(found)
        assert sorted(found) == list(range(1, 201))
        ordered = [int(row[0] or 0) for row in rows(server, f"{sql} ORDER BY n")]
        assert ordered == sorted(found)
