"""What clients look up before they know anything else: the keys that check tokens, and who gives tokens out for this service.

Source: RFC 7517, RFC 9728 (OAuth 2.0 protected resource metadata), and the authorisation chapter of the Model Context Protocol.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from aelus.domain.identity import Caller
from aelus.domain.identity import Scope as Permission
from aelus.entrypoints.http.calls import State

JWKS = "/.well-known/jwks.json"
RESOURCE = "/.well-known/oauth-protected-resource"

Document = Callable[[Request], Awaitable[Mapping[str, Any]]]


class DocumentDoor:
    """Open to anyone."""

    admission = Caller.ANYONE

    def __init__(self, document: Document) -> None:
        self._document = document

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        content = orjson.dumps(await self._document(Request(scope, receive)))
        response = Response(content, media_type="application/json", headers={"Cache-Control": "public, max-age=60"})
        await response(scope, receive, send)


def well_known_routes(state: State) -> list[Route]:
    ports = state.use_cases.ports()

    async def keys(_request: Request) -> Mapping[str, Any]:
        return {"keys": list(await ports.tokens.public_keys())}

    def resource(path: str) -> Document:
        async def described(request: Request) -> Mapping[str, Any]:
            return {
                "resource": str(request.base_url).rstrip("/") + path,
                "resource_name": "Aelus",
                "authorization_servers": list(ports.providers.issuers),
                "bearer_methods_supported": ["header"],
                "scopes_supported": [scope.value for scope in Permission],
            }

        return described

    documents = {JWKS: keys, RESOURCE: resource(""), f"{RESOURCE}/mcp": resource("/mcp")}
    return [Route(path, DocumentDoor(document), methods=["GET"]) for path, document in documents.items()]
