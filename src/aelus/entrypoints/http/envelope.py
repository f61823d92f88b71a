"""What surrounds every request, pure ASGI: its id, the headers that keep browsers safe, one log line, and the last resort for defects."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aelus.entrypoints.http.problems import problem_response

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{1,128}")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Envelope:
    """`hosts` are the names under which the service may be called: a page that points its own name here is turned away."""

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str]) -> None:
        self._app = app
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["aelus.request_id"] = _request_id(headers)
        answer = _Answer(send, scope["aelus.request_id"])
        with structlog.contextvars.bound_contextvars(request_id=scope["aelus.request_id"]):
            await self._answer(scope, headers, receive, answer)
            answer.log(scope)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, answer: _Answer) -> None:
        if _host(headers) not in self._hosts:
            refusal = problem_response(scope["aelus.request_id"], 421, "This service answers only under its own name.")
            await refusal(scope, receive, answer)
            return
        try:
            await self._app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the outermost loop: a defect becomes a 500 and a traceback in the log
            structlog.get_logger("aelus").error("request_failed", exc_info=error)
            if not answer.started:
                await problem_response(scope["aelus.request_id"], 500, "Aelus has a defect here; its log says more.")(
                    scope, receive, answer
                )


class _Answer:
    """Sends an answer with the headers that all have, and remembers its status."""

    def __init__(self, send: Send, request_id: str) -> None:
        self._send = send
        self._request_id = request_id
        self._began = time.perf_counter()
        self._status = 0

    @property
    def started(self) -> bool:
        return self._status != 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._request_id
            headers.setdefault("Cache-Control", "no-store")
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
        await self._send(message)

    def log(self, scope: Scope) -> None:
        route = scope.get("route")
        path = getattr(route, "path", "")
        took_ms = round((time.perf_counter() - self._began) * 1000, 1)
        structlog.get_logger("aelus").info("http_request", method=scope["method"], route=path, status=self._status, ms=took_ms)


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if _WELL_FORMED.fullmatch(given) else uuid4().hex


def _host(headers: Headers) -> str:
    """The host that the client asked for, without its port; empty when it named none, or several."""
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return ""
    host = hosts[0].lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
