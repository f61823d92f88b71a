"""MCP over standard input and output: for agents that start Aelus themselves."""

from __future__ import annotations

from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.mcp.server import create_server
from aelus.entrypoints.use_cases import UseCases


async def serve_stdio(use_cases: UseCases) -> None:
    """Answer until standard input is closed. Whoever started the process is the one local tenant."""
    await create_server(use_cases, lambda: LOCAL_TENANT).run_stdio_async()
