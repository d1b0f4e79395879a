"""What a query that was stopped has cost, in words."""

from __future__ import annotations

from flowtui.domain.executions import QueryExecution
from flowtui.domain.money import dollars
from flowtui.domain.values import format_size


def bill_so_far(execution: QueryExecution) -> str:
    """What is scanned of a query and billed for it; empty where nothing is."""
    if execution.cost is None or not execution.scanned_bytes:
        return ""
    scanned = format_size(execution.scanned_bytes)
    return f"{scanned} are scanned already, which Athena bills: {dollars(execution.cost)}."
