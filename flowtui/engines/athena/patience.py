"""Makes a call again where that may help, and only there.

botocore's own retries end after some seconds, which an expired login or a busy hour outlasts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final, TypeVar

from flowtui.engines.athena.clients import AwsClients
from flowtui.engines.athena.faults import ExpiredError, SlotsFullError, is_transient
from flowtui.errors import EngineError

_FIRST_S: Final = 0.25
_LONGEST_S: Final = 8.0
_ATTEMPTS: Final = 6
"""Tries before a dead network or throttling is a failure; slots and logins are waited for."""

T = TypeVar("T")
OnTrouble = Callable[[EngineError], None]


def untold(_error: EngineError) -> None:
    """Where nobody wants to know what is waited out."""


def patiently(
    call: Callable[[], T],
    clients: AwsClients,
    cancelled: threading.Event,
    on_trouble: OnTrouble = untold,
) -> T | None:
    """What the call gives, at last; None where `cancelled` was set first.

    Args:
        call: Raises our errors; must be safe to repeat.
        clients: Renewed where credentials have expired, so that a login elsewhere is seen.
        cancelled: Ends the waiting at once.
        on_trouble: Told of each failure that is waited out.

    Raises:
        EngineError: It failed for good.
    """
    wait_s, attempts = _FIRST_S, 0
    while not cancelled.is_set():
        attempts += 1
        try:
            return call()
        except EngineError as error:
            is_waited_for = isinstance(error, (SlotsFullError, ExpiredError))
            if not is_waited_for and (not is_transient(error) or attempts >= _ATTEMPTS):
                raise
            if isinstance(error, ExpiredError):
                clients.renew()
            on_trouble(error)
        cancelled.wait(wait_s)
        wait_s = min(_LONGEST_S, wait_s * 2)
    return None
