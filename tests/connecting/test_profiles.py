from __future__ import annotations

from pathlib import Path

import pytest

from tests.athena_server import AthenaServer
from tests.connecting.conftest import PROGRAM, Run
from tests.connecting.profiles import DEVICE, write_config
from tests.ptyprobe import Probe

QUERY = (
    "query", "-", "athena://default.flows_projected", "--output-location", "s3://results/",
    "--since", "2026-11-23T00:00Z", "--until", "2026-11-24T00:00Z",
)  # fmt: skip
COUNT = "SELECT count(*) AS n FROM flows"


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", ""], ids=["environment", "profile"])
def test_endpoints_are_honoured_by_every_call(
    flowtui: Run, home: dict[str, str], demo_tables: AthenaServer, tmp_path: Path, name: str
) -> None:
    """An endpoint of the environment, or of the profile's services, serves Athena, Glue and S3."""
    if not name:
        for variable in [v for v in home if v.startswith("AWS_")]:
            del home[variable]
        home |= write_config(demo_tables, tmp_path)
    options = () if name else ("--profile", "here")
    done = flowtui(*QUERY, *options, input=COUNT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[1]) > 300_000
    assert demo_tables.ops("S3.ListObjects")
    checked = flowtui("doctor", "athena://default.flows_hive", *options)
    assert checked.stdout.count(demo_tables.url) == 3
    assert demo_tables.ops("Glue.GetPartitions")
    assert demo_tables.ops("STS.GetCallerIdentity")
    assert demo_tables.ops("EC2.DescribeNetworkInterfaces")


def test_nobody_to_ask_for_a_code_is_an_error_with_a_way_out(
    flowtui: Run, home: dict[str, str], demo_tables: AthenaServer, tmp_path: Path
) -> None:
    """Without a terminal an MFA profile fails at once, and says what to do."""
    home |= write_config(demo_tables, tmp_path)
    done = flowtui(*QUERY, "--profile", "mfa", input=COUNT)
    assert done.returncode == 1
    assert f"The profile asks for an MFA code (Enter MFA code for {DEVICE})" in done.stderr
    assert "get-session-token" in done.stderr
    assert demo_tables.ops("STS.AssumeRole") == []


@pytest.mark.pty
def test_the_command_line_asks_for_the_code(
    home: dict[str, str], demo_tables: AthenaServer, tmp_path: Path
) -> None:
    """On a terminal the code is asked, not shown, and sent; the data follows."""
    home |= write_config(demo_tables, tmp_path)
    sql = tmp_path / "count.sql"
    sql.write_text(COUNT)
    command = [PROGRAM, "query", str(sql), *QUERY[2:], "--profile", "mfa"]
    with Probe(command, env=home) as probe:
        probe.wait_for(f"Enter MFA code for {DEVICE}")
        probe.type("654321\r")
        probe.wait_for(r"3\d\d,\d{3}", timeout=30)
        assert "654321" not in probe.text()
    (call,) = demo_tables.ops("STS.AssumeRole")
    assert (call.request["SerialNumber"], call.request["TokenCode"]) == (DEVICE, "654321")
