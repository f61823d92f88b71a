"""What surrounds every request, pure ASGI: its id, the headers that keep browsers safe, one log line, and the last resort for defects."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aelus.domain.origin import WELL_FORMED
from aelus.entrypoints import tracing
from aelus.entrypoints.http.problems import problem_response
from aelus.entrypoints.logging import traced
from aelus.entrypoints.metrics import measured

ERROR = 400
METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
ALWAYS_ANSWERED = ("/health", "/healthz", "/readyz")

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
    """Args:
    hosts: names under which the service may be called: a page that points its own name here is turned away.
    timeout_s: after which a request without an answer is given up.
    most: requests that are answered at a time.
    """

    def __init__(self, app: ASGIApp, *, hosts: Iterable[str], timeout_s: float, most: int) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._timeout_s = timeout_s
        self._most = most
        self._at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scope["aelus.request_id"] = _request_id(headers)
        answer = _Answer(send, scope)
        self._count(1)
        try:
            with traced(scope["aelus.request_id"], None), tracing.span(scope["method"], caller=headers) as span:
                await self._answer(scope, headers, receive, answer)
                answer.tell(scope, span)
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        self._at_work += more
        if (metrics := measured()) is not None:
            metrics.requests_at_work.set(self._at_work)

    async def _answer(self, scope: Scope, headers: Headers, receive: Receive, answer: _Answer) -> None:
        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            async with asyncio.timeout(self._timeout_s) as limit:
                answer.on_start = lambda: limit.reschedule(None)
                await self._app(scope, receive, answer)
        except ClientDisconnect:
            structlog.get_logger("aelus").info("client_left")
        except TimeoutError as error:
            await self._fail(scope, receive, answer, error, gave_up=limit.expired())
        except Exception as error:  # noqa: BLE001 - the outermost loop: a defect becomes a 500 and a traceback in the log
            await self._fail(scope, receive, answer, error)

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if _host(headers) not in self._hosts:
            return problem_response(scope["aelus.request_id"], 421, "This service answers only under its own name.")
        if self._at_work > self._most and not scope["path"].endswith(ALWAYS_ANSWERED):
            return problem_response(scope["aelus.request_id"], 503, "Too many requests are being answered.", headers={"Retry-After": "1"})
        return None

    async def _fail(self, scope: Scope, receive: Receive, answer: _Answer, error: Exception, *, gave_up: bool = False) -> None:
        if gave_up:
            structlog.get_logger("aelus").warning("request_given_up", seconds=self._timeout_s)
        else:
            structlog.get_logger("aelus").error("request_failed", exc_info=error)
        if (metrics := measured()) is not None:
            metrics.errors.labels("given_up" if gave_up else "defect").inc()
        if answer.started:
            return
        answer.on_start = _nothing
        if gave_up:
            detail = f"There was no answer within {self._timeout_s:g} seconds."
            refusal = problem_response(scope["aelus.request_id"], 503, detail, headers={"Retry-After": "5"})
        else:
            refusal = problem_response(scope["aelus.request_id"], 500, "Aelus has a defect here; its log says more.")
        await refusal(scope, receive, answer)


class _Answer:
    """Sends an answer with the headers that all have, and remembers its status."""

    def __init__(self, send: Send, scope: Scope) -> None:
        self._send = send
        self._scope = scope
        self.on_start: Callable[[], None] = _nothing
        self._began = time.perf_counter()
        self._status = 0

    @property
    def started(self) -> bool:
        return self._status != 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self.on_start()
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._scope["aelus.request_id"]
            headers.setdefault("Cache-Control", "no-store")
            for name, value in SECURITY_HEADERS.items():
                headers[name] = value
            for name, value in self._scope.get("aelus.limit", {}).items():
                headers[name] = value
            if self._scope["scheme"] == "https":
                headers["Strict-Transport-Security"] = "max-age=31536000"
        await self._send(message)

    def tell(self, scope: Scope, span: Any) -> None:
        """Log the request, measure it, and say in the trace which it was. Routes go by the name that they were declared with."""
        route = getattr(scope.get("route"), "path", "")
        seconds = time.perf_counter() - self._began
        structlog.get_logger("aelus").info(
            "http_request", method=scope["method"], route=route, status_code=self._status, duration_ms=round(seconds * 1000, 1)
        )
        if (metrics := measured()) is not None:
            metrics.requests.labels(scope["method"] if scope["method"] in METHODS else "other", route, self._status).observe(seconds)
            if tenant := scope.get("aelus.tenant"):
                metrics.tenant_requests.labels(tenant, "ok" if self._status < ERROR else "refused").inc()
        if span is not None:
            span.update_name(f"{scope['method']} {route}")
            span.set_attributes({"http.request.method": scope["method"], "http.route": route, "http.response.status_code": self._status})


def _nothing() -> None:
    pass


def _request_id(headers: Headers) -> str:
    given = headers.get("x-request-id", "")
    return given if WELL_FORMED.fullmatch(given) else uuid4().hex


def _host(headers: Headers) -> str:
    """The host that the client asked for, without its port; empty when it named none, or several."""
    hosts = headers.getlist("host")
    if len(hosts) != 1:
        return ""
    host = hosts[0].lower()
    return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
