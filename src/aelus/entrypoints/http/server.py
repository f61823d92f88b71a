"""Running the HTTP application, with a worker beside it when asked."""

from __future__ import annotations

import asyncio
import functools
import gc
import socket
import time
from collections.abc import Callable
from contextlib import suppress

import structlog
import uvicorn

from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.http.certificate import Certificate
from aelus.entrypoints.http.connections import GuardedProtocol, Patience
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker, until_signal
from aelus.ports.errors import Misconfigured, PortError

DRAIN_S = 20
"""Seconds that requests at work are given when the server stops."""
METER_S = 1.0
TICKS_A_SECOND = 10
"""uvicorn's own."""


async def serve(use_cases: UseCases, settings: Settings, *, worker: bool = True, announce: Callable[[str], None] = print) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is at work and return.

    `announce` is told the address once it is open. Raises Misconfigured when the address cannot be had, or the certificate not be used.
    """
    certificate = _certificate(settings)
    listener = listen(settings.host, settings.port, setting="AELUS_PORT or --port")
    stop = asyncio.Event()
    server = _Server(use_cases, settings, certificate, stop)
    # What is there now stays. Looking through it for circles takes a tenth of a second now and then, in the middle of an answer.
    gc.freeze()
    async with until_signal(stop), asyncio.TaskGroup() as tasks:
        tasks.create_task(server.run_until(listener))
        tasks.create_task(_keep_metering(use_cases, stop))
        if worker:
            tasks.create_task(run_worker(use_cases, settings, stop=stop))
        announce(_address(listener, secure=certificate is not None))


async def _keep_metering(use_cases: UseCases, stop: asyncio.Event) -> None:
    """Tell once a second what was used, and what is left of that at the end."""
    meter = use_cases.meter_requests()
    while not stop.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), METER_S)
        try:
            await meter.flush()
        except PortError as away:
            structlog.get_logger("aelus").warning("usage_not_told", reason=str(away))


class _Server(uvicorn.Server):
    """uvicorn without its own signal handling: one event stops the server and the worker alike."""

    def __init__(self, use_cases: UseCases, settings: Settings, certificate: Certificate | None, stop: asyncio.Event) -> None:
        self._stop = stop
        self._settings = settings
        self._certificate = certificate
        super().__init__(self._configuration(create_app(use_cases, settings, stop=stop)))

    def _configuration(self, app: object) -> uvicorn.Config:
        settings = self._settings
        certificate = self._certificate
        patience = Patience(head_s=settings.head_timeout_s, body_s=settings.body_timeout_s, connections=settings.max_connections)
        return uvicorn.Config(
            app,  # type: ignore[arg-type] # an ASGI application, which uvicorn types more narrowly
            http=functools.partial(GuardedProtocol, patience=patience),  # type: ignore[arg-type] # called as the class is
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(settings.trusted_proxies),
            forwarded_allow_ips=list(settings.trusted_proxies),
            timeout_graceful_shutdown=DRAIN_S,
            ssl_context_factory=None if certificate is None else lambda _config, _default: certificate.context,
        )

    async def run_until(self, listener: socket.socket) -> None:
        serving = asyncio.create_task(self._serve([listener]))
        stopping = asyncio.create_task(self._drain())
        await asyncio.wait([serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        self.should_exit = True
        self._stop.set()
        stopping.cancel()
        await serving

    async def _drain(self) -> None:
        """From the signal on `/readyz` refuses; whoever sends requests here is given time to see that before the port is closed."""
        await self._stop.wait()
        await asyncio.sleep(self._settings.shutdown_delay_s)

    async def on_tick(self, counter: int) -> bool:
        if counter % TICKS_A_SECOND == 0:
            self._end_overdue()
        if self._certificate is not None and counter % (60 * TICKS_A_SECOND) == 0:
            self._certificate.renew()
        return await super().on_tick(counter)

    def _end_overdue(self) -> None:
        now = time.monotonic()
        slow = [one for one in self.server_state.connections if isinstance(one, GuardedProtocol) and one.overdue(now)]
        for connection in slow:
            connection.end()
        if slow:
            structlog.get_logger("aelus").info("slow_clients_left", connections=len(slow))


def _certificate(settings: Settings) -> Certificate | None:
    if settings.tls_certificate is None or settings.tls_key is None:
        return None
    return Certificate(settings.tls_certificate, settings.tls_key)


def listen(host: str, port: int, *, setting: str) -> socket.socket:
    """A socket that is open. Raises Misconfigured, and names the setting."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        raise Misconfigured(f"Cannot listen at {host} port {port}: {error.strerror}.", f"Choose another with {setting}.") from error
    # Connections inherit it. Without it, an answer's second packet waits for the client to acknowledge the first: 40 ms.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _address(listener: socket.socket, *, secure: bool) -> str:
    host, port = listener.getsockname()[:2]
    scheme = "https" if secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
