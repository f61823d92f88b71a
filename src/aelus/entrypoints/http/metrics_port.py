"""Metrics at a port of their own, for whoever collects them inside a network: without credential, and without anything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from aelus.entrypoints.http.server import listen
from aelus.entrypoints.metrics import MEDIA_TYPE, measuring
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases


@asynccontextmanager
async def metrics_port(use_cases: UseCases, settings: Settings) -> AsyncIterator[None]:
    """Open the port of the settings, if they name one, as long as the context is open. Raises Misconfigured."""
    if settings.metrics_port is None:
        yield
        return
    listener = listen(settings.metrics_host, settings.metrics_port, setting="AELUS_METRICS_PORT")
    server = uvicorn.Server(uvicorn.Config(_Metrics(use_cases), ws="none", lifespan="off", log_config=None, access_log=False))
    serving = asyncio.create_task(server._serve([listener]))  # noqa: SLF001 - `serve` would take over the process's signals
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _Metrics:
    def __init__(self, use_cases: UseCases) -> None:
        self._use_cases = use_cases
        self._metrics = measuring()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        if (request.method, request.url.path) != ("GET", "/metrics"):
            await Response(status_code=404)(scope, receive, send)
            return
        ports = self._use_cases.ports()
        text = await self._metrics.text(ports.queue, ports.gauges)
        await Response(text, media_type=MEDIA_TYPE)(scope, receive, send)
