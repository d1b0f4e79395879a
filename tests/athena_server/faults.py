"""Answers other than the real ones."""

from __future__ import annotations

import json
import re
import threading
from dataclasses import dataclass, field


@dataclass(slots=True)
class Fault:
    """Answers the next calls of an operation otherwise.

    With status 0 the real answer comes, only later.
    """

    operation: str
    """Such as `Athena.StartQueryExecution`, `S3.GetObject`, `Glue.*`."""
    code: str = "ThrottlingException"
    message: str = "Rate exceeded"
    status: int = 400
    times: int = 1
    delay: float = 0.0
    """Seconds before the answer."""
    html: bool = False
    """The answer is a load balancer's page, not the API's error."""
    drop: bool = False
    """The connection closes without an answer."""
    truncate: int | None = None
    """Only so many bytes of the real body are sent."""
    is_done: bool = False
    """The real call is made all the same; only its answer is replaced."""
    is_blocking: bool = False
    """The answer waits for `release`."""
    arrived: threading.Event = field(default_factory=threading.Event)
    """Set when a call has met the fault."""
    _released: threading.Event = field(default_factory=threading.Event)

    @property
    def is_error(self) -> bool:
        """Whether an error takes the place of the real answer."""
        return self.truncate is None and not self.drop and self.status != 0

    def matches(self, operation: str) -> bool:
        """Whether it is about this call."""
        pattern = re.escape(self.operation).replace(r"\*", ".*")
        return self.times > 0 and re.fullmatch(pattern, operation) is not None

    def release(self) -> None:
        """Let calls that are blocked have their answer."""
        self.times = 0
        self._released.set()

    def wait(self) -> None:
        """Wait as long as the fault says; `release` ends it."""
        self.arrived.set()
        if self.is_blocking or self.delay:
            self._released.wait(None if self.is_blocking else self.delay)

    def body(self, operation: str) -> tuple[str, bytes]:
        """Content type and body of the error, as the service would write it."""
        if self.html:
            page = f"<html><head><title>{self.status}</title></head><body>oops</body></html>"
            return "text/html", page.encode()
        text = f"<Code>{self.code}</Code><Message>{self.message}</Message>"
        service = operation.partition(".")[0]
        if service == "S3":
            return "application/xml", _xml(f"<Error>{text}<RequestId>0</RequestId></Error>")
        if service in ("STS", "IAM"):
            return "text/xml", _xml(f"<ErrorResponse><Error>{text}</Error></ErrorResponse>")
        if service == "EC2":
            return "text/xml", _xml(
                f"<Response><Errors><Error>{text}</Error></Errors><RequestID>0</RequestID></Response>"
            )
        answer = {"__type": self.code, "message": self.message, "Message": self.message}
        return "application/x-amz-json-1.1", json.dumps(answer).encode()


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode()
