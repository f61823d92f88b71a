"""`aelus mcp`."""

from __future__ import annotations

import argparse

from aelus.entrypoints.container import open_service
from aelus.entrypoints.logging import configure_logging
from aelus.entrypoints.mcp.stdio import serve_stdio
from aelus.entrypoints.settings import load_settings


async def run(_given: argparse.Namespace) -> None:
    """Standard output belongs to the protocol; what is logged goes to standard error."""
    settings = load_settings()
    configure_logging("warning")
    async with open_service(settings) as use_cases:
        await serve_stdio(use_cases)
