"""Executions as GetQueryExecution and GetQueryRuntimeStatistics show them."""

from __future__ import annotations

import time
from typing import Any

from tests.athena_server.executions import Execution, Executions, manifest_uri


def describe(execution: Execution, executions: Executions) -> dict[str, Any]:
    """QueryExecution."""
    request = execution.request
    copied = ("ExecutionParameters", "ResultReuseConfiguration")
    answer: dict[str, Any] = {
        "QueryExecutionId": execution.id,
        "Query": request["QueryString"],
        "StatementType": execution.statement.kind,
        "SubstatementType": execution.statement.verb,
        "ResultConfiguration": {},
        "QueryExecutionContext": request.get("QueryExecutionContext") or {},
        "Status": _status(execution),
        "Statistics": _statistics(execution, executions),
        "WorkGroup": execution.workgroup,
        "EngineVersion": {
            "SelectedEngineVersion": "AUTO",
            "EffectiveEngineVersion": "Athena engine version 3",
        },
        **{key: request[key] for key in copied if request.get(key)},
    }
    if execution.output:
        answer["ResultConfiguration"] = {"OutputLocation": execution.output}
    else:
        answer["ManagedQueryResultsConfiguration"] = {"Enabled": True}
    return answer


def _status(execution: Execution) -> dict[str, Any]:
    status: dict[str, Any] = {
        "State": execution.state,
        "SubmissionDateTime": execution.submitted,
    }
    if execution.reason:
        status["StateChangeReason"] = execution.reason
    if execution.is_over:
        status["CompletionDateTime"] = execution.completed
    if execution.error:
        status["AthenaError"] = {
            "ErrorCategory": execution.error.category,
            "ErrorType": execution.error.type,
            "Retryable": execution.error.is_retryable,
            "ErrorMessage": execution.error.reason,
        }
    return status


def _times(execution: Execution) -> dict[str, int]:
    end = execution.completed or time.time()
    started = execution.started or end
    return {
        "EngineExecutionTimeInMillis": int((end - started) * 1000),
        "TotalExecutionTimeInMillis": int((end - execution.submitted) * 1000),
        "QueryQueueTimeInMillis": int((started - execution.submitted) * 1000),
        "ServicePreProcessingTimeInMillis": 1,
        "QueryPlanningTimeInMillis": 1,
        "ServiceProcessingTimeInMillis": 1,
    }


def _statistics(execution: Execution, executions: Executions) -> dict[str, Any]:
    statistics: dict[str, Any] = {
        **_times(execution),
        "DataScannedInBytes": executions.scanned_bytes(execution),
        "ResultReuseInformation": {"ReusedPreviousResult": execution.is_reused},
    }
    if execution.result and execution.result.manifest:
        statistics["DataManifestLocation"] = manifest_uri(execution.output)
    return statistics


def runtime_statistics(execution: Execution, executions: Executions) -> dict[str, Any]:
    """QueryRuntimeStatistics."""
    rows = execution.result.length if execution.result else 0
    read = executions.scanned_bytes(execution)
    counts = {"InputRows": rows, "InputBytes": read, "OutputRows": rows, "OutputBytes": 0}
    stage = {"StageId": 0, "State": "FINISHED" if execution.result else "RUNNING", **counts}
    return {"Timeline": _times(execution), "Rows": counts, "OutputStage": stage}
