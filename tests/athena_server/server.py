"""The server: moto's S3, Glue, STS and EC2, and an Athena of ours that runs the SQL.

Of moto's internals it uses `DomainDispatcherApplication`, `create_backend_app` and
`MotoRequestHandler` for HTTP, `get_backend` to reset, and the backends of S3 and Glue for the data.
"""

from __future__ import annotations

import re
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any, Final, Self

from tests.athena_server.api.catalog import CatalogApi
from tests.athena_server.api.names import NamedQueries, PreparedStatements
from tests.athena_server.api.queries import QueryApi
from tests.athena_server.api.workgroups import WorkGroups
from tests.athena_server.engine import SqlEngine
from tests.athena_server.errors import SYSTEM, QueryFailedError
from tests.athena_server.executions import Execution, Executions, Gate
from tests.athena_server.faults import Fault
from tests.athena_server.front import Call, Front
from tests.athena_server.handler import KeepAliveHandler
from tests.athena_server.storage import split_uri

ACCOUNT: Final = "123456789012"
RESULTS: Final = "s3://results/"
_KEY: Final = ("AKIAFLOWTUITESTING00", "not-a-secret")
_SERVICES: Final = ("athena", "glue", "s3", "ec2", "sts", "iam")


class AthenaServer:
    """`with AthenaServer() as athena:` serves `athena.url` until the block ends.

    Args:
        region: Of everything in it.
        max_active: Queries at once, beyond which starting one is refused.
        workers: Queries that run at once; others stay QUEUED.
        is_shuffled: Rows without ORDER BY come in another order each time, as they may.
        port: 0 for any.
    """

    def __init__(
        self,
        region: str = "us-east-1",
        max_active: int = 20,
        workers: int = 8,
        is_shuffled: bool = False,
        port: int = 0,
    ) -> None:
        self.region = region
        self._directory = Path(tempfile.mkdtemp(prefix="athena-server-"))
        self.engine = SqlEngine(self._directory, ACCOUNT, region, threads=2)
        self._runner = Executions(self.engine, workers, is_shuffled)
        self._max_active = max_active
        self._port = port

    def __enter__(self) -> Self:
        # moto takes a second to import, and is needed by nothing else here.
        from moto.moto_server.werkzeug_app import (
            DomainDispatcherApplication,
            create_backend_app,
        )
        from werkzeug.serving import make_server

        self._front = Front(DomainDispatcherApplication(create_backend_app))
        http: Any = make_server(
            "127.0.0.1", self._port, self._front, threaded=True, request_handler=KeepAliveHandler
        )
        http.daemon_threads = True
        self._http = http
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        self.reset()
        return self

    def __exit__(self, *_: object) -> None:
        for fault in self._front.faults:
            fault.release()
        self._runner.close()
        self._http.shutdown()
        self._http.server_close()
        self.engine.close()
        shutil.rmtree(self._directory, ignore_errors=True)

    def reset(self) -> None:
        """Forget everything; then database `default`, bucket `results` and `primary` exist."""
        from moto.backends import get_backend

        for fault in self._front.faults:
            fault.release()
        self._runner.clear()
        for service in _SERVICES:
            get_backend(service).reset()
        workgroups = WorkGroups()
        prepared = PreparedStatements(workgroups)
        self._queries = QueryApi(self._runner, workgroups, prepared, self._max_active)
        self._front.operations = {
            **workgroups.operations(),
            **prepared.operations(),
            **NamedQueries(workgroups).operations(),
            **CatalogApi(self.engine.glue).operations(),
            **self._queries.operations(),
        }
        self.engine.glue.create_database("default")
        self.engine.storage.create_bucket("results")
        self._front.faults.clear()
        self._front.calls.clear()

    @property
    def executions(self) -> dict[str, Execution]:
        """Every execution by its id; `.done` is an Event."""
        return self._runner.by_id

    @property
    def calls(self) -> list[Call]:
        """Every request since the reset, oldest first; may be cleared."""
        return self._front.calls

    def ops(self, operation: str) -> list[Call]:
        """The requests of one operation, such as `Athena.GetQueryExecution`."""
        return [call for call in list(self.calls) if call.operation == operation]

    @property
    def max_active(self) -> int:
        """Queries at once, beyond which starting one is refused."""
        return self._queries.max_active

    @max_active.setter
    def max_active(self, count: int) -> None:
        self._queries.max_active = count

    def environment(self) -> dict[str, str]:
        """Environment variables with which AWS clients of any process reach the server."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": _KEY[0],
            "AWS_SECRET_ACCESS_KEY": _KEY[1],
            "AWS_DEFAULT_REGION": self.region,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the server; the caller closes it."""
        import boto3

        return boto3.client(
            service,
            region_name=self.region,
            endpoint_url=self.url,
            aws_access_key_id=_KEY[0],
            aws_secret_access_key=_KEY[1],
        )

    @property
    def gate(self) -> Gate:
        """Holds executions in RUNNING."""
        return self._runner.running_gate

    @property
    def queued_gate(self) -> Gate:
        """Holds executions in QUEUED."""
        return self._runner.queued_gate

    def report_progress(self, share: float) -> None:
        """What of its bytes a running execution says that it has scanned, 0-1."""
        self._runner.progress = share

    @property
    def faults(self) -> list[Fault]:
        """Faults that may still strike."""
        return self._front.faults

    def fault(self, operation: str, **settings: Any) -> Fault:
        """Answer the next call of the operation otherwise; see Fault."""
        fault = Fault(operation, **settings)
        self._front.faults.append(fault)
        return fault

    def block(self, operation: str, times: int = 1) -> Fault:
        """Hold the answer of the next call until `.release()`; `.arrived` tells that it came."""
        return self.fault(operation, is_blocking=True, times=times)

    def fail_query(
        self,
        pattern: str,
        reason: str,
        category: int = SYSTEM,
        type: int = 233,
        is_retryable: bool = True,
    ) -> None:
        """Let every query whose text holds the pattern end as FAILED."""
        failure = QueryFailedError(reason, category, type, is_retryable)
        self._runner.failures.append((re.compile(pattern, re.IGNORECASE | re.DOTALL), failure))

    def run(self, sql: str, database: str = "default", **request: Any) -> Execution:
        """Run a statement to its end, not through HTTP, so that no call is logged."""
        request |= {
            "QueryString": sql,
            "QueryExecutionContext": {"Database": database},
            "ResultConfiguration": {"OutputLocation": RESULTS},
        }
        answer = self._queries.operations()["StartQueryExecution"](request)
        execution = self.executions[answer["QueryExecutionId"]]
        execution.done.wait()
        return execution

    def put(self, uri: str, body: bytes) -> None:
        """Write an object, and its bucket where it is missing, not through HTTP."""
        self.engine.storage.create_bucket(split_uri(uri)[0])
        self.engine.storage.put(uri, body)
