"""`aelus worker`."""

from __future__ import annotations

import argparse
import sys

from aelus.entrypoints.container import open_service
from aelus.entrypoints.http.metrics_port import metrics_port
from aelus.entrypoints.logging import configure_logging
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.tracing import traces_sent
from aelus.entrypoints.worker import work_until_signal
from aelus.ports.errors import Misconfigured


async def run(_given: argparse.Namespace) -> None:
    settings = load_settings()
    if settings.redis_url is None:
        raise Misconfigured(
            "A worker of its own needs the queue in Redis.", "Set AELUS_REDIS_URL; without it `aelus serve` does its jobs itself."
        )
    configure_logging(settings.log_level, secrets=settings.secrets())
    with traces_sent(settings.otel_endpoint):
        async with open_service(settings) as use_cases, metrics_port(use_cases, settings):
            print("The worker is ready. Ctrl-C stops it.", file=sys.stderr, flush=True)
            await work_until_signal(use_cases, settings)
