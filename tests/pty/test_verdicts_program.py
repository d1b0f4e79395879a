"""Why rejected and count once in a terminal: the demo's truths, on files and on Athena."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from flowtui.demo.story import demo_truth
from tests.athena_server import AthenaServer
from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty

TRUTH = demo_truth()
ACL = "from:2026-11-23T16:00Z to:2026-11-23T17:00Z"


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """Places for all that flowtui writes."""
    return places(tmp_path)


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=60, since=time.perf_counter())


def started(home: dict[str, str], size: tuple[int, int], *arguments: str) -> Probe:
    """The program, with these arguments."""
    return Probe([*PROGRAM, *arguments], *size, env=home)


def test_a_request_that_is_rejected(home: dict[str, str]) -> None:
    """At 80x24 on files: verdict, evidence as a view, back; then the switch that counts once."""
    chosen = ("--query", "top-rejected-pairs", "--filter", f"ip:{TRUTH.database_client}")
    with started(home, (80, 24), "demo", *chosen) as probe:
        sees(probe, r"row 1 of ")
        probe.press("E")
        sees(probe, rf"The request is rejected \({TRUTH.cut_off_rejects} records\)")
        sees(probe, r"cannot be told")
        probe.press("j")
        probe.press("j")
        probe.press("enter")
        sees(probe, rf"row 1 of {TRUTH.cut_off_rejects}")
        probe.press("q")
        sees(probe, r"Top rejected pairs")
        probe.press("O")
        sees(probe, r"counted once: [\d ]+ → [\d ]+ records, -\d+\.\d %")
        probe.press("enter")
        sees(probe, r"once:on")
        sees(probe, r"counted once")
        probe.press("Q")


def test_a_response_that_is_rejected_on_athena(
    demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """At 120x40: one query for the verdict, none for the second look, the price beside."""
    chosen = ("--query", "top-rejected-pairs", "--filter", f"port:{TRUTH.acl_port} {ACL}")
    place = ("athena://default.flows_parquet", "--output-location", "s3://results/")
    with started(home, (120, 40), *place, *chosen) as probe:
        sees(probe, r"row 1 of ")
        before = len(demo_tables.ops("Athena.StartQueryExecution"))
        probe.press("E")
        sees(probe, r"The request is accepted, its response rejected")
        sees(probe, r"network ACL of its")
        sees(probe, r"scanned .* · <?\$")
        assert len(demo_tables.ops("Athena.StartQueryExecution")) == before + 1
        probe.press("q")
        sees(probe, r"row 1 of ")
        probe.press("E")
        sees(probe, r"its response rejected")
        assert len(demo_tables.ops("Athena.StartQueryExecution")) == before + 1
        probe.press("q")
        probe.press("Q")
