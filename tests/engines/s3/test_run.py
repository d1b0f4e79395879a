from __future__ import annotations

import threading
from typing import Any

import pytest

from flowtui.domain.executions import QueryState, Statement
from flowtui.engines.s3.run import S3Run


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_ours_ends_it() -> None:
    """Whatever kills the run's thread, nobody waits for it for ever."""

    def mistaken(*_: object) -> None:
        raise RuntimeError("a mistake of ours")

    unused: Any = None
    changed = threading.Event()
    run = S3Run(unused, mistaken, Statement("SELECT 1"), "s3-1", changed.set)
    run.start()
    assert changed.wait(10)
    assert run.execution.state is QueryState.FAILED
    assert "failed in itself" in run.execution.reason
    run.join(10)
