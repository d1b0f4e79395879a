"""Settings for all tests."""

from __future__ import annotations

import threading

from hypothesis import settings

# How long an example takes depends on the machine; the claims do not.
settings.register_profile("flowtui", deadline=None)
settings.load_profile("flowtui")


_OURS = ("duckdb", "run-", "athena-", "close", "query", "page", "timeline", "source", "explain")
"""How the threads begin that may be inside DuckDB."""


def pytest_sessionfinish() -> None:
    """Wait for threads that were told to stop: one inside DuckDB at the end aborts the process."""
    for thread in threading.enumerate():
        if thread.name.startswith(_OURS):
            thread.join(5)
