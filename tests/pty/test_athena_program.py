"""The whole program in a terminal against an Athena that runs the SQL: the main job, key by key."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.athena_server import AthenaServer
from tests.ptyprobe import OVER_SSH, PROGRAM, Probe, places

pytestmark = pytest.mark.pty

TABLE = "athena://default.flows_parquet"
DAY = "from:2026-11-23T14:00Z to:2026-11-23T16:00Z"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Places for all that flowtui writes, and a terminal that takes OSC 52."""
    return places(tmp_path) | OVER_SSH


def started(*arguments: str, home: dict[str, str]) -> Probe:
    """The program on a terminal of 100 by 30."""
    return Probe([*PROGRAM, *arguments], 100, 30, env=home)


def opened(home: dict[str, str]) -> Probe:
    """The program on the table, asked about two hours of the demo's day."""
    return started(TABLE, "--output-location", "s3://results/", "--filter", DAY, home=home)


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=60, since=time.perf_counter())


def ask(probe: Probe, words: str) -> None:
    """Choose a saved query by some of its title."""
    probe.press("o")
    sees(probe, "Search in titles")
    probe.type(words)
    probe.settle()
    probe.press("enter")


def left(probe: Probe) -> int | None:
    """Wait for the end of the program; its status."""
    until(lambda: not probe.pump(0.05) and not probe.process.isalive())
    status: int | None = probe.process.exitstatus
    return status


def until(holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "never came about"
        time.sleep(0.02)


def states(server: AthenaServer) -> list[str]:
    """How each query of the program stands, in order; the server made its tables by itself."""
    return [e.state for e in server.executions.values() if "ClientRequestToken" in e.request]


def test_the_main_job(demo_tables: AthenaServer, home: dict[str, str]) -> None:
    """Choose, filter, run, cancel, drill, a record, copy, quit; resumed without a new query."""
    server = demo_tables
    with opened(home) as probe:
        sees(probe, r"SUCCEEDED.*rows?")
        ask(probe, "verdict")
        sees(probe, r"Top rejected pairs › Verdict changed")
        sees(probe, r"row 1 of \d ·")

        server.gate.clear()
        probe.press("f")
        probe.type(" dstport:5432")
        probe.press("enter")
        sees(probe, r"RUNNING")
        probe.press("x")
        sees(probe, r"CANCELLED")
        server.gate.set()
        assert len(server.ops("Athena.StopQueryExecution")) == 1
        assert states(server)[-1] == "CANCELLED"

        probe.press("r")
        sees(probe, r"SUCCEEDED")
        sees(probe, r"▸ +10\.20\.12\.77 +10\.20\.20\.100")
        probe.press("enter")
        sees(probe, r"› 10\.20\.12\.77 → 10\.20\.20\.100")
        sees(probe, r"row 1 of 120")
        for _ in range(3):
            probe.press("j")
        sees(probe, r"row 4 of 120")
        probe.press("enter")
        sees(probe, r"› record")
        sees(probe, r"dstport +5432 +postgres")
        probe.press("q")
        sees(probe, r"row 4 of 120")
        probe.press("y")
        probe.press("r")
        sees(probe, "Sent")
        assert "10.20.12.77" in (probe.clipboard() or "")
        probe.press("Q")
        assert left(probe) == 0
    asked = len(server.ops("Athena.StartQueryExecution"))

    with started("--resume", home=home) as probe:
        sees(probe, r"› 10\.20\.12\.77 → 10\.20\.20\.100")
        sees(probe, r"row 4 of 120")
        probe.press("q")
        sees(probe, r"SUCCEEDED")
        sees(probe, r"▸ +10\.20\.12\.77 +10\.20\.20\.100")
        probe.press("Q")
        assert left(probe) == 0
    assert len(server.ops("Athena.StartQueryExecution")) == asked
    assert len(server.ops("Athena.StopQueryExecution")) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_dropped_connection_stops_the_query_and_keeps_the_sitting(
    number: signal.Signals, demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """One StopQueryExecution; resumed, one stands there, told that it was cancelled."""
    server = demo_tables
    server.gate.clear()
    with opened(home) as probe:
        sees(probe, "RUNNING")
        os.kill(probe.process.pid, number)
        assert left(probe) == 128 + number
    assert len(server.ops("Athena.StopQueryExecution")) == 1
    until(lambda: states(server) == ["CANCELLED"])
    with started("--resume", home=home) as probe:
        sees(probe, "Cancelled before there were rows")
        probe.press("Q")
        assert left(probe) == 0
    assert len(server.ops("Athena.StartQueryExecution")) == 1


def test_a_query_left_running_is_found_again(
    demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """`Q` asks; left running, it is not stopped, and its rows come with --resume."""
    server = demo_tables
    server.gate.clear()
    with opened(home) as probe:
        sees(probe, "RUNNING")
        probe.press("Q")
        sees(probe, "leave it running")
        probe.press("n")
        sees(probe, "x cancels")
        probe.press("Q")
        sees(probe, "leave it running")
        probe.press("l")
        assert left(probe) == 0
    assert server.ops("Athena.StopQueryExecution") == []
    with started("--resume", home=home) as probe:
        sees(probe, "RUNNING")
        server.gate.set()
        sees(probe, r"row 1 of 100")
        probe.press("Q")
        assert left(probe) == 0
    assert len(server.ops("Athena.StartQueryExecution")) == 1
    assert states(server) == ["SUCCEEDED"]


def test_interfaces_go_by_name(demo_tables: AthenaServer, home: dict[str, str]) -> None:
    """What EC2 calls an address stands beside it when `.` asks for it, and goes with another."""
    ec2: Any = demo_tables.client("ec2")
    network = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=network, CidrBlock="10.20.20.0/24")["Subnet"]["SubnetId"]
    ec2.create_network_interface(
        SubnetId=subnet, PrivateIpAddress="10.20.20.100", Description="ElastiCache orders"
    )
    ec2.close()
    with opened(home) as probe:
        sees(probe, "row 1 of 100")
        until(lambda: demo_tables.ops("EC2.DescribeNetworkInterfaces"))
        probe.settle()
        probe.press(".")
        sees(probe, r"10\.20\.20\.100 +ElastiCache orders")
        probe.press(".")
        sees(probe, r"10\.20\.12\.77 +10\.20\.20\.100 +\d")
        probe.press("Q")
        assert left(probe) == 0


def test_an_alarm_on_stdin_becomes_a_question_with_its_price(
    demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """The alarm comes through a pipe, the keys from the terminal; one query runs, and is billed."""
    alarm = "203.0.113.66 to 10.20.0.22, 2026-11-23T14:10Z to 2026-11-23T15:00Z"
    run = f"echo '{alarm}' | {' '.join(PROGRAM)} {TABLE} - --output-location s3://results/"
    with Probe(["sh", "-c", run], 100, 30, env=home) as probe:
        sees(probe, r"ip:10\.20\.0\.22.*from:2026-11-23T13:55Z")
        sees(probe, r"SUCCEEDED.*scanned")
        probe.press("Q")
        left(probe)
    assert len(demo_tables.ops("Athena.StartQueryExecution")) == 1
