"""The door that every HTTP request comes through: call log, faults, then Athena or moto."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from tests.athena_server.api import Operation
from tests.athena_server.errors import RefusedError
from tests.athena_server.faults import Fault
from tests.athena_server.handler import CUT

Environ = dict[str, Any]
Start = Callable[..., Any]
Application = Callable[[Environ, Start], Iterable[bytes]]

_TARGETS: Final = {"AmazonAthena": "Athena", "AWSGlue": "Glue"}
_JSON: Final = "application/x-amz-json-1.1"
_S3_OBJECT: Final = {"GET": "GetObject", "HEAD": "HeadObject", "PUT": "PutObject"}
_S3_BUCKET: Final = {"GET": "ListObjects", "HEAD": "HeadBucket", "PUT": "CreateBucket"}


class Call(NamedTuple):
    """A request that came in."""

    at: float
    """Unix seconds."""
    operation: str
    """Such as `Athena.GetQueryExecution`, `S3.GetObject`, `STS.GetCallerIdentity`."""
    request: dict[str, Any]
    """JSON or form; for S3 the query string."""
    path: str
    fault: str = ""
    """Code of the fault that it met."""


class Front:
    """The WSGI application of the server."""

    def __init__(self, moto: Application) -> None:
        self.operations: dict[str, Operation] = {}
        """Athena's, by name."""
        self.calls: list[Call] = []
        self.faults: list[Fault] = []
        self._moto = moto
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer one request."""
        is_chunked = environ.get("wsgi.input_terminated")
        length = None if is_chunked else int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = io.BytesIO(body)
        operation, request = _identify(environ, body)
        with self._lock:
            fault = next((f for f in self.faults if f.matches(operation)), None)
            if fault:
                fault.times -= 1
            path, code = environ["PATH_INFO"], fault.code if fault else ""
            self.calls.append(Call(time.time(), operation, request, path, code))
        if fault:
            return self._faulty(fault, operation, request, environ, start)
        return self._answer(operation, request, environ, start)

    def _answer(
        self, operation: str, request: dict[str, Any], environ: Environ, start: Start
    ) -> Iterable[bytes]:
        service, _, name = operation.partition(".")
        if service != "Athena":
            return self._moto(environ, start)
        handler = self.operations.get(name)
        status = "400 Bad Request"
        if handler is None:
            answer: dict[str, Any] = {"__type": "UnknownOperationException", "Message": name}
        else:
            try:
                answer, status = handler(request), "200 OK"
            except RefusedError as refused:
                answer = refused.body()
        body = json.dumps(answer, default=_unix_time).encode()
        start(status, [("Content-Type", _JSON), ("Content-Length", str(len(body)))])
        return [body]

    def _faulty(
        self,
        fault: Fault,
        operation: str,
        request: dict[str, Any],
        environ: Environ,
        start: Start,
    ) -> Iterable[bytes]:
        if fault.is_done and (fault.is_error or fault.drop):
            b"".join(self._answer(operation, request, environ, lambda *_: None))
        fault.wait()
        if fault.drop:
            environ[CUT] = 0
            return []
        if fault.truncate is not None:
            environ[CUT] = fault.truncate
        if not fault.is_error:
            return self._answer(operation, request, environ, start)
        kind, body = fault.body(operation)
        if environ["REQUEST_METHOD"] == "HEAD":
            body = b""
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start(f"{fault.status} Fault", [*headers, ("x-amzn-ErrorType", fault.code)])
        return [body]


def _unix_time(value: Any) -> float:
    """Glue's times, as JSON APIs write them."""
    return float(value.timestamp())


def _identify(environ: Environ, body: bytes) -> tuple[str, dict[str, Any]]:
    """The operation that a request asks for, and what it asks."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target:
        service, _, name = target.partition(".")
        return f"{_TARGETS.get(service, service)}.{name}", json.loads(body or b"{}")
    signed = re.search(
        r"Credential=[^/]+/\d+/[^/]+/([\w-]+)/", environ.get("HTTP_AUTHORIZATION", "")
    )
    service = signed[1] if signed else "s3"
    if service != "s3":
        form = dict(parse_qsl(body.decode(errors="replace")))
        return f"{service.upper()}.{form.get('Action', '*')}", form
    query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    is_object = "/" in environ["PATH_INFO"].strip("/")
    names = _S3_OBJECT if is_object else _S3_BUCKET
    method = environ["REQUEST_METHOD"]
    name = "GetBucketLocation" if "location" in query else names.get(method, method)
    return f"S3.{name if environ['PATH_INFO'].strip('/') else 'ListBuckets'}", query
