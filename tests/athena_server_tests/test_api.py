from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.athena_server import AthenaServer
from tests.athena_server_tests.conftest import finished, start


def test_work_groups(client: Any) -> None:
    """Made, changed, listed, disabled and deleted."""
    client.create_work_group(Name="soc", Description="d", Configuration={})
    names = [g["Name"] for g in client.list_work_groups()["WorkGroups"]]
    assert names == ["primary", "soc"]
    client.update_work_group(WorkGroup="soc", State="DISABLED")
    assert client.get_work_group(WorkGroup="soc")["WorkGroup"]["State"] == "DISABLED"
    with pytest.raises(ClientError, match="disabled"):
        start(client, "SELECT 1", WorkGroup="soc")
    client.delete_work_group(WorkGroup="soc")
    with pytest.raises(ClientError, match="is not found"):
        client.get_work_group(WorkGroup="soc")
    with pytest.raises(ClientError, match="is not found"):
        start(client, "SELECT 1", WorkGroup="soc")


def test_enforced_settings_win(athena: AthenaServer, client: Any) -> None:
    """An enforcing work group ignores the client's output location."""
    output = {"ResultConfiguration": {"OutputLocation": "s3://results/forced/"}}
    client.create_work_group(Name="strict", Configuration=output)
    done = finished(athena, client, "SELECT 1", WorkGroup="strict")
    assert done["ResultConfiguration"]["OutputLocation"].startswith("s3://results/forced/")
    relaxed = {"EnforceWorkGroupConfiguration": False}
    client.update_work_group(WorkGroup="strict", ConfigurationUpdates=relaxed)
    done = finished(athena, client, "SELECT 1", WorkGroup="strict")
    assert "forced" not in done["ResultConfiguration"]["OutputLocation"]


def test_managed_results_have_no_file(athena: AthenaServer, client: Any) -> None:
    """Athena keeps them: no location, rows by API alone, and none may be asked for."""
    managed = {
        "ManagedQueryResultsConfiguration": {"Enabled": True},
        "EnforceWorkGroupConfiguration": False,
    }
    client.create_work_group(Name="kept", Configuration=managed)
    done = finished(athena, client, "SELECT 1", WorkGroup="kept", ResultConfiguration={})
    assert done["ResultConfiguration"] == {}
    assert done["ManagedQueryResultsConfiguration"]["Enabled"]
    results = client.get_query_results(QueryExecutionId=done["QueryExecutionId"])
    assert len(results["ResultSet"]["Rows"]) == 2
    with pytest.raises(ClientError, match="managed query results"):
        start(client, "SELECT 1", WorkGroup="kept")


@pytest.mark.parametrize(
    ("output", "reason"),
    [({}, "No output location provided"), ({"OutputLocation": "/tmp"}, "not a valid S3 path")],
)
def test_results_need_a_place(client: Any, output: dict[str, str], reason: str) -> None:
    """Without an output location nothing starts."""
    with pytest.raises(ClientError, match=reason):
        start(client, "SELECT 1", ResultConfiguration=output)


def test_a_bucket_for_results_must_exist(athena: AthenaServer, client: Any) -> None:
    """A missing bucket is only found out at the end."""
    place = {"OutputLocation": "s3://nowhere/"}
    failed = finished(athena, client, "SELECT 1", ResultConfiguration=place)
    assert "output bucket nowhere" in failed["Status"]["StateChangeReason"]


def test_named_queries(client: Any) -> None:
    """Made, found singly and in batches, listed by work group, changed and deleted."""
    made = client.create_named_query(Name="n", Database="default", QueryString="SELECT 1")
    query_id = made["NamedQueryId"]
    client.update_named_query(NamedQueryId=query_id, Name="m", QueryString="SELECT 2")
    found = client.get_named_query(NamedQueryId=query_id)["NamedQuery"]
    assert (found["Name"], found["QueryString"], found["WorkGroup"]) == ("m", "SELECT 2", "primary")
    batch = client.batch_get_named_query(NamedQueryIds=[query_id, "nope"])
    assert [q["Name"] for q in batch["NamedQueries"]] == ["m"]
    assert batch["UnprocessedNamedQueryIds"][0]["NamedQueryId"] == "nope"
    assert client.list_named_queries()["NamedQueryIds"] == [query_id]
    client.delete_named_query(NamedQueryId=query_id)
    assert client.list_named_queries()["NamedQueryIds"] == []
    with pytest.raises(ClientError, match="was not found"):
        client.get_named_query(NamedQueryId=query_id)


def test_prepared_statements(athena: AthenaServer, client: Any) -> None:
    """Made, changed, run by EXECUTE with values, listed and deleted."""
    group = {"WorkGroup": "primary", "StatementName": "p"}
    client.create_prepared_statement(QueryStatement="SELECT ? AS a", **group)
    client.update_prepared_statement(QueryStatement="SELECT ? + 1 AS a", **group)
    query_id = start(client, "EXECUTE p USING 41")
    athena.executions[query_id].done.wait(30)
    results = client.get_query_results(QueryExecutionId=query_id)["ResultSet"]["Rows"]
    assert results[1]["Data"] == [{"VarCharValue": "42"}]
    listed = client.list_prepared_statements(WorkGroup="primary")["PreparedStatements"]
    assert [s["StatementName"] for s in listed] == ["p"]
    client.delete_prepared_statement(**group)
    with pytest.raises(ClientError, match="was not found"):
        client.get_prepared_statement(**group)


def test_the_catalogue(tables: AthenaServer, client: Any) -> None:
    """Catalogues, databases and tables, with columns, keys and parameters."""
    home = {"CatalogName": "AwsDataCatalog", "DatabaseName": "default"}
    catalogs = client.list_data_catalogs()["DataCatalogsSummary"]
    assert [c["CatalogName"] for c in catalogs] == ["AwsDataCatalog"]
    databases = client.list_databases(CatalogName="AwsDataCatalog")["DatabaseList"]
    assert [d["Name"] for d in databases] == ["default"]
    table = client.get_table_metadata(TableName="flows", **home)["TableMetadata"]
    assert table["Columns"][0] == {"Name": "version", "Type": "int"}
    assert table["PartitionKeys"] == [{"Name": "day", "Type": "string"}]
    assert table["Parameters"]["projection.day.format"] == "yyyy/MM/dd"
    assert "LazySimpleSerDe" in table["Parameters"]["serde.serialization.lib"]
    listed = client.list_table_metadata(Expression="f.*", **home)["TableMetadataList"]
    assert [t["Name"] for t in listed] == ["flows"]
    with pytest.raises(ClientError, match="not found") as error:
        client.get_table_metadata(TableName="nope", **home)
    assert error.value.response["Error"]["Code"] == "MetadataException"


def test_moto_sees_the_same_tables(tables: AthenaServer) -> None:
    """Glue, S3 and STS answer beside Athena, over what Athena's statements made."""
    glue, sts = tables.client("glue"), tables.client("sts")
    partitions = glue.get_partitions(DatabaseName="default", TableName="dated")["Partitions"]
    assert [p["Values"] for p in partitions] == [["2026-11-23"]]
    assert sts.get_caller_identity()["Account"] == "123456789012"
    glue.close()
    sts.close()


@pytest.mark.parametrize("length", [262_144, 262_145])
def test_long_queries(athena: AthenaServer, client: Any, length: int) -> None:
    """262,144 bytes are the most."""
    sql = "SELECT 1 --".ljust(length, "x")
    if length > 262_144:
        with pytest.raises(ClientError, match="too long"):
            start(client, sql)
    else:
        assert finished(athena, client, sql)["Status"]["State"] == "SUCCEEDED"
