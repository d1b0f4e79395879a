"""Answers HTTP with keep-alive, which werkzeug's own handler never does."""

from __future__ import annotations

import socket
import struct
from typing import Any

from moto.moto_server.werkzeug_app import MotoRequestHandler

CUT = "athena_server.cut"
"""Key of the environment: send so many bytes of the body, then break the connection."""


class KeepAliveHandler(MotoRequestHandler):
    """Runs the WSGI application once per request, and logs nothing."""

    protocol_version = "HTTP/1.1"
    # Head and body in one packet, at once: else every answer waits 40 ms for an acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request."""
        head: list[Any] = []
        self.environ = environ = self.make_environ()
        application: Any = self.server.app
        body = b"".join(application(environ, lambda *args: head.extend(args[:2])))
        if environ.get(CUT) == 0:
            self._break()
            return
        self._send(head[0], head[1], body, environ.get(CUT))

    def _send(
        self, status: str, headers: list[tuple[str, str]], body: bytes, cut: int | None
    ) -> None:
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        has_length = False
        for name, value in headers:
            if name.lower() != "connection":
                self.send_header(name, value)
                has_length |= name.lower() == "content-length"
        if not has_length and code not in ("204", "304"):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[:cut])
        self.wfile.flush()
        if cut is not None:
            self._break()

    def _break(self) -> None:
        """Reset the connection, as a network that fails does."""
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.connection.close()
        self.close_connection = True

    def log(self, *_: object) -> None:
        """Say nothing."""
