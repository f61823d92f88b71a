"""The MCP server, over use cases that are open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mcp.server import MCPServer
from mcp_types import ToolAnnotations

from aelus.domain.tenancy import TenantId
from aelus.entrypoints.mcp.refusals import RefusingServer
from aelus.entrypoints.mcp.tools import Tools
from aelus.entrypoints.release import release
from aelus.entrypoints.use_cases import UseCases

INSTRUCTIONS: Final = (
    "Aelus has indexed whole repositories into a code graph and a search. Ask search_code where something is done, get_context how it "
    "works, find_symbol where a name is defined, and callers, callees and impact what a change touches. Places are cited as "
    "path:start-end@commit; index_status says how fresh they are. Answers about absence are yes, no or unknown: take unknown as it is."
)
READS_ONLY: Final = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)


def create_server(use_cases: UseCases, whose: Callable[[], TenantId]) -> MCPServer:
    """The server with all its tools. `whose` is asked in every call whose call it is."""
    server = RefusingServer("aelus", title="Aelus", version=release(), instructions=INSTRUCTIONS, log_level="WARNING", subscriptions=False)
    tools = Tools(use_cases, whose)
    for tool in (
        tools.search_code,
        tools.get_context,
        tools.find_symbol,
        tools.callers,
        tools.callees,
        tools.impact,
        tools.list_repositories,
        tools.index_status,
    ):
        server.add_tool(tool, annotations=READS_ONLY)
    return server
