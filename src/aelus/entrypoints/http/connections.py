"""Connections that cannot be held for nothing: a client that sends or reads too slowly loses its own.

uvicorn closes idle connections between requests, and has no limit of its own for the head of a request, its body and the reading of the
answer. Here each has one; the server looks at all connections once a second.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

import structlog
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from aelus.entrypoints.http.problems import MEDIA_TYPE, problem_response

MAX_HEAD_BYTES: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds that a client is given, and how many connections there may be."""

    head_s: float
    """From the first byte of a request, or the beginning of the connection, to the end of its head."""
    body_s: float
    """From there to the end of its body; and how long it may read nothing of an answer that waits for it."""
    connections: int


class HeadTooLarge(Exception):
    pass


class GuardedProtocol(HttpToolsProtocol):
    """One connection, which knows how long it has been waiting for its client."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], _loop: Any = None, *, patience: Patience
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._patience = patience
        self._head_since: float | None = None
        self._body_since: float | None = None
        self._unread_since: float | None = None
        self._unread_bytes = 0
        self._head_bytes = 0
        self._header_bytes = 0
        self._refusal = HTTPStatus.BAD_REQUEST

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._head_since = time.monotonic()
        if len(self.connections) > self._patience.connections:
            structlog.get_logger("aelus").warning("too_many_connections", limit=self._patience.connections)
            transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._body_since is None:
            self._head_since = self._head_since or time.monotonic()
            if self._head_bytes > MAX_HEAD_BYTES:
                self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
                return self.send_400_response("")
            self._head_bytes += len(data)
        return super().data_received(data)

    def on_message_begin(self) -> None:
        self._header_bytes = 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Of the head, or behind a body in chunks. What is raised here, the parser reports as a malformed request."""
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > MAX_HEAD_BYTES:
            self._refusal = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
            raise HeadTooLarge

    def on_headers_complete(self) -> None:
        self._head_since, self._head_bytes, self._body_since = None, 0, time.monotonic()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._body_since = None
        super().on_message_complete()

    def resume_writing(self) -> None:
        self._unread_since = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """A problem document, as for every other refusal; the connection ends with it."""
        if self.transport.is_closing():
            return
        request_id = uuid4().hex
        problem = problem_response(request_id, self._refusal, msg or "The head of the request is too large.")
        lines = (
            f"HTTP/1.1 {self._refusal.value} {self._refusal.phrase}",
            f"Content-Type: {MEDIA_TYPE}",
            f"Content-Length: {len(problem.body)}",
            f"X-Request-ID: {request_id}",
            "Cache-Control: no-store",
            "Connection: close",
        )
        self.transport.write("\r\n".join((*lines, "", "")).encode() + bytes(problem.body))
        self.transport.close()

    def overdue(self, now: float) -> bool:
        """Whether its client has had all the time that it is given."""
        return (
            _past(self._head_since, self._patience.head_s, now)
            or _past(self._body_since, self._patience.body_s, now)
            or _past(self._stalled_since(now), self._patience.body_s, now)
        )

    def _stalled_since(self, now: float) -> float | None:
        """Since when nothing of the answer has been read, though some of it waits."""
        waiting_bytes = self.transport.get_write_buffer_size()
        if not waiting_bytes or waiting_bytes < self._unread_bytes:
            self._unread_since = None
        self._unread_bytes = waiting_bytes
        if waiting_bytes and self._unread_since is None:
            self._unread_since = now
        return self._unread_since

    def end(self) -> None:
        """Let go of it at once; what it was still to be sent is lost."""
        self.transport.abort()


def _past(since: float | None, seconds: float, now: float) -> bool:
    return since is not None and now - since > seconds
