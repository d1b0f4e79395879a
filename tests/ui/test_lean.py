"""Sending only what differs: whatever is drawn, the terminal shows the same as if all were sent."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from flowtui.session.terminal import is_slow_line
from flowtui.ui.lean import Piece, ShownCells

WIDTH, HEIGHT = 12, 3
STYLES = tuple(
    map(
        Style.parse,
        ("none", "bold", "red", "bold red on blue", "reverse", "#102030 on #405060", "dim on red"),
    )
)


def full(pieces: list[Piece]) -> str:
    """The pieces as Textual sends them."""
    return "".join(
        f"\x1b[{y + 1};{x + 1}H"
        + "".join(Strip.render_style(s or Style(), t, ColorSystem.TRUECOLOR) for t, s, _ in strip)
        for x, y, strip in pieces
    )


@st.composite
def drawn(draw: st.DrawFn) -> Piece:
    """A piece of a line, of narrow and wide characters, wholly on the screen."""
    x = draw(st.integers(0, WIDTH - 1))
    segments, room = [], WIDTH - x
    for text in draw(st.lists(st.text("ab 1é日", max_size=5), max_size=4)):
        segment = Segment(text, draw(st.sampled_from(STYLES)))
        if (room := room - segment.cell_length) < 0:
            break
        segments.append(segment)
    return x, draw(st.integers(0, HEIGHT - 1)), Strip(segments)


def cells(screen: pyte.Screen) -> list[list[object]]:
    """All that a terminal shows."""
    return [[screen.buffer[y][x] for x in range(WIDTH)] for y in range(HEIGHT)]


@settings(max_examples=300)
@given(frames=st.lists(st.lists(drawn(), max_size=3), max_size=6), forgets=st.integers(0, 6))
def test_the_terminal_shows_the_same(frames: list[list[Piece]], forgets: int) -> None:
    """Frame upon frame, in every style, and after what it shows is forgotten."""
    blank = [(0, y, Strip([Segment("." * WIDTH)])) for y in range(HEIGHT)]
    whole, lean = pyte.Screen(WIDTH, HEIGHT), pyte.Screen(WIDTH, HEIGHT)
    shown = ShownCells()
    for number, frame in enumerate([blank, *frames]):
        # Lines are drawn whole, as a compositor does: no wide character is cut in two.
        pyte.Stream(whole).feed(full(blank) + full(frame) if number else full(blank))
        if number == forgets:
            shown.forget()
        lines = [*blank, *frame] if number else blank
        pyte.Stream(lean).feed(shown.sequence(lines, ColorSystem.TRUECOLOR))
        assert cells(lean) == cells(whole)


def test_nothing_new_sends_nothing() -> None:
    """The same frame again is no bytes at all."""
    shown = ShownCells()
    frame = [(0, 0, Strip([Segment("abc", STYLES[3]), Segment("日本", STYLES[1])]))]
    assert shown.sequence(frame, ColorSystem.TRUECOLOR)
    assert shown.sequence(frame, ColorSystem.TRUECOLOR) == ""


def test_only_what_differs_is_sent() -> None:
    """One letter of a line, and no more of its colours than that."""
    shown = ShownCells()
    shown.sequence([(0, 0, Strip([Segment("a" * 100)]))], ColorSystem.TRUECOLOR)
    changed = Strip([Segment("a" * 50 + "b" + "a" * 49)])
    assert shown.sequence([(0, 0, changed)], ColorSystem.TRUECOLOR) == "\x1b[1;51Hb"


@pytest.mark.parametrize(
    ("choice", "env", "expected"),
    [
        ("auto", {}, False),
        ("auto", {"SSH_TTY": "/dev/pts/1"}, True),
        ("auto", {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, True),
        ("auto", {"SSH_CONNECTION": ""}, False),
        ("on", {}, True),
        ("off", {"SSH_TTY": "/dev/pts/1"}, False),
    ],
)
def test_a_line_is_slow_over_ssh_or_as_is_said(
    choice: str, env: dict[str, str], expected: bool
) -> None:
    """Nobody has to say so."""
    assert is_slow_line(choice, env) is expected
