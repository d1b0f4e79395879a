"""Whether somebody is here for the first time; said once."""

from __future__ import annotations

from pathlib import Path

from flowtui.session.paths import private_dir


def is_first_time(mark: Path) -> bool:
    """True the first time it is asked; a mark that cannot be written counts as no first time.

    Args:
        mark: File that is left behind. Blocks on the disk.
    """
    try:
        private_dir(mark.parent)
        mark.touch(mode=0o600, exist_ok=False)
    except OSError:  # also where it is there
        return False
    return True
