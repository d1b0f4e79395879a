from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flowtui.engines.scratch import ScratchDirectory
from flowtui.errors import ConnectError

_HOLD = """
import sys
from pathlib import Path
from flowtui.engines.scratch import ScratchDirectory
scratch = ScratchDirectory(Path(sys.argv[1]))
(scratch.path / "results.duckdb").write_text("rows")
print(scratch.path, flush=True)
sys.stdin.read()
"""


def _process(root: Path) -> tuple[subprocess.Popen[str], Path]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    return process, Path(process.stdout.readline().strip())


def test_it_is_private_and_gone_when_closed(tmp_path: Path) -> None:
    """Nobody else may look in, and nothing stays."""
    scratch = ScratchDirectory(tmp_path / "results")
    assert scratch.path.stat().st_mode & 0o077 == 0
    (scratch.path / "file").write_text("rows")
    scratch.close()
    scratch.close()
    assert list((tmp_path / "results").iterdir()) == []


def test_what_a_killed_process_left_is_removed_and_a_living_one_keeps_its_own(
    tmp_path: Path,
) -> None:
    """Rows of a process killed with -9 go with the next start; those in use stay."""
    killed, left = _process(tmp_path)
    living, used = _process(tmp_path)
    killed.kill()
    killed.communicate()
    assert left.exists()
    scratch = ScratchDirectory(tmp_path)
    assert not left.exists()
    assert (used / "results.duckdb").exists()
    living.communicate("")
    scratch.close()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The message says where, and how to choose another place."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectError, match="XDG_CACHE_HOME"):
        ScratchDirectory(tmp_path / "file")
