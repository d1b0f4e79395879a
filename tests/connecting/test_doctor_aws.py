from __future__ import annotations

import pytest

from tests.athena_server import AthenaServer
from tests.connecting.conftest import Run

TABLE = "athena://default.flows_projected"
RESULTS = ("--output-location", "s3://results/")


def lines(text: str) -> dict[str, str]:
    """The findings about the source: name to mark and text."""
    found = {}
    for line in text.partition("\nsource\n")[2].splitlines():
        name, _, rest = line[3:].partition(": ")
        found[name] = f"{line[1]} {rest}"
    return found


def results(server: AthenaServer) -> list[str]:
    """Keys in the results bucket."""
    s3 = server.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="results").get("Contents", [])]
    s3.close()
    return keys


def test_a_table_that_is_all_right(flowtui: Run, demo_tables: AthenaServer) -> None:
    """Each check has its line, nothing is bad, and neither query nor object is left behind."""
    before = results(demo_tables), set(demo_tables.executions)
    done = flowtui("doctor", TABLE, *RESULTS)
    assert done.returncode == 0, done.stdout
    found = lines(done.stdout)
    assert "account 123456789012" in found["identity"]
    assert found["region"] == "  us-east-1"
    assert found["endpoint of s3"] == f"  {demo_tables.url}"
    assert "primary; Athena engine version 3" in found["work group"]
    assert "no limit per query" in found["work group"]
    assert found["partition day"] == "  date, as yyyy/MM/dd, computed"
    assert found["columns"] == "  stand as the files have them"
    assert "20261123T2355Z" in found["newest data"]
    assert "$5.00 per TB" in found["price"]
    assert found["athena:StartQueryExecution"] == "  allowed"
    assert (results(demo_tables), set(demo_tables.executions)) == before


def test_a_write_test_leaves_nothing(flowtui: Run, demo_tables: AthenaServer) -> None:
    """With --write-test one object is written and deleted again."""
    before = results(demo_tables)
    found = lines(flowtui("doctor", TABLE, *RESULTS, "--write-test").stdout)
    assert found["results, writing"] == "  one object was written and deleted"
    assert len(demo_tables.ops("S3.PutObject")) == 1
    assert results(demo_tables) == before
    demo_tables.fault("S3.PutObject", code="AccessDenied", message="no", status=403, times=9)
    done = flowtui("doctor", TABLE, *RESULTS, "--write-test")
    assert done.returncode == 1
    assert lines(done.stdout)["results, writing"].startswith("✗ Access denied")


@pytest.mark.parametrize(
    ("operation", "action", "mark"),
    [
        ("Athena.StartQueryExecution", "athena:StartQueryExecution", "✗"),
        ("Athena.GetQueryResults", "athena:GetQueryResults", "✗"),
        ("Athena.StopQueryExecution", "athena:StopQueryExecution", "!"),
        ("Athena.GetWorkGroup", "athena:GetWorkGroup", "!"),
        ("Athena.ListNamedQueries", "athena:ListNamedQueries", "!"),
        ("Glue.GetPartitions", "glue:GetPartitions", "✗"),
        ("S3.GetBucketLocation", "s3:GetBucketLocation on results", "✗"),
        ("EC2.DescribeNetworkInterfaces", "ec2:DescribeNetworkInterfaces", "!"),
    ],
)
def test_a_missing_permission_is_named(
    flowtui: Run, demo_tables: AthenaServer, operation: str, action: str, mark: str
) -> None:
    """Exactly the denied action is named, bad only where nothing can be asked without it."""
    demo_tables.fault(operation, code="AccessDeniedException", message="no", status=400, times=99)
    done = flowtui("doctor", TABLE, *RESULTS)
    found = lines(done.stdout)
    assert found[action].startswith(f"{mark} missing: without it, ")
    assert f"ask for the permission {action.partition(' ')[0]}" in found[action]
    assert done.returncode == (1 if mark == "✗" else 0)


def test_who_is_refused_is_told_and_no_more(flowtui: Run, demo_tables: AthenaServer) -> None:
    """Expired credentials end the checks at the first one, with the command that logs in."""
    demo_tables.fault("STS.GetCallerIdentity", code="ExpiredToken", status=403, times=9)
    done = flowtui("doctor", TABLE, *RESULTS)
    found = lines(done.stdout)
    assert done.returncode == 1
    assert "aws sso login" in found["identity"]
    assert demo_tables.ops("Athena.GetWorkGroup") == []


def test_limits_of_the_work_group_are_told(flowtui: Run, demo_tables: AthenaServer) -> None:
    """Enforced settings, the cutoff and managed results stand on the work group's line."""
    client = demo_tables.client("athena")
    client.create_work_group(
        Name="tight",
        Configuration={
            "EnforceWorkGroupConfiguration": True,
            "BytesScannedCutoffPerQuery": 50_000_000,
            "ResultConfiguration": {"OutputLocation": "s3://results/tight/"},
        },
    )
    found = lines(flowtui("doctor", "athena://tight@default.flows_projected").stdout)
    assert "its settings are enforced" in found["work group"]
    assert "50.0 MB scanned" in found["work group"]
    assert found["results"] == "  s3://results/tight/ can be read"
    client.close()


def test_data_that_no_partition_holds_is_found(flowtui: Run, demo_tables: AthenaServer) -> None:
    """A file that came after the last MSCK REPAIR TABLE is told as unseen."""
    demo_tables.put(
        "s3://flow-logs-hive/AWSLogs/aws-account-id=123456789010/aws-service=vpcflowlogs/"
        "aws-region=eu-west-1/year=2026/month=11/day=24/hour=00/"
        "123456789010_vpcflowlogs_eu-west-1_fl-1_20261124T0000Z_0000abcd.log.parquet",
        b"PAR1",
    )
    found = lines(flowtui("doctor", "athena://default.flows_hive", *RESULTS).stdout)
    assert "so no query sees it" in found["partitions"]


@pytest.mark.parametrize(
    ("source", "name", "said"),
    [
        ("athena://default.nowhere", "table", "The catalogue does not know it"),
        ("athena://nobody@default.flows_projected", "work group", "nobody"),
        ("athena://default.vpc_flow_logs", "table", "no partitions"),
        ("s3://no-such-bucket-here/", "place", "Not there"),
        ("s3://flow-logs/", "accounts", "123456789010"),
        ("s3://flow-logs/", "fields", "29: version, account_id"),
    ],
)
def test_other_sources(
    flowtui: Run, demo_tables: AthenaServer, source: str, name: str, said: str
) -> None:
    """What is wrong, or there, is said on the line of its name; nothing is downloaded whole."""
    done = flowtui("doctor", source, *RESULTS)
    assert said in lines(done.stdout)[name], done.stdout
    assert "Traceback" not in done.stderr
