"""Table work of the whole program in a terminal without colours: marks, columns, panes."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.ptyprobe import PROGRAM, Probe, places

pytestmark = pytest.mark.pty


def sees(probe: Probe, pattern: str) -> None:
    """Wait until a pattern is on the screen."""
    probe.wait_for(pattern, timeout=20, since=time.perf_counter())


def press(probe: Probe, keys: str) -> None:
    """Press keys one by one, as a person would."""
    for key in keys.split():
        probe.press(key, timeout=0.3)


def test_marks_and_columns_by_keyboard(tmp_path: Path) -> None:
    """At 80x24 and in mono: rows marked, sorted and copied; a column hidden, and still so later."""
    home = places(tmp_path) | {"NO_COLOR": "1", "FLOWTUI_CLIPBOARD": "osc52"}
    with Probe([*PROGRAM, "demo", "--no-resume"], 80, 24, env=home) as probe:
        sees(probe, r"SUCCEEDED.*100 rows")
        press(probe, "v j j V")
        sees(probe, r"3 marked · row 3 of 100")
        marked = [row for row in probe.text().splitlines() if row[1:2] == "●" and "SUCC" not in row]
        assert len(marked) == 3
        assert marked[-1].startswith("▸●")
        addresses = [row.split()[1] for row in marked]
        press(probe, "s s")
        sees(probe, r"srcaddr ▾")
        sees(probe, r"3 marked · row 1 of 100|Sorted by")
        press(probe, "y r")
        sees(probe, r"Sent 3 marked rows")
        copied = (probe.clipboard() or "").splitlines()
        assert len(copied) == 4
        assert sorted(line.split("\t")[0] for line in copied[1:]) == sorted(addresses)
        press(probe, "l c space D")
        sees(probe, r"from now on")
        press(probe, "0 _ $ z")
        sees(probe, r"srcaddr ▾ *│")
        probe.settle()
        assert not re.search(r"SUCCEEDED|accepted|No filter", probe.text())
        press(probe, "3")
        sees(probe, r"accepted")
        press(probe, "4 z")
        sees(probe, r"SUCCEEDED")
        press(probe, "Q y")
    with Probe([*PROGRAM, "demo", "--no-resume"], 80, 24, env=home) as probe:
        sees(probe, r"1 column hidden · row 1 of 100")
        assert "dstaddr" not in probe.text()
