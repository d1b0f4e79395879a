from __future__ import annotations

import pytest

from flowtui.domain.filters import NO_FILTER
from flowtui.domain.queries import Parameter, ParameterType, SavedQuery
from flowtui.domain.schema import TableSchema
from flowtui.domain.views import View
from flowtui.engines.athena.ocsf import ocsf_columns
from flowtui.errors import FilterError, QueryError
from flowtui.sql import compile_sql, compile_view
from tests.sql.records import NOW
from tests.sql.tables import DOCS, LOCAL, LOCAL_V2

T = ParameterType
PARAMETERS = (
    Parameter("count", T.COUNT, "10"),
    Parameter("port", T.PORT, "ssh"),
    Parameter("ports", T.PORTS, "22,8000-8999"),
    Parameter("address", T.ADDRESS, "10.0.0.1"),
    Parameter("net", T.CIDR, "10.1.2.3/8"),
    Parameter("nets", T.CIDRS, "10.0.0.0/8,192.0.2.1"),
    Parameter("span", T.DURATION, "1h"),
    Parameter("size", T.BYTES, "1MB"),
    Parameter("text", T.TEXT, "it's"),
)


def _where(condition: str, schema: TableSchema = LOCAL) -> str:
    """The outer WHERE after expansion, on one line."""
    sql = compile_sql(
        f"SELECT 1 AS x FROM flows WHERE {condition}", NO_FILTER, schema, NOW, parameters=PARAMETERS
    ).sql
    words = " ".join(sql.rpartition("WHERE")[2].split())
    return words.replace("( ", "(").replace(" )", ")")


@pytest.mark.parametrize(
    ("condition", "expanded"),
    [
        ("packets > :count", "packets > 10"),
        ("dstport = :port", "dstport = 22"),
        ("dstport IN (:ports)", "(dstport = 22 OR dstport BETWEEN 8000 AND 8999)"),
        ("NOT dstport IN (:ports)", "NOT (dstport = 22 OR dstport BETWEEN 8000 AND 8999)"),
        ("dstport IN (:port, 80)", "(dstport = 22 OR dstport IN (80))"),
        ("port_in(dstport, :ports)", "(dstport = 22 OR dstport BETWEEN 8000 AND 8999)"),
        ("port_in(dstport, :port)", "dstport = 22"),
        ("port_in(dstport, '@mail')", "dstport IN (25, 465, 587)"),
        ("srcaddr = :address", "srcaddr = '10.0.0.1'"),
        ("ip_in(srcaddr, :address)", "srcaddr = '10.0.0.1'"),
        ("ip_in(srcaddr, :net)", "CONTAINS('10.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS))"),
        ("contains(:net, CAST(srcaddr AS IPADDRESS))",
         "CONTAINS('10.0.0.0/8', CAST(srcaddr AS IPADDRESS))"),
        ("srcaddr IN (:nets)",
         "(srcaddr = '192.0.2.1' OR CONTAINS('10.0.0.0/8', TRY_CAST(srcaddr AS IPADDRESS)))"),
        ('"end" - start > :span', '"end" - start > 3600'),
        ("bytes > :size", "bytes > 1000000"),
        ("type = :text", "type = 'it''s'"),
        ("is_opener(tcp_flags)", "BITWISE_AND(tcp_flags, 18) = 2"),
        ("bucket(start, :span) = 0", "(start - start % 3600) = 0"),
        ("optional(flow_direction) = 'egress'", "flow_direction = 'egress'"),
    ],
)  # fmt: skip
def test_expansions_are_plain_athena_sql(condition: str, expanded: str) -> None:
    """Parameters become typed literals and our functions Athena's own."""
    assert _where(condition) == expanded


@pytest.mark.parametrize(
    ("condition", "expanded"),
    [
        ("optional(tcp_flags) = 2", "CAST(NULL AS INTEGER) = 2"),
        ("optional(flow_direction) = 'in'", "CAST(NULL AS VARCHAR) = 'in'"),
        ("is_opener(tcp_flags)", "CAST(NULL AS BOOLEAN)"),
        ("is_opener(optional(tcp_flags))", "CAST(NULL AS BOOLEAN)"),
        ("ip_in(optional(pkt_srcaddr), '10.0.0.0/8')", "CAST(NULL AS BOOLEAN)"),
        ("is_private(optional(pkt_srcaddr))", "CAST(NULL AS BOOLEAN)"),
        ("optional(packets) > 1", "packets > 1"),
    ],
)
def test_optional_fields_may_be_missing(condition: str, expanded: str) -> None:
    """Where the table lacks a field, what depends on it is NULL instead of an error."""
    assert _where(condition, LOCAL_V2) == expanded


@pytest.mark.parametrize(
    "item",
    ["openers()", "count_if(is_opener(tcp_flags))",
     "count_if(is_opener(tcp_flags) AND action = 'REJECT')",
     "count_if(NOT is_opener(tcp_flags))"],
)  # fmt: skip
def test_counts_of_what_is_unknown_are_null(item: str) -> None:
    """A count of openers is NULL, not 0, where no record can tell."""
    sql = compile_sql(f"SELECT {item} AS n FROM flows", NO_FILTER, LOCAL_V2, NOW).sql
    assert "CAST(NULL AS BIGINT) AS n" in sql


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("port_in(dstport, :nets)", "Declare it as ports"),
        ("ip_in(srcaddr, :ports)", "Declare it as cidrs"),
        ("ip_in(srcaddr, srcaddr)", "parameter, or text"),
        ("port_in(dstport, '22,x')", "not a port"),
        ("dstport = :ports", "is a list"),
        ("dstport = :other", "No parameter :other"),
        ("dstport = ?", "No parameter"),
        ("bucket(start, srcport) = 1", "number of seconds"),
        ("optional(1) = 1", "name of a field"),
        ("is_private(srcaddr, dstaddr)", "one argument"),
        ("openers(1) = 1", "no argument"),
    ],
)
def test_wrong_use_is_refused(condition: str, message: str) -> None:
    """Each function says what it takes."""
    with pytest.raises(QueryError) as caught:
        _where(condition)
    assert message in f"{caught.value.message} {caught.value.hint}"


def test_arguments_replace_defaults() -> None:
    """What was typed for a parameter wins, and is checked."""
    query = SavedQuery("q", "Q", "SELECT srcaddr FROM flows LIMIT :n",
                       parameters=(Parameter("n", T.COUNT, "10"),))  # fmt: skip
    assert compile_view(View(query), LOCAL, NOW).sql.endswith("LIMIT 10")
    typed = View(query, arguments=(("n", "3"),))
    assert compile_view(typed, LOCAL, NOW).sql.endswith("LIMIT 3")
    with pytest.raises(FilterError, match="n: "):
        compile_view(View(query, arguments=(("n", "many"),)), LOCAL, NOW)


def test_a_parameter_without_a_value_is_asked_for() -> None:
    """Nothing runs with a hole in it."""
    parameter = Parameter("ip", T.CIDR, "", help="Address or network")
    with pytest.raises(QueryError, match="needs a value for ip") as caught:
        compile_sql("SELECT 1 AS x FROM flows WHERE ip_in(srcaddr, :ip)", NO_FILTER, LOCAL, NOW,
                    parameters=(parameter,))  # fmt: skip
    assert caught.value.hint == "Address or network"


OCSF = TableSchema(
    "amazon_security_lake_table_eu_central_1_vpc_flow_2_0",
    ocsf_columns(
        [
            ("cloud", "struct<account:struct<uid:string>,region:string>"),
            ("src_endpoint", "struct<ip:string,port:int,intermediate_ips:array<string>>"),
            ("dst_endpoint", "struct<ip:string,port:int,intermediate_ips:array<string>>"),
            ("traffic", "struct<packets:bigint,bytes:bigint>"),
            ("connection_info", "struct<protocol_num:int,direction:string>"),
            ("start_time", "bigint"),
            ("end_time", "bigint"),
            ("action", "string"),
            ("status_code", "string"),
        ]
    ),
    database="amazon_security_lake_glue_db_eu_central_1",
)


def test_expressions_stand_for_columns() -> None:
    """Security Lake's nested columns are read through their expressions, filters too."""
    from flowtui.domain.filterline import parse_filter

    line = parse_filter("src:10.0.0.0/8 direction:in from:2026-11-24 to:2026-11-25", now=NOW)
    sql = compile_sql("SELECT srcaddr, sum(bytes) AS b FROM flows GROUP BY 1", line, OCSF, NOW).sql
    one_line = " ".join(sql.split())
    assert "ELEMENT_AT(src_endpoint.intermediate_ips, 1)" in one_line
    assert "traffic.bytes AS bytes" in one_line
    assert "1795478400" in one_line
    assert "'ingress'" in one_line


def test_health_rows_are_asked_for() -> None:
    """A health query sees all rows; one that does not ask for them does not."""
    sql = "SELECT interface_id, count(*) AS n FROM flows GROUP BY 1"
    assert "log_status = 'OK'" in compile_sql(sql, NO_FILTER, DOCS, NOW).sql
    assert "log_status" not in compile_sql(sql, NO_FILTER, DOCS, NOW, wants_health=True).sql
