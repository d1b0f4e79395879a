"""Copies argv[1] as the screen would, sequences to the terminal, and tells argv[2] what it said."""

from __future__ import annotations

import sys
from pathlib import Path

from flowtui.session.clipboard import copy


def main(text: str, report_file: str) -> None:
    """Copy, write the sequence, report."""
    report = copy(text, "1 row (TSV)")
    if report.sequence:
        sys.stdout.write(report.sequence)
        sys.stdout.flush()
    unfinished = Path(report_file + ".part")
    unfinished.write_text(f"{report.route.name}\n{report.message}")
    unfinished.rename(report_file)


if __name__ == "__main__":
    main(*sys.argv[1:])
