from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.athena_server import AthenaServer
from tests.connecting.conftest import ACCOUNT, HEADER, LINE, NAME, OTHER_ACCOUNT, Run


def test_accounts_regions_and_fields_are_found_in_s3(flowtui: Run, bucket: str) -> None:
    """The bucket alone gives a table: owners by the folders, columns by the newest file."""
    done = flowtui("ddl", bucket)
    assert done.returncode == 0, done.stderr
    assert "LOCATION 's3://logs/AWSLogs/'" in done.stdout
    assert f"'projection.log_account.values' = '{ACCOUNT},{OTHER_ACCOUNT}'" in done.stdout
    assert "'projection.log_region.values' = 'eu-west-1,us-east-1'" in done.stdout
    columns = done.stdout.partition("PARTITIONED")[0].splitlines()
    assert [line.split("`")[1] for line in columns[1:-1]][-3:] == ["log_status", "region", "az_id"]


@pytest.mark.parametrize(
    "place", [f"s3://logs/AWSLogs/{ACCOUNT}/", f"s3://logs/AWSLogs/{ACCOUNT}/vpcflowlogs/eu-west-1"]
)
def test_a_deeper_place_means_only_what_is_there(flowtui: Run, bucket: str, place: str) -> None:
    """One account's folder gives a table of that account and its regions."""
    done = flowtui("ddl", place)
    assert f"'projection.log_account.values' = '{ACCOUNT}'" in done.stdout, done.stderr
    assert "'projection.log_region.values' = 'eu-west-1'" in done.stdout


def test_one_object_tells_as_much(flowtui: Run, bucket: str) -> None:
    """The location may be one log file."""
    name = NAME.format(account=ACCOUNT, region="eu-west-1")
    done = flowtui("ddl", f"s3://logs/AWSLogs/{ACCOUNT}/vpcflowlogs/eu-west-1/2026/11/24/{name}")
    assert "`az_id` string" in done.stdout, done.stderr
    assert "'projection.log_region.values' = 'eu-west-1'" in done.stdout


def test_parquet_with_hive_keys_is_seen(flowtui: Run, demo_tables: AthenaServer) -> None:
    """Form and partitioning follow the files; the columns come from the Parquet footer."""
    done = flowtui("ddl", "s3://flow-logs-hive/")
    assert "STORED AS PARQUET" in done.stdout, done.stderr
    assert "`aws-account-id` string" in done.stdout
    assert "MSCK REPAIR TABLE `vpc_flow_logs`;" in done.stdout
    assert "`flow_direction` string" in done.stdout
    refused = flowtui("ddl", "s3://flow-logs-hive/", "--partition", "day")
    assert refused.returncode == 2
    assert "Give --partition hive." in refused.stderr


def test_a_log_on_this_machine_tells_the_fields(flowtui: Run, tmp_path: Path) -> None:
    """A local file's header decides, its name says whose it is; AWS is not asked."""
    log = tmp_path / NAME.format(account=ACCOUNT, region="eu-west-1")
    log.write_bytes(gzip.compress(f"srcaddr dstaddr bytes start end action\n{LINE}\n".encode()))
    done = flowtui("ddl", str(log), "--location", "s3://logs/AWSLogs", env={"AWS_ENDPOINT_URL": ""})
    assert done.returncode == 0, done.stderr
    first = [line.split("`")[1] for line in done.stdout.splitlines()[1:7]]
    assert first == ["srcaddr", "dstaddr", "bytes", "start", "end", "action"]
    assert f"'projection.log_account.values' = '{ACCOUNT}'" in done.stdout


def test_a_flow_log_says_its_own_format(flowtui: Run, athena: AthenaServer) -> None:
    """With --flow-log the LogFormat of its set-up decides, in its order."""
    athena.put("s3://logs/x", b"x")
    ec2 = athena.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    (id,) = ec2.create_flow_logs(
        ResourceIds=[vpc],
        ResourceType="VPC",
        TrafficType="ALL",
        LogDestinationType="s3",
        LogDestination="arn:aws:s3:::logs",
        LogFormat="${srcaddr} ${dstaddr} ${start} ${end} ${flow-direction}",
    )["FlowLogIds"]
    ec2.close()
    done = flowtui("ddl", "--flow-log", id)
    assert done.returncode == 0, done.stderr
    first = [line.split("`")[1] for line in done.stdout.splitlines()[1:6]]
    assert first == ["srcaddr", "dstaddr", "start", "end", "flow_direction"]
    assert "LOCATION 's3://logs/AWSLogs/'" in done.stdout
    missing = flowtui("ddl", "--flow-log", "fl-0123456789abcdef0")
    assert missing.returncode == 1
    assert "fl-0123456789abcdef0" in missing.stderr


def test_an_empty_bucket_is_defined_by_the_flow_log_that_delivers_there(
    flowtui: Run, athena: AthenaServer
) -> None:
    """Before the first file has come, DescribeFlowLogs tells the fields."""
    athena.put("s3://logs/readme.txt", b"x")
    ec2 = athena.client("ec2")
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    ec2.create_flow_logs(
        ResourceIds=[vpc], ResourceType="VPC", TrafficType="ALL", LogDestinationType="s3",
        LogDestination="arn:aws:s3:::logs", LogFormat="${dstaddr} ${srcaddr} ${start} ${end}",
    )  # fmt: skip
    ec2.close()
    done = flowtui("ddl", "s3://logs/", "--account", ACCOUNT, "--region", "eu-west-1")
    assert "(\n  `dstaddr` string,\n  `srcaddr` string,\n" in done.stdout, done.stderr


def test_the_classic_table_is_printed_without_aws(flowtui: Run) -> None:
    """29 columns under their classic names, no partitions, LazySimpleSerDe, header skipped."""
    done = flowtui("ddl", "--classic", "--location", "s3://logs/AWSLogs/1/vpcflowlogs/eu-west-1/")
    assert done.returncode == 0
    columns = done.stdout.partition("ROW FORMAT")[0].splitlines()[1:-1]
    assert len(columns) == 29
    assert columns[3:5] == ["  `sourceaddress` string,", "  `destinationaddress` string,"]
    assert "LazySimpleSerDe" in done.stdout
    assert "'field.delim' = ' '" in done.stdout
    assert "'skip.header.line.count' = '1'" in done.stdout
    assert "PARTITIONED" not in done.stdout


def test_run_makes_the_table_once_and_after_yes(
    flowtui: Run, athena: AthenaServer, bucket: str
) -> None:
    """With --run --yes the table is there and answers; a second time its name is taken."""
    options = ("--table", "flows", "--run", "--output-location", "s3://results/")
    unasked = flowtui("ddl", bucket, *options)
    assert unasked.returncode == 2
    assert "Give --yes." in unasked.stderr
    assert athena.ops("Athena.StartQueryExecution") == []
    done = flowtui("ddl", bucket, *options, "--yes")
    assert done.returncode == 0, done.stderr
    assert "flowtui athena://default.flows" in done.stderr
    counted = flowtui(
        "query", "-", "athena://default.flows", "--since", "2026-11-24T00:00Z",
        "--until", "2026-11-25T00:00Z", "--output-location", "s3://results/",
        input="SELECT count(*) AS n FROM flows",
    )  # fmt: skip
    assert counted.stdout.split() == ["n", "2"], counted.stderr
    again = flowtui("ddl", bucket, *options, "--yes")
    assert again.returncode == 2
    assert "There is a table default.flows already." in again.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--location", "s3://logs/", "--partition", "none", "--fields", "srcaddr,nonsense"],
         "There is no field nonsense"),
        (["--log-format", "${srcaddr}", "--fields", "srcaddr"], "say the same thing"),
        (["--fields", "srcaddr"], "Give --location"),
        (["s3://nowhere-at-all/"], "Not there while listing"),
        (["s3://logs/", "--partition", "hour"], "not of an hour"),
        (["--location", "s3://logs/'; DROP/", "--classic"], "Not to be written"),
    ],
)  # fmt: skip
def test_what_cannot_be_says_what_to_give(
    flowtui: Run, bucket: str, arguments: list[str], said: str
) -> None:
    """Each mistake is told in words."""
    done = flowtui("ddl", *arguments)
    assert said in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


def test_other_files_are_no_flow_logs(flowtui: Run, athena: AthenaServer) -> None:
    """A file of something else is refused with the reason."""
    athena.put("s3://logs/app/a.log", b"hello there\nworld\n")
    done = flowtui("ddl", "s3://logs/app/")
    assert done.returncode == 1
    assert "s3://logs/app/a.log is not used: no header line" in done.stderr
    assert HEADER.split()[0] not in done.stdout
