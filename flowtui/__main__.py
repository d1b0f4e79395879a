"""`python -m flowtui` and the console script."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line."""
    from flowtui.cli import cli

    code: object = 1
    try:
        cli()
    except SystemExit as end:
        code = end.code
    # Not sys.exit: every engine is closed by now, and taking duckdb and sqlglot apart again costs
    # a sixth of a warm query.
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
