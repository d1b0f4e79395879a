"""Hunting with the whole program in a terminal, on files and on an Athena that runs the SQL."""

from __future__ import annotations

import pytest

from tests.athena_server import AthenaServer
from tests.pty.test_athena_program import home, sees, states
from tests.ptyprobe import PROGRAM, Probe

__all__ = ["home"]

pytestmark = pytest.mark.pty

NIGHT = "from:2026-11-23T01:00Z to:2026-11-23T02:00Z"


@pytest.mark.parametrize("place", ["files", "athena"])
def test_findings_their_rows_their_records_and_a_copy(
    place: str, demo_tables: AthenaServer, home: dict[str, str]
) -> None:
    """M, the scan on the page, Enter to its row, Enter to its records, back, M, y."""
    source = ["demo"]
    if place == "athena":
        source = ["athena://default.flows_projected", "--output-location", "s3://results/"]
    with Probe([*PROGRAM, *source, "--filter", NIGHT], 80, 24, env=home) as probe:
        sees(probe, "SUCCEEDED")
        before = len(states(demo_tables))
        probe.press("M")
        sees(probe, r"\d+ findings · \d+ of \d+ detections asked")
        sees(probe, "Port scans  198.51.100.23 → 10.20.0.22")
        assert len(states(demo_tables)) - before == (2 if place == "athena" else 0)
        probe.press("enter")
        sees(probe, "› Port scans")
        sees(probe, "row 1 of 1 ")
        probe.press("enter")
        sees(probe, r"row 1 of 1 024")
        probe.press("M")
        sees(probe, "1,024 ports of 10.20.0.22")
        probe.press("y")
        sees(probe, "Sent")
        copied = probe.clipboard()
        assert copied is not None
        assert copied.startswith("# Hunt over ")
        assert "| medium | Port scans | 198.51.100.23 → 10.20.0.22 |" in copied
        # The records were read once: drilling and coming back asked Athena nothing more.
        assert len(states(demo_tables)) - before == (2 if place == "athena" else 0)
