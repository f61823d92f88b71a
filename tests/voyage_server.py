"""A server on the loopback interface that speaks Voyage's protocol, and can be told to misbehave."""

from __future__ import annotations

import asyncio
import base64
import json
import struct
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

KEY = "pa-the-right-key"

Answer = Callable[["VoyageServer", dict[str, Any]], Awaitable[tuple[int, dict[str, str], bytes] | None]]


def embedding_of(text: str, dimensions: int) -> list[float]:
    """One axis for every text, and not of unit length: that is the adapter's promise."""
    values = [0.0] * dimensions
    values[zlib.crc32(text.encode()) % dimensions] = 2.0
    return values


def encoded_as(output_type: str, vector: list[float]) -> str:
    """In base64, as the service quantizes it."""
    bits = int("".join("1" if value > 0 else "0" for value in vector), 2).to_bytes(len(vector) // 8, "big")
    forms = {
        "float": struct.pack(f"<{len(vector)}f", *vector),
        "int8": struct.pack(f"{len(vector)}b", *(min(round(value * 127), 127) for value in vector)),
        "uint8": struct.pack(f"{len(vector)}B", *(128 + min(round(value * 127), 127) for value in vector)),
        "binary": struct.pack(f"{len(bits)}b", *(byte - 128 for byte in bits)),
        "ubinary": bits,
    }
    return base64.b64encode(forms[output_type]).decode()


def answer_to(request: dict[str, Any]) -> dict[str, Any]:
    encoded = [
        encoded_as(request.get("output_dtype", "float"), embedding_of(text, request["output_dimension"])) for text in request["input"]
    ]
    data = [{"object": "embedding", "embedding": text, "index": index} for index, text in enumerate(encoded)]
    return {"object": "list", "data": data, "model": request["model"], "usage": {"total_tokens": len(data)}}


def failing(status: int, detail: str = "no", **headers: str) -> Answer:
    async def fail(_server: VoyageServer, _request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        return status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps({"detail": detail}).encode()

    return fail


def saying(body: bytes) -> Answer:
    async def say(_server: VoyageServer, _request: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        return 200, {}, body

    return say


async def dropping(_server: VoyageServer, _request: dict[str, Any]) -> None:
    """Close the connection without an answer."""


async def sleeping(_server: VoyageServer, _request: dict[str, Any]) -> None:
    await asyncio.sleep(30)


@dataclass
class VoyageServer:
    """Gives the `planned` answers first, one a request, then the right ones."""

    planned: list[Answer] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    connections: int = 0
    max_texts: int = 1000
    max_bytes: int = 10**9
    """Of a request's texts; more is refused as too many tokens."""
    refuses_after: int | None = None
    """Number of texts that are embedded; then the key is refused."""
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._open.add(writer)
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower().split("\r\n")
        headers = dict(line.split(": ", 1) for line in head[1:] if line)
        request = json.loads(await reader.readexactly(int(headers["content-length"])))
        self.requests.append(request)
        answer = await self._answer(request, headers.get("authorization", ""))
        if answer is None:
            return False
        status, extra, body = answer
        lines = [f"HTTP/1.1 {status} X", "Content-Type: application/json", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in extra.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        return True

    async def _answer(self, request: dict[str, Any], authorization: str) -> tuple[int, dict[str, str], bytes] | None:
        if self.planned:
            return await self.planned.pop(0)(self, request)
        if authorization != f"bearer {KEY}":
            return await failing(401, f"Provided API key {authorization} is invalid.")(self, request)
        if self.refuses_after is not None and sum(len(one["input"]) for one in self.requests) > self.refuses_after:
            return await failing(401, "The key has expired.")(self, request)
        if len(request["input"]) > self.max_texts or sum(map(len, request["input"])) > self.max_bytes:
            return await failing(400, "The batch has too many tokens.")(self, request)
        return 200, {}, json.dumps(answer_to(request)).encode()
