"""What Athena's QueryExecution structure says of an execution. See its API reference."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from flowtui.domain.executions import QueryState
from flowtui.domain.money import cost
from flowtui.engines.athena.faults import failed


def told_by(details: dict[str, Any], price_per_tb: Decimal) -> dict[str, Any]:
    """The fields of `QueryExecution` that the structure tells."""
    status, statistics = details["Status"], details.get("Statistics", {})
    state = QueryState(status["State"])
    reason = status.get("StateChangeReason", "")
    scanned = statistics.get("DataScannedInBytes")
    kind = details.get("StatementType", "DML")
    # DDL and failed queries are free; cancelled ones pay for what was scanned.
    is_free = kind == "DDL" or state is QueryState.FAILED
    reuse = statistics.get("ResultReuseInformation", {})
    told = {
        "state": state,
        "scanned_bytes": scanned,
        "cost": cost(0 if is_free else scanned or 0, price_per_tb),
        "queue_ms": statistics.get("QueryQueueTimeInMillis"),
        "engine_ms": statistics.get("EngineExecutionTimeInMillis"),
        "elapsed_ms": statistics.get("TotalExecutionTimeInMillis", 0),
        "completed": _utc(status.get("CompletionDateTime")),
        "reason": reason,
        "is_reused": bool(reuse.get("ReusedPreviousResult")),
        "output_location": details.get("ResultConfiguration", {}).get("OutputLocation", ""),
        "kind": kind,
        "error": failed(reason, status.get("AthenaError", {}))
        if state is QueryState.FAILED
        else None,
    }
    submitted = _utc(status.get("SubmissionDateTime"))
    return told | ({"submitted": submitted} if submitted else {})


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
