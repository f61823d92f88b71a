"""The ASGI application, made from the table of operations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Send
from starlette.types import Scope as Connection

from aelus.domain.identity import Caller, Scope
from aelus.entrypoints.http.access import Authenticator, KeyAccess, LocalAccess, admitted, check_whole
from aelus.entrypoints.http.agents import agents_route
from aelus.entrypoints.http.audit import Auditor
from aelus.entrypoints.http.calls import Call, State, read_body, read_parameters
from aelus.entrypoints.http.envelope import Envelope
from aelus.entrypoints.http.openapi import openapi_document
from aelus.entrypoints.http.operation import PREFIX, Operation
from aelus.entrypoints.http.operations import OPERATIONS
from aelus.entrypoints.http.problems import Refused, on_http_error, on_port_error, on_refused
from aelus.entrypoints.http.service import asset
from aelus.entrypoints.http.well_known import well_known_routes
from aelus.entrypoints.metrics import measuring
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import PortError

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
RIGHTS = (Scope.ADMINISTER, Caller.OPERATOR)
"""Operations for these may change somebody's rights."""

ASKED = ("Authorization", "Content-Type", "X-API-Key", "X-Request-ID", "X-Tenant-ID")
TOLD = ("RateLimit-Limit", "RateLimit-Policy", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "X-Request-ID")
COMPRESSED = Middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)


def create_app(use_cases: UseCases, settings: Settings, *, stop: asyncio.Event | None = None) -> Starlette:
    """The application over use cases that are open. It answers under its own names only, and drains once `stop` is set."""
    measuring()
    state = State(use_cases=use_cases, settings=settings, authenticate=_access(use_cases, settings), stop=stop or asyncio.Event())
    hosts = {*LOOPBACK_NAMES, settings.host.lower(), f"[{settings.host.lower()}]", *(name.lower() for name in settings.host_names)}
    app = Starlette(
        routes=[agents_route(state, hosts=hosts), *well_known_routes(state), *_page_routes(), *_operation_routes(state)],
        middleware=[
            Middleware(Envelope, hosts=hosts, timeout_s=settings.request_timeout_s, most=settings.max_requests),
            *_other_origins(settings.cors_origins),
        ],
        exception_handlers={HTTPException: on_http_error, Refused: on_refused, PortError: on_port_error},
    )
    app.router.redirect_slashes = False
    return app


def _access(use_cases: UseCases, settings: Settings) -> Authenticator:
    if settings.auth == "keys":
        return KeyAccess(use_cases.authenticate(), use_cases.limit_requests())
    return LocalAccess(use_cases.ports().tenants)


def _other_origins(origins: Sequence[str]) -> list[Middleware]:
    """Pages of these may call. Without credentials of the browser's own: whoever calls sends a key or a token."""
    if not origins:
        return []
    methods = sorted({operation.method for operation in OPERATIONS})
    return [Middleware(CORSMiddleware, allow_origins=origins, allow_methods=methods, allow_headers=ASKED, expose_headers=TOLD)]


def _operation_routes(state: State) -> list[Route]:
    return [_route(operation, state) for operation in OPERATIONS]


def _route(operation: Operation, state: State) -> Route:
    """An answer that holds a secret is not compressed: its length would tell of it, to whoever can have other text compressed with it."""
    packing = [] if operation.confidential else [COMPRESSED]
    path = PREFIX + operation.path
    return Route(path, OperationDoor(operation, state), methods=[operation.method], name=operation.name, middleware=packing)


class OperationDoor:
    """Lets in whom the operation is for, checks what they send, and answers."""

    def __init__(self, operation: Operation, state: State) -> None:
        self._operation = operation
        self._state = state
        self.admission = operation.admission
        self._auditor = Auditor.of(operation, state.use_cases.audit_trail())

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except (Exception, asyncio.CancelledError) as error:
            await self._auditor.tell(request, error)
            raise
        await self._auditor.tell(request, response)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation, state = self._operation, self._state
        principal = await admitted(request, state.authenticate, state.use_cases.limit_requests(), self.admission)
        if operation.whole_tenant:
            check_whole(principal)
        parameters = read_parameters(request, operation.parameters)
        body = await read_body(request, operation.body, max_bytes=state.settings.max_body_bytes) if operation.body else None
        answer = await operation.handler(Call(request=request, state=state, principal=principal, parameters=parameters, body=body))
        if self.admission in RIGHTS and operation.method != "GET":
            state.use_cases.authenticate().forget()
        if isinstance(answer, Response):
            return answer
        return Response(answer.model_dump_json(), operation.status, media_type=operation.media_type)


class PageDoor:
    """Pages and documents, which are the same for everybody."""

    admission = Caller.ANYONE

    def __init__(self, page: Callable[[Request], Response]) -> None:
        self._page = page

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        await self._page(Request(scope, receive))(scope, receive, send)


def _page_routes() -> list[Route]:
    pages: dict[str, Callable[[Request], Response]] = {
        "/": lambda _: asset("index.html"),
        "/assets/{name}": lambda request: asset(cast("str", request.path_params["name"])),
        f"{PREFIX}/docs": lambda _: asset("docs.html"),
        f"{PREFIX}/openapi.json": lambda _: Response(orjson.dumps(openapi_document()), media_type="application/json"),
    }
    return [Route(path, PageDoor(page), methods=["GET"], middleware=[COMPRESSED]) for path, page in pages.items()]
