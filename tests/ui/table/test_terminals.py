from __future__ import annotations

import sys

import pytest

from tests.ptyprobe import Probe

pytestmark = pytest.mark.pty

APP = (sys.executable, "-m", "tests.ui.table.table_app", "1000000")


@pytest.mark.parametrize(
    "env",
    [
        {"TERM": "xterm-256color"},
        {"TERM": "screen", "COLORTERM": ""},
        {"TERM": "screen", "COLORTERM": "", "NO_COLOR": "1"},
        {"TERM": "screen-256color", "COLORTERM": "", "TEXTUAL_THEME": "textual-light"},
    ],
    ids=["xterm", "screen", "no-color", "light"],
)
def test_terminals(env: dict[str, str]) -> None:
    """In any terminal the cursor is seen, text differs from its ground, and no cell gets out."""
    with Probe(APP, cols=110, rows=12, env=env) as probe:
        probe.wait_for(r"▸ +10\.0\.0\.0 ")
        probe.press("j")
        probe.press("l")
        probe.wait_for(r"▸ +10\.0\.0\.1 ")
        probe.wait_for("␛]52;c;aGFj")
        probe.settle()
        assert probe.clipboard() is None
        assert b"\x1b]52" not in probe.raw
        line = probe.screen.buffer[2]
        assert "".join(line[x].data for x in range(110) if line[x].reverse).strip() == "443"
        for y in range(12):
            cells = [probe.screen.buffer[y][x] for x in range(100)]
            assert all(cell.fg != cell.bg for cell in cells if cell.data.strip())
        probe.press("G")
        probe.wait_for(r"▸ +10\.15\.66\.63 ")
