from __future__ import annotations

import shlex
import sys
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.clipboard.conftest import Terminal, Tmux

SCRIPT = Path(__file__).with_name("copy_in_terminal.py")
TEXT = "srcaddr\tdstaddr\n203.0.113.9\t10.0.1.20"
ENCODED = b64encode(TEXT.encode())

pytestmark = pytest.mark.pty


def command(report: Path) -> list[str]:
    """A program that copies and reports."""
    return [sys.executable, str(SCRIPT), TEXT, str(report)]


def test_a_plain_terminal_over_ssh_is_sent_osc_52(
    terminal: Callable[..., Terminal], tmp_path: Path
) -> None:
    """Over SSH, without a multiplexer, the terminal itself gets the text by OSC 52."""
    report = tmp_path / "report"
    screen = terminal(command(report), SSH_TTY="/dev/pts/9")
    screen.wait_for_bytes(b"\x1b]52;c;" + ENCODED + b"\x07")
    screen.wait(report.exists)
    assert report.read_text() == "TERMINAL\nSent 1 row (TSV, 37 B) to your terminal (OSC 52)"


def copy_in(server: Tmux, report: Path) -> str:
    """Copy in a new window; what was said."""
    line = " ".join(map(shlex.quote, command(report)))
    server.run("new-window", f"{line}; sleep 60")
    server.terminal.wait(report.exists)
    return report.read_text()


def test_tmux_with_default_settings_takes_it_and_tells_the_terminal(
    tmux: Callable[..., Tmux], tmp_path: Path
) -> None:
    """In tmux as it comes, the text is in tmux's buffer and reaches the outer terminal."""
    server = tmux()
    said = copy_in(server, tmp_path / "report")
    assert said == "TMUX\nSent 1 row (TSV, 37 B) to tmux and, by it, to your terminal"
    assert server.run("show-buffer") == TEXT
    server.terminal.wait_for_bytes(b"\x1b]52;;" + ENCODED + b"\x07")


def test_passthrough_is_used_where_tmux_allows_it(
    tmux: Callable[..., Tmux], tmp_path: Path
) -> None:
    """With allow-passthrough on, the outer terminal gets our own OSC 52."""
    server = tmux("set -g allow-passthrough on")
    said = copy_in(server, tmp_path / "report")
    assert said.startswith("PASSTHROUGH\nSent 1 row (TSV, 37 B) to your terminal through tmux")
    server.terminal.wait_for_bytes(b"\x1b]52;c;" + ENCODED + b"\x07")


def test_set_clipboard_on_is_used_where_the_terminal_lacks_the_feature(
    tmux: Callable[..., Tmux], tmp_path: Path
) -> None:
    """With set-clipboard on, plain OSC 52 fills tmux's buffer, and only tmux is claimed."""
    server = tmux("set -g set-clipboard on", term="screen-256color")
    said = copy_in(server, tmp_path / "report")
    assert said == "TERMINAL\nSent 1 row (TSV, 37 B) to tmux (OSC 52)"
    server.terminal.wait(lambda: server.run("show-buffer") == TEXT)


def test_without_any_way_out_tmux_alone_is_claimed(
    tmux: Callable[..., Tmux], tmp_path: Path
) -> None:
    """Where tmux cannot tell its terminal, the message says that it pastes inside tmux only."""
    server = tmux(term="screen-256color")
    said = copy_in(server, tmp_path / "report")
    assert said.startswith("TMUX_ONLY\n")
    assert said.endswith("pastes inside tmux only (prefix ])")
    assert server.run("show-buffer") == TEXT


def test_a_ticket_block_is_in_tmux_and_its_terminal(
    tmux: Callable[..., Tmux], tmp_path: Path
) -> None:
    """The whole program in tmux as it comes: `y t` fills its buffer with Markdown as it is."""
    server = tmux()
    places = [f"XDG_{name}_HOME={tmp_path / name.lower()}" for name in ("CACHE", "STATE", "CONFIG")]
    program = ["env", *places, sys.executable, "-m", "flowtui", "demo"]
    server.run("new-window", shlex.join(program))
    server.terminal.wait(lambda: "row 1 of" in server.run("capture-pane", "-p"), 60)
    server.run("send-keys", "y", "t")
    server.terminal.wait(lambda: "flowtui query" in server.run("show-buffer"))
    ticket = server.run("show-buffer")
    assert ticket == (tmp_path / "state" / "flowtui" / "clip.txt").read_text()
    assert ticket.startswith("### Top rejected pairs\n\n| srcaddr | dstaddr |")
    assert "```sql\nWITH" in ticket
    server.terminal.wait_for_bytes(b"\x1b]52;;" + b64encode(ticket.encode()) + b"\x07")
    server.run("send-keys", "Q")
