"""Directories that are no directories, files that are no databases: words, never a traceback."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM


@pytest.mark.parametrize(
    ("variable", "arguments"),
    [
        ("XDG_STATE_HOME", ("history",)),
        ("XDG_STATE_HOME", ("sittings",)),
        ("XDG_CACHE_HOME", ("cache", "list")),
        ("XDG_CACHE_HOME", ("cache", "clear")),
        ("XDG_CACHE_HOME", ("cache", "prune")),
        ("XDG_CACHE_HOME", ("cache", "build", "LOGS")),
        ("XDG_CACHE_HOME", ("demo", "--write-only")),
        ("XDG_CACHE_HOME", ("records", "LOGS")),
        ("XDG_CONFIG_HOME", ("records", "LOGS")),
        ("XDG_CONFIG_HOME", ("queries",)),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, tuple) else value,
)
@pytest.mark.parametrize("is_there", [True, False], ids=["a file", "nowhere"])
def test_a_place_that_cannot_be_used_is_said(
    variable: str, arguments: tuple[str, ...], is_there: bool, home: dict[str, str], logs: Path
) -> None:
    """A file where a directory should be, or a place where nothing can be made."""
    place = logs / "a.log" if is_there else Path("/proc/nowhere")
    done = subprocess.run(
        [PROGRAM, *(str(logs) if word == "LOGS" else word for word in arguments)],
        env=home | {variable: str(place)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
    assert bool(done.stderr) or done.returncode == 0


def test_a_history_that_is_no_database_is_said(home: dict[str, str], tmp_path: Path) -> None:
    """The file is named, and what to do with it."""
    file = tmp_path / "flowtui" / "history.sqlite"
    file.parent.mkdir()
    file.write_bytes(os.urandom(3000))
    done = subprocess.run(
        [PROGRAM, "history"], env=home | {"XDG_STATE_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 2
    assert str(file) in done.stderr
    assert "Traceback" not in done.stderr


def test_a_cache_that_cannot_hold_it_all_is_said(
    home: dict[str, str], logs: Path, tmp_path: Path
) -> None:
    """Where the limit leaves no room, nothing claims to be ready."""
    config = tmp_path / "config" / "flowtui"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('[cache]\nlimit = "1"\n')
    places = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CACHE_HOME": str(tmp_path / "c")}
    done = subprocess.run(
        [PROGRAM, "cache", "build", str(logs)], env=home | places,
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (done.returncode, "are ready" in done.stderr) == (1, False)
    assert "size limit" in done.stderr
