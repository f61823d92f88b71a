"""Running the HTTP application, with a worker beside it when asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker, until_signal
from aelus.ports.errors import Misconfigured

DRAIN_S = 20
"""Seconds that requests at work are given when the server stops."""


async def serve(use_cases: UseCases, settings: Settings, *, worker: bool = True, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is at work and return.

    `announce` is told the address once it is open. Raises Misconfigured when the address cannot be had.
    """
    listener = _listen(settings)
    stop = asyncio.Event()
    server = _Server(use_cases, settings)
    async with until_signal(stop), asyncio.TaskGroup() as tasks:
        tasks.create_task(server.run_until(listener, stop))
        if worker:
            tasks.create_task(run_worker(use_cases, settings, stop=stop))
        announce(_address(listener))


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: one event stops the server and the worker alike."""

    def __init__(self, use_cases: UseCases, settings: Settings) -> None:
        app = create_app(use_cases, settings)
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=DRAIN_S,
                h11_max_incomplete_event_size=64 * 1024,
                limit_concurrency=1000,
            )
        )

    async def run_until(self, listener: socket.socket, stop: asyncio.Event) -> None:
        serving = asyncio.create_task(self._serve([listener]))
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        self.should_exit = True
        stop.set()
        stopping.cancel()
        await serving


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        raise Misconfigured(
            f"Cannot listen at {settings.host} port {settings.port}: {error.strerror}.", "Choose another with AELUS_PORT or --port."
        ) from error
    # Connections inherit it. Without it, an answer's second packet waits for the client to acknowledge the first: 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
