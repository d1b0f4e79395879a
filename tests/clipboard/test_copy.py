from __future__ import annotations

import re
import stat
from base64 import b64decode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowtui.errors import ConfigError
from flowtui.session.clipboard import OSC52_LIMIT, CopyReport, copy, for_screen, for_tmux, osc52
from flowtui.session.copytext import plain
from flowtui.session.routes import Route, choose_route

SSH = {"SSH_CONNECTION": "198.51.100.7 50000 10.0.0.5 22", "TERM": "xterm-256color"}


def program(directory: Path, name: str, script: str) -> Path:
    """A fake program on a PATH of its own."""
    directory.mkdir(exist_ok=True)
    file = directory / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return directory


def tmux_that_says(directory: Path, answer: str) -> dict[str, str]:
    """An environment inside a tmux that answers this to every question."""
    program(directory, "tmux", f"[ $1 = display-message ] && echo '{answer}'; cat > /dev/null")
    return {"TMUX": "/tmp/none,1,0", "TMUX_PANE": "%1", "PATH": f"{directory}:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("answer", "route"),
    [
        ("3.3a|bpaste,clipboard,title|0|external", Route.TMUX),
        ("3.3a|bpaste,clipboard,title|1|external", Route.PASSTHROUGH),
        ("3.5|clipboard|2|on", Route.PASSTHROUGH),
        ("3.5|clipboard|all|on", Route.PASSTHROUGH),
        ("3.2|clipboard||external", Route.PASSTHROUGH),
        ("3.3a|title|0|on", Route.TERMINAL),
        ("3.3a|title|0|external", Route.TMUX_ONLY),
        ("3.3a|title|off|off", Route.TMUX_ONLY),
        ("3.3a||0|off", Route.TMUX_ONLY),
        ("nonsense", Route.TMUX_ONLY),
    ],
)
def test_inside_tmux_its_settings_decide(answer: str, route: Route, tmp_path: Path) -> None:
    """The first way that tmux's own settings leave open is taken, SSH or not."""
    env = tmux_that_says(tmp_path / "bin", answer)
    assert choose_route(env).route is route
    assert choose_route(env | SSH).route is route


@pytest.mark.parametrize(
    ("env", "route"),
    [
        (SSH, Route.TERMINAL),
        (SSH | {"STY": "1234.pts-0.host"}, Route.SCREEN),
        (SSH | {"TERM": "dumb"}, Route.FILE),
        (SSH | {"TERM": "linux"}, Route.FILE),
        ({"SSH_TTY": "/dev/pts/1"}, Route.FILE),
        ({"SSH_CLIENT": "198.51.100.7 50000 22", "TERM": "screen"}, Route.TERMINAL),
        ({"TERM": "xterm"}, Route.TERMINAL),
    ],
)
def test_outside_tmux_the_environment_decides(
    env: dict[str, str], route: Route, tmp_path: Path
) -> None:
    """OSC 52 goes to terminals that may take it, in screen's wrapping inside screen."""
    assert choose_route(env | {"PATH": str(tmp_path)}).route is route


@pytest.mark.parametrize(
    ("override", "route"),
    [
        ("osc52", Route.TERMINAL),
        ("tmux", Route.TMUX_ONLY),
        ("native", Route.NATIVE),
        ("file", Route.FILE),
    ],
)
def test_a_choice_of_the_user_wins(override: str, route: Route, tmp_path: Path) -> None:
    """The option wins over the variable, and either over the environment."""
    env = {"TERM": "linux", "PATH": str(tmp_path)}
    assert choose_route(env, override).route is route
    assert choose_route(env | {"FLOWTUI_CLIPBOARD": override}).route is route
    assert choose_route(env | {"FLOWTUI_CLIPBOARD": "file"}, override).route is route


def test_a_choice_that_does_not_exist_is_refused() -> None:
    """A misspelt choice names those that exist."""
    with pytest.raises(ConfigError, match="auto, osc52, tmux, native, file"):
        choose_route({"FLOWTUI_CLIPBOARD": "oscar"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where copied text is kept, in directories that do not exist yet."""
    return tmp_path / "state" / "flowtui" / "clip.txt"


@pytest.fixture
def xclip(tmp_path: Path) -> dict[str, str]:
    """A desktop on this machine whose clipboard is a file."""
    directory = program(tmp_path / "bin", "xclip", f"cat > {tmp_path}/clipboard")
    return {"DISPLAY": ":7", "TERM": "xterm", "PATH": f"{directory}:/usr/bin:/bin"}


def test_at_a_desktop_pyperclip_fills_the_clipboard(
    xclip: dict[str, str], tmp_path: Path, file: Path
) -> None:
    """Not over SSH, the machine's own clipboard program gets the text."""
    report = copy("10.0.1.20\tREJECT", "1 row (TSV)", env=xclip, path=file)
    assert report.message == "Copied 1 row (TSV, 16 B) to the clipboard of this machine"
    assert report.sequence is None
    assert (tmp_path / "clipboard").read_text() == "10.0.1.20\tREJECT"


def test_over_ssh_the_remote_clipboard_is_left_alone(
    xclip: dict[str, str], tmp_path: Path, file: Path
) -> None:
    """With X forwarding too, text goes to the terminal in front of the person."""
    report = copy("x", "1 cell", env=xclip | SSH, path=file)
    assert report.route is Route.TERMINAL
    assert not (tmp_path / "clipboard").exists()


def test_a_clipboard_program_that_fails_is_told_and_the_file_named(
    xclip: dict[str, str], tmp_path: Path, file: Path
) -> None:
    """A program that complains, as xclip without a display does, is not taken for success."""
    program(tmp_path / "bin", "xclip", 'echo "Error: Can\'t open display: :7" >&2; exit 1')
    report = copy("x", "1 cell", env=xclip, path=file)
    assert not report.is_sent
    assert report.message == (
        f"1 cell (1 B) not copied: Error: Can't open display: :7. It is in {file}"
    )


@pytest.mark.parametrize(
    "env",
    [SSH, SSH | {"STY": "1.x"}, {"TERM": "linux", "PATH": ""}],
    ids=["terminal", "screen", "none"],
)
def test_the_file_is_always_written_and_private(env: dict[str, str], file: Path) -> None:
    """Every copy is in the file, which only its owner can read, whatever the route."""
    copy("first", "1 cell", env=env, path=file)
    copy("second", "1 cell", env=env, path=file)
    assert file.read_text() == "second"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in file.parent.iterdir()] == ["clip.txt"]


def test_a_link_in_place_of_the_file_is_replaced_not_followed(file: Path, tmp_path: Path) -> None:
    """A link planted where the file should be does not lead the text elsewhere."""
    file.parent.mkdir(parents=True)
    file.symlink_to(tmp_path / "elsewhere")
    copy("secret", "1 cell", env=SSH, path=file)
    assert not (tmp_path / "elsewhere").exists()
    assert file.read_text() == "secret"


def test_text_over_the_limit_is_not_sent_and_the_file_is_named(file: Path) -> None:
    """What a terminal would cut is not sent at all; the message says where it is."""
    report = copy("x" * (OSC52_LIMIT + 1), "900 rows (TSV)", env=SSH, path=file)
    assert report.sequence is None
    assert report.message == (
        f"900 rows (TSV, 75.0 kB) not sent: over 75.0 kB for OSC 52. It is in {file}"
    )
    assert file.stat().st_size == OSC52_LIMIT + 1


def test_text_at_the_limit_makes_the_longest_sequence_that_terminals_take(file: Path) -> None:
    """74,994 bytes are sent, in exactly 100,000 bytes."""
    report = copy("x" * OSC52_LIMIT, "900 rows (TSV)", env=SSH, path=file)
    assert report.sequence is not None
    assert len(report.sequence) == 100_000


def test_without_a_place_for_the_file_the_terminal_is_still_sent_the_text(tmp_path: Path) -> None:
    """A state directory that cannot be written stops nothing."""
    (tmp_path / "state").write_text("a file where a directory should be")
    report = copy("x", "1 cell", env=SSH, path=tmp_path / "state" / "clip.txt")
    assert report.sequence == "\x1b]52;c;eA==\x07"
    assert not report.is_written


def test_a_dumb_terminal_gets_the_file_alone(file: Path) -> None:
    """Where nothing can take the text, the message says so and names the file."""
    report = copy("x", "1 cell", env=SSH | {"TERM": "dumb"}, path=file)
    assert report == CopyReport(
        f"1 cell (1 B) not sent: TERM=dumb has no way to take it. It is in {file}",
        Route.FILE,
        file,
        is_sent=False,
    )


def test_tmux_that_fails_leaves_the_file(file: Path, tmp_path: Path) -> None:
    """A tmux that takes nothing ends in the file, and the message says so."""
    directory = program(tmp_path / "bin", "tmux", "exit 1")
    env = {"TMUX": "/tmp/none,1,0", "PATH": f"{directory}:/usr/bin:/bin"}
    report = copy("x", "1 cell", env=env, path=file)
    assert report.message == f"1 cell (1 B) not sent: tmux did not take it. It is in {file}"


def test_hostile_cells_arrive_as_harmless_text(file: Path) -> None:
    """A value cannot end the sequence, start another, ring, or turn text around when pasted."""
    copy("a\x1b]0;owned\x07\x9b31m\x00\u202eb\r\n\tc\rd\ud800", "1 cell", env=SSH, path=file)
    assert file.read_text() == (r"a\x1b]0;owned\x07\x9b31m\x00\u202eb" + "\n\tc" + r"\x0dd\ud800")


@given(st.text(alphabet=st.characters(), max_size=200))
def test_plain_text_holds_no_control_character(text: str) -> None:
    """Of all control characters only tab and newline are left, and the text is UTF-8."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", plain(text))
    plain(text).encode()


@given(st.binary(max_size=600))
def test_every_wrapping_holds_the_same_bytes(data: bytes) -> None:
    """What tmux and screen unwrap is the plain sequence, which decodes to the text."""
    sequence = osc52(data)
    assert b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")) == data
    inner = for_tmux(data).removeprefix("\x1bPtmux;").removesuffix("\x1b\\")
    assert inner.replace("\x1b\x1b", "\x1b") == sequence
    pieces = re.findall(r"\x1bP(.*?)\x1b\\", for_screen(data), re.S)
    assert "".join(pieces) == sequence
    assert max(map(len, pieces)) <= 76
