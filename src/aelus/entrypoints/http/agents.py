"""The door for coding agents: MCP at /mcp, behind the same check of who calls as every operation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from aelus.domain.identity import Scope as Permission
from aelus.entrypoints.http.access import admitted
from aelus.entrypoints.http.audit import Auditor
from aelus.entrypoints.http.calls import State, read_bounded
from aelus.entrypoints.http.problems import Refused

if TYPE_CHECKING:
    from aelus.entrypoints.mcp.http import HttpTools

PATH = "/mcp"


class AgentsDoor:
    """Loads the protocol with the first call: a service that no agent asks does not wait for it."""

    admission = Permission.READ

    def __init__(self, state: State, *, hosts: Iterable[str]) -> None:
        self._state = state
        self._hosts = frozenset(hosts)
        self._auditor = Auditor("mcp", state.use_cases.audit_trail(), changes=False)
        self._tools: HttpTools | None = None
        self._opening = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            principal = await admitted(request, self._state.authenticate, self._state.use_cases.limit_requests(), self.admission)
        except Refused as refused:
            await self._auditor.tell(request, refused)
            raise
        body = await read_bounded(request, self._state.settings.max_body_bytes)
        tools = await self._open()
        await tools(principal.view, scope, _replayed(body, receive), send)

    async def _open(self) -> HttpTools:
        async with self._opening:
            if self._tools is None:
                self._tools = await asyncio.to_thread(self._load)
        return self._tools

    def _load(self) -> HttpTools:
        from aelus.entrypoints.mcp.http import HttpTools

        return HttpTools(self._state.use_cases, hosts=self._hosts, max_body_bytes=self._state.settings.max_body_bytes)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """What was read already, once more; then what really comes."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def agents_route(state: State, *, hosts: Iterable[str]) -> Route:
    """POST only: there is no stream to listen to, and no session to end."""
    return Route(PATH, AgentsDoor(state, hosts=hosts), methods=["POST"], name="mcp")
