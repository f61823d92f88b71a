"""Clients that hold a connection and give nothing for it, over real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from structlog.testing import capture_logs

from aelus.entrypoints.http.connections import MAX_HEAD_BYTES
from aelus.entrypoints.http.server import serve
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases

HEAD = b"POST /api/v1/retrieve/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n"
HEALTH = b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\n"

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def served(use_cases: UseCases, settings: Settings) -> AsyncIterator[str]:
    """Address of a server that ends with the context."""
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(serve(use_cases, settings, worker=False, announce=address.set_result))
    yield await address
    if not serving.done():
        signal.raise_signal(signal.SIGTERM)
    await asyncio.wait_for(serving, 15)


@pytest.fixture
async def address(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[str]:
    impatient = {"port": 0, "head_timeout_s": 0.3, "body_timeout_s": 0.3, "max_connections": 5}
    async with served(use_cases, memory_settings.model_copy(update=impatient)) as opened:
        yield opened


@contextlib.asynccontextmanager
async def connected(address: str) -> AsyncIterator[Streams]:
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    yield reader, writer
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def told(address: str, sent: bytes) -> bytes:
    """All that comes back until the server ends the connection."""
    async with connected(address) as (reader, writer):
        writer.write(sent)
        received = b""
        with contextlib.suppress(ConnectionError):
            while part := await asyncio.wait_for(reader.read(1 << 16), 10):
                received += part
        return received


@pytest.mark.parametrize("sent", [b"", b"GET /api/v1/he", HEALTH, HEAD + b'{"query"'])
async def test_a_request_that_does_not_come_is_not_waited_for(address: str, sent: bytes) -> None:
    assert await told(address, sent) == b""


async def test_a_body_that_nobody_reads_does_not_hold_the_connection(address: str) -> None:
    answer = await told(address, HEALTH + b"Content-Length: 1000\r\n\r\nx")
    assert answer.startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize(
    "head", [HEALTH + b"X: " + b"x" * 3 * MAX_HEAD_BYTES, HEALTH + b"a: b\r\n" * MAX_HEAD_BYTES, HEALTH[:-2] + b"x" * 3 * MAX_HEAD_BYTES]
)
async def test_a_head_without_end_is_refused(address: str, head: bytes) -> None:
    answer = await told(address, head + b"\r\n\r\n")
    assert not answer or (b" 431 " in answer and b"application/problem+json" in answer)


async def test_what_is_no_http_is_refused_with_a_problem(address: str) -> None:
    answer = await told(address, b"HELLO\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer


async def test_a_client_in_time_is_served_on_one_connection(address: str) -> None:
    async with connected(address) as (reader, writer):
        for _ in range(3):
            writer.write(HEALTH + b"\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200")
            await reader.readexactly(len(b'{"status":"ok"}'))
            await asyncio.sleep(0.4)


async def test_connections_above_the_limit_are_closed(use_cases: UseCases, memory_settings: Settings) -> None:
    """At once: those within it are waited for longer than this test may last."""
    patient = memory_settings.model_copy(update={"port": 0, "head_timeout_s": 600.0, "max_connections": 5})
    async with served(use_cases, patient) as address, contextlib.AsyncExitStack() as stack:
        for _ in range(5):
            await stack.enter_async_context(connected(address))
        assert await told(address, b"") == b""


async def test_an_answer_that_is_not_read_is_given_up(address: str) -> None:
    """The description is asked for until all buffers between the two are full."""
    received = 0
    async with connected(address) as (reader, writer):
        with capture_logs() as log:
            writer.write(b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
            await told_once(log, "slow_clients_left")
        with contextlib.suppress(ConnectionError):
            while part := await asyncio.wait_for(reader.read(1 << 20), 5):
                received += len(part)
    assert received < 1000 * 20_000


async def told_once(log: list[MutableMapping[str, Any]], event: str) -> None:
    async with asyncio.timeout(60):
        while True:
            if any(entry["event"] == event for entry in log):
                return
            await asyncio.sleep(0.05)
