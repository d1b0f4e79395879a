"""The log file: what went wrong, with tracebacks, for a person who reports a fault."""

from __future__ import annotations

import logging
import os
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from flowtui.session import paths

MOST_BYTES: Final = 1_000_000
"""The file is begun anew beyond this; the one before it is kept."""


def start_log(path: Path | None = None) -> logging.Logger:
    """The program's log, written to a file that only its owner can read.

    Where it cannot be written, nothing is logged and nothing fails.
    """
    log = logging.getLogger("flowtui")
    log.setLevel(logging.INFO)
    log.propagate = False  # a line on stderr would tear the screen
    if log.handlers:
        return log
    file = path or paths.log_file()
    try:
        paths.private_dir(file.parent)
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
        handler: logging.Handler = RotatingFileHandler(
            file, maxBytes=MOST_BYTES, backupCount=1, encoding="utf-8", errors="backslashreplace"
        )
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(message)s"))
    log.addHandler(handler)
    threading.excepthook = _log_thread
    return log


def _log_thread(died: threading.ExceptHookArgs) -> None:
    """Where a thread of the engines dies, its traceback would tear the screen too."""
    name = died.thread.name if died.thread else "a thread"
    error = died.exc_value or died.exc_type()
    logging.getLogger("flowtui").error("%s died", name, exc_info=error)
