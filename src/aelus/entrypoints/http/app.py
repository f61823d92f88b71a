"""The ASGI application, made from the table of operations."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.http.access import LocalAccess
from aelus.entrypoints.http.agents import agents_route
from aelus.entrypoints.http.calls import Call, State, read_body, read_parameters
from aelus.entrypoints.http.envelope import Envelope
from aelus.entrypoints.http.openapi import openapi_document
from aelus.entrypoints.http.operations import OPERATIONS, PREFIX, Operation
from aelus.entrypoints.http.problems import Refused, on_http_error, on_port_error, on_refused
from aelus.entrypoints.http.service import asset
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import PortError

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")

Endpoint = Callable[[Request], Awaitable[Response]]


def create_app(use_cases: UseCases, settings: Settings) -> Starlette:
    """The application over use cases that are open. Only loopback names are answered."""
    state = State(use_cases=use_cases, settings=settings, authenticate=LocalAccess())
    hosts = {*LOOPBACK_NAMES, settings.host.lower(), f"[{settings.host.lower()}]"}
    app = Starlette(
        routes=[agents_route(state, hosts=hosts), *_page_routes(), *(_route(operation, state) for operation in OPERATIONS)],
        middleware=[Middleware(Envelope, hosts=hosts)],
        exception_handlers={HTTPException: on_http_error, Refused: on_refused, PortError: on_port_error},
    )
    app.router.redirect_slashes = False
    return app


def _route(operation: Operation, state: State) -> Route:
    return Route(PREFIX + operation.path, _endpoint(operation, state), methods=[operation.method], name=operation.name)


def _endpoint(operation: Operation, state: State) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        tenant = LOCAL_TENANT if operation.public else await state.authenticate(request)
        parameters = read_parameters(request, operation.parameters)
        body = await read_body(request, operation.body, max_bytes=state.settings.max_body_bytes) if operation.body else None
        answer = await operation.handler(Call(request=request, state=state, tenant=tenant, parameters=parameters, body=body))
        if isinstance(answer, Response):
            return answer
        return Response(answer.model_dump_json(), operation.status, media_type=operation.media_type)

    return endpoint


def _page_routes() -> list[Route]:
    async def index(_request: Request) -> Response:
        return asset("index.html")

    async def docs(_request: Request) -> Response:
        return asset("docs.html")

    async def part(request: Request) -> Response:
        return asset(cast("str", request.path_params["name"]))

    async def document(_request: Request) -> Response:
        return Response(orjson.dumps(openapi_document()), media_type="application/json")

    return [
        Route("/", index),
        Route("/assets/{name}", part),
        Route(f"{PREFIX}/docs", docs),
        Route(f"{PREFIX}/openapi.json", document),
    ]
