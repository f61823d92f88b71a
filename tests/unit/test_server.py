from __future__ import annotations

import asyncio
import signal
import socket

import httpx2
import pytest

from aelus.entrypoints.http.server import serve
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Misconfigured


@pytest.fixture
def free_port(memory_settings: Settings) -> Settings:
    return memory_settings.model_copy(update={"port": 0})


async def test_it_serves_until_it_is_told_to_stop(use_cases: UseCases, free_port: Settings) -> None:
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(use_cases, free_port, announce=address.set_result))
    async with httpx2.AsyncClient() as client:
        response = await client.get(f"{await address}/api/v1/health")
    signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(serving, 10)
    assert response.json() == {"status": "ok"}


async def test_a_port_that_is_taken_is_named(use_cases: UseCases, memory_settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Misconfigured, match=f"port {port}.*AELUS_PORT"):
            await serve(use_cases, memory_settings.model_copy(update={"port": port}))
