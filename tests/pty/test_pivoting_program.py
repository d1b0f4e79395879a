"""Pivoting of the whole program in a terminal without colours, on files and on Athena."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.athena_server import AthenaServer
from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty

HOUR = "from:2026-11-23T14:00Z to:2026-11-23T15:00Z"
SOURCES = {
    "files": ("demo", "--no-resume"),
    "athena": ("athena://default.flows_parquet", "--output-location", "s3://results/",
               "--no-resume"),
}  # fmt: skip


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=25, since=time.perf_counter())


@pytest.mark.parametrize("source", SOURCES)
def test_from_an_address_round_and_back(
    source: str, demo_tables: AthenaServer, tmp_path: Path
) -> None:
    """Widen, switch off, undo, ask about it, compare, resume: in mono, one query each."""
    home = places(tmp_path) | {"NO_COLOR": "1", "FLOWTUI_CLIPBOARD": "osc52"}
    arguments = [*PROGRAM, *SOURCES[source], "--filter", HOUR]
    with Probe(arguments, 100, 30, env=home) as probe:
        sees(probe, r"SUCCEEDED.*100 rows")
        probe.press("=")
        sees(probe, r"srcaddr:10\.20\.12\.77 ")
        sees(probe, r"row 1 of 1 ")
        probe.press("=")
        sees(probe, r"the /24 around it; = again goes on")
        sees(probe, r"srcaddr:10\.20\.12\.0/24 ")
        sees(probe, r"SUCCEEDED")
        probe.press("X")
        sees(probe, r"1 on +srcaddr:10\.20\.12\.0/24")
        probe.press("1")
        sees(probe, r"1 off +srcaddr")
        probe.press("enter")
        sees(probe, r"off srcaddr:10\.20\.12\.0/24")
        sees(probe, r"row 1 of 100")
        probe.press("u")
        sees(probe, r"row 1 of 1 ")
        assert not re.search(r"off srcaddr", probe.text())
        probe.press("A")
        sees(probe, r"About address 10\.20\.12\.77")
        probe.press("3")
        sees(probe, r"› calls by 10\.20\.12\.77")
        sees(probe, r"10\.20\.20\.100 +5432 .*tcp")
        sees(probe, r"SUCCEEDED")
        started = len(demo_tables.ops("Athena.StartQueryExecution"))
        probe.press("C")
        sees(probe, r"previous: the same length")
        probe.press("enter")
        sees(probe, r"Compared with 2026-11-23T13:00Z\.\.2026-11-23T14:00Z")
        sees(probe, r"10\.20\.20\.100 +5432 .*new")
        probe.settle()
        probe.press("Q")
        asked = len(demo_tables.ops("Athena.StartQueryExecution"))
    if source == "athena":
        assert asked == started + 1
    with Probe([*PROGRAM, "--resume"], 100, 30, env=home) as probe:
        sees(probe, r"› Calls by an address · against previous")
        sees(probe, r"Compared with 2026-11-23T13:00Z\.\.2026-11-23T14:00Z")
        sees(probe, r"10\.20\.20\.100 +5432 .*new")
        probe.press("q")
        sees(probe, r"SUCCEEDED")
        probe.press("q")
        sees(probe, r"srcaddr:10\.20\.12\.0/24")
        probe.press("Q")
    assert len(demo_tables.ops("Athena.StartQueryExecution")) == asked
