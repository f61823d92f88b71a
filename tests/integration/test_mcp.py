"""MCP as agents have it: real processes, the SDK's client, both transports."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from aelus import Aelus
from aelus.adapters.postgres.embedded.server import EmbeddedPostgres
from sample_project import write_project
from services import free_port

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
HEADERS = {"Accept": "application/json, text/event-stream"}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Path]:
    folder = tmp_path_factory.mktemp("mcp")
    async with EmbeddedPostgres(folder / "home"):
        async with Aelus.open(home=folder / "home") as aelus:
            await aelus.index(write_project(folder / "project"))
        yield folder / "home"


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AELUS_", "VOYAGE_"))}
    return kept | {"AELUS_HOME": str(home)}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def address(home: Path) -> AsyncIterator[str]:
    """Of an `aelus serve`."""
    port = free_port()
    command = (sys.executable, "-m", "aelus", "serve", "--port", str(port), "--no-worker")
    process = await asyncio.create_subprocess_exec(*command, env=environment(home), stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), 60)
    yield f"http://127.0.0.1:{port}"
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0


async def answered(client: Client) -> dict[str, Any]:
    tools = (await client.list_tools()).tools
    assert len(tools) == 8
    result = await client.call_tool("search_code", {"query": "take the tax off a price", "limit": 1})
    assert not result.is_error
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def test_an_agent_that_starts_aelus_is_answered(home: Path) -> None:
    command = StdioServerParameters(command=sys.executable, args=["-m", "aelus", "mcp"], env=environment(home))
    async with Client(stdio_client(command)) as client:
        answer = await answered(client)
    assert answer["results"][0]["qualified_name"] == "shop.prices.net_price"


async def test_an_agent_that_calls_the_service_is_answered(address: str) -> None:
    async with Client(f"{address}/mcp") as client:
        answer = await answered(client)
    assert answer["results"][0]["qualified_name"] == "shop.prices.net_price"


async def test_a_call_needs_no_session(address: str) -> None:
    """So that any of several processes can take it."""
    call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "list_repositories", "arguments": {}}}
    async with httpx2.AsyncClient(timeout=60) as client:
        response = await client.post(f"{address}/mcp", json=call, headers=HEADERS | {"MCP-Protocol-Version": "2025-06-18"})
    assert response.json()["result"]["structuredContent"]["repositories"][0]["name"] == "project"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"X-Tenant-ID": "00000000-0000-4000-8000-000000000002"}, 403),
        ({"Content-Type": "text/plain"}, 400),
        ({}, 200),
    ],
)
async def test_only_those_who_may_call_are_answered(address: str, headers: dict[str, str], status: int) -> None:
    async with httpx2.AsyncClient(timeout=60) as client:
        response = await client.post(f"{address}/mcp", json=INITIALIZE, headers=HEADERS | headers)
    assert response.status_code == status
    assert response.headers["X-Request-ID"]


async def test_there_is_no_stream_to_listen_to(address: str) -> None:
    async with httpx2.AsyncClient(timeout=60) as client:
        assert (await client.get(f"{address}/mcp", headers=HEADERS)).status_code == 405


@pytest.mark.parametrize("ending", ["input", "signal"])
async def test_it_ends_with_the_agent(home: Path, ending: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "aelus", "mcp"),
        env=environment(home),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(httpx2.Request("POST", "http://x", json=INITIALIZE).read() + b"\n")
    await asyncio.wait_for(process.stdout.readline(), 60)
    if ending == "input":
        process.stdin.close()
    else:
        process.send_signal(signal.SIGTERM)
    _, complaints = await asyncio.wait_for(process.communicate(), 30)
    assert complaints == b""
    assert process.returncode == (0 if ending == "input" else -signal.SIGTERM)
