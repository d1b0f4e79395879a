"""The operations of Athena's API, each a function of the request's JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Operation = Callable[[dict[str, Any]], dict[str, Any]]
"""Takes the request's JSON, gives the answer's; raises RefusedError."""
