"""`aelus serve`."""

from __future__ import annotations

import argparse

from aelus.entrypoints.container import open_service
from aelus.entrypoints.http.metrics_port import metrics_port
from aelus.entrypoints.http.server import serve
from aelus.entrypoints.logging import configure_logging
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.tracing import traces_sent


async def run(given: argparse.Namespace) -> None:
    chosen = {"host": given.host, "port": given.port}
    settings = load_settings(**{name: value for name, value in chosen.items() if value is not None})
    configure_logging(settings.log_level, secrets=settings.secrets())
    with traces_sent(settings.otel_endpoint):
        async with open_service(settings) as use_cases, metrics_port(use_cases, settings):
            await serve(use_cases, settings, worker=not given.no_worker, announce=_announce)


def _announce(address: str) -> None:
    print(f"Aelus answers at {address} (interface: {address}/api/v1/docs). Ctrl-C stops it.", flush=True)
