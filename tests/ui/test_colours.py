"""What can be told apart without colours, in few colours, in ASCII, and by all kinds of eyes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.color import Color

from flowtui.errors import ConfigError, EngineError
from flowtui.session.config import load_config
from flowtui.session.terminal import Terminal, can_unicode
from flowtui.ui.asciisigns import in_ascii
from flowtui.ui.registry import COMMANDS
from flowtui.ui.themes import OURS, checked_theme, shown_theme, theme_names
from tests.scripted import Answer
from tests.ui.harness import PAIR_COLUMNS, PAIRS, Stage, stage

MONO = Terminal(colours=0)


def segments(s: Stage) -> Iterator[tuple[str, Style]]:
    """All that is drawn, with its style."""
    for strip in s.app.screen._compositor.render_strips():
        for text, style, _ in strip:
            yield text, style or Style()


def reversed_texts(s: Stage) -> str:
    """What is drawn in reverse."""
    return "\n".join(text for text, style in segments(s) if style.reverse)


def has_colours(s: Stage) -> bool:
    """True where any colour but the terminal's own is drawn."""
    drawn = [c for _, style in segments(s) for c in (style.color, style.bgcolor) if c]
    return any(not colour.is_default for colour in drawn)


async def test_no_state_is_told_by_colour_alone() -> None:
    """Words, signs and reverse: the run, verdicts, cursor, marks, matches, the sort, a failure."""
    async with stage(terminal=MONO) as s:
        assert not has_colours(s)
        assert "● SUCCEEDED" in s.shown
        assert "REJECT" in s.shown
        assert "▸" in s.shown
        assert str(PAIRS[0][0]) in reversed_texts(s)
        await s.press("j", "v")
        assert "▸●" in s.shown
        assert str(PAIRS[1][0]) in reversed_texts(s)
        await s.press("s")
        assert "▴" in s.shown or "▾" in s.shown
        await s.press("slash")
        await s.write("REJ")
        await s.press("enter")
        assert any(style.underline and "REJ" in text for text, style in segments(s))
        assert not has_colours(s)


async def test_running_failed_and_cancelled_are_words() -> None:
    """The line that says how a run stands needs no colour."""
    async with stage(
        lambda _: Answer(PAIR_COLUMNS, PAIRS, error=EngineError("LINE 1: no")),
        terminal=MONO,
        is_waited_for=False,
    ) as s:
        await s.until(lambda: "FAILED" in s.shown)
        assert not has_colours(s)


DIALOGS = {
    "queries": ("o",),
    "theme": (":", *"theme", "enter"),
    "top values": ("F",),
    "columns": ("c",),
    "time": ("t",),
}


@pytest.mark.parametrize("keys", DIALOGS.values(), ids=DIALOGS)
async def test_the_highlight_of_a_list_is_underlined(keys: tuple[str, ...]) -> None:
    """In each dialog with a list or a line to type in, what has the keys can be seen."""
    async with stage(terminal=MONO) as s:
        await s.press(*keys)
        await s.until(lambda: len(s.app.screen_stack) > 1 or s.app.screen.focused)
        await s.pilot.pause(0.1)
        assert any(style.underline and text.strip() for text, style in segments(s)), s.shown
        assert s.app.theme == "ansi-dark" or keys[0] == ":"


def _ratio(one: Color, other: Color) -> float:
    """Contrast as WCAG 2 counts it, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Color) -> float:
    parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in colour.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


# Red-blind and green-blind eyes: Viénot, Brettel and Mollon (1999), on linear light.
BLIND: dict[str, Callable[[float, float, float], tuple[float, float, float]]] = {
    "protan": lambda r, g, b: (
        0.11238 * r + 0.88762 * g, 0.11238 * r + 0.88762 * g, 0.00401 * (r - g) + b,
    ),
    "deutan": lambda r, g, b: (
        0.29275 * r + 0.70725 * g, 0.29275 * r + 0.70725 * g, -0.02234 * (r - g) + b,
    ),
}  # fmt: skip


@pytest.mark.parametrize("eyes", BLIND.values(), ids=BLIND)
@pytest.mark.parametrize("theme", OURS, ids=lambda theme: theme.name)
def test_accept_and_reject_differ_for_all_eyes(
    theme: object, eyes: Callable[[float, float, float], tuple[float, float, float]]
) -> None:
    """Blue and vermilion stay far apart where red and green fall together; both are readable."""
    from textual.theme import Theme

    assert isinstance(theme, Theme)
    variables = theme.to_color_system().generate()
    accept, reject = (Color.parse(variables[f"text-{name}"]) for name in ("success", "error"))
    background = Color.parse(variables["background"])
    seen = [eyes(*(part**2.2 for part in colour.normalized)) for colour in (accept, reject)]
    shown = [[max(0.0, part) ** (1 / 2.2) for part in colour] for colour in seen]
    assert sum(abs(a - b) for a, b in zip(*shown, strict=True)) > 0.45  # red and green: 0.35
    assert min(_ratio(accept, background), _ratio(reject, background)) > 4.5


def test_a_theme_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The file, the line, and the nearest name."""
    path = tmp_path / "config.toml"
    path.write_text('zone = "UTC"\ntheme = "okabe-dark"\n')
    with pytest.raises(
        ConfigError, match=r"config\.toml:2: there is no theme 'okabe-dark'"
    ) as info:
        checked_theme(load_config(path))
    assert "okabe-ito-dark" in info.value.hint
    for name in theme_names():
        path.write_text(f'theme = "{name}"\n')
        assert checked_theme(load_config(path)) == name


async def test_a_theme_is_chosen_by_looking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is shown under the highlight; q goes back, Enter keeps it in the settings."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    async with stage() as s:
        before = s.app.theme
        for leave, expected in (("q", before), ("enter", "okabe-ito-light")):
            await s.screen.action_command("app.theme")
            await s.press("g", "j")
            assert s.app.theme == "okabe-ito-light"
            await s.press(leave)
            assert s.app.theme == expected
        await s.until(lambda: "okabe-ito-light" in s.note)
    assert load_config(tmp_path / "flowtui" / "config.toml").theme == "okabe-ito-light"


@pytest.mark.parametrize(
    ("chosen", "terminal", "expected"),
    [
        ("", Terminal(), ""),
        ("nord", Terminal(), "nord"),
        ("", Terminal(colours=8), "ansi-dark"),
        ("nord", Terminal(colours=16), "nord"),
        ("nord", MONO, "ansi-dark"),
    ],
)
def test_few_colours_are_the_terminals_own(chosen: str, terminal: Terminal, expected: str) -> None:
    """What would be washed out is not sent, unless somebody chose it."""
    assert shown_theme(chosen, terminal) == expected


@pytest.mark.parametrize(
    ("env", "least", "most"),
    [
        ({"TERM": "xterm-256color"}, 256, 256),
        ({"TERM": "xterm"}, 8, 16),
        ({"TERM": "linux"}, 8, 16),
        ({"TERM": "dumb"}, 0, 0),
        ({"TERM": "vt100"}, 0, 0),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, 1 << 24, 1 << 24),
        ({"TERM": "no-such-terminal"}, 8, 8),
        ({}, 0, 0),
    ],
)
def test_how_many_colours_there_are(env: dict[str, str], least: int, most: int) -> None:
    """As terminfo says; asked once in a process, as curses has it."""
    told = f"from flowtui.session.terminal import colours; print(colours({env!r}))"
    assert least <= int(subprocess.check_output([sys.executable, "-c", told])) <= most


@pytest.mark.parametrize(
    ("env", "encoding", "expected"),
    [
        ({}, "utf-8", True),
        ({"LANG": "C.UTF-8"}, "utf-8", True),
        ({"LC_ALL": "C"}, "utf-8", False),
        ({"LANG": "POSIX"}, "utf-8", False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "utf-8", True),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1", False),
        ({"LANG": "en_US.UTF-8"}, "ascii", False),
    ],
)
def test_signs_go_where_the_locale_can_show_them(
    env: dict[str, str], encoding: str, expected: bool
) -> None:
    """An encoding that cannot, and a locale that says C, draw in ASCII; none at all does not."""
    assert can_unicode(env, encoding) is expected


@given(st.text())
def test_ascii_is_as_wide_as_what_it_stands_for(text: str) -> None:
    """No column moves, and nothing but ASCII is left."""
    assert in_ascii(text).isascii()
    printable = "".join(c for c in text if c.isprintable())
    assert len(in_ascii(printable)) == cell_len(printable)


async def test_the_screen_in_ascii() -> None:
    """All that is drawn, help and dialogs too; bars keep their heights apart."""
    async with stage(terminal=Terminal(is_ascii=True)) as s:
        assert s.shown.isascii()
        assert "> " in s.shown
        for keys in (("question_mark",), ("o",), ("H",), ("i",)):
            await s.press(*keys)
            await s.pilot.pause(0.05)
            assert s.shown.isascii(), keys
            await s.press("escape")
    heights = in_ascii("▁▂▃▄▅▆▇█")
    assert len(set(heights)) == 8


def test_every_command_can_be_had_by_keyboard() -> None:
    """Each has a key, or a name to type after `:`; what a click does is a command's work too."""
    assert all(command.keys or command.title for command in COMMANDS)
