"""MCP over HTTP, as a part of the HTTP application.

Stateless: every request is answered by itself, so any process of several may take it, and nothing waits when the service stops.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar

from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import Receive, Scope, Send

from aelus.domain.tenancy import TenantId
from aelus.entrypoints.mcp.server import create_server
from aelus.entrypoints.use_cases import UseCases

PATH = "/mcp"
_whose: ContextVar[TenantId] = ContextVar("mcp_tenant")


class HttpTools:
    """`hosts` are the names under which the service may be called, by browsers' pages too."""

    def __init__(self, use_cases: UseCases, *, hosts: Iterable[str], max_body_bytes: int) -> None:
        self._server = create_server(use_cases, _whose.get)
        self._max_body_bytes = max_body_bytes
        names = sorted(hosts)
        self._security = TransportSecuritySettings(
            allowed_hosts=[form for name in names for form in (name, f"{name}:*")],
            allowed_origins=[f"{scheme}://{name}{port}" for name in names for scheme in ("http", "https") for port in ("", ":*")],
        )

    async def __call__(self, tenant: TenantId, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of a caller who is known."""
        app = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,
            json_response=True,
            max_request_body_size=self._max_body_bytes,
            transport_security=self._security,
        )
        token = _whose.set(tenant)
        try:
            async with app.router.lifespan_context(app):
                await app(scope, receive, send)
        finally:
            _whose.reset(token)
