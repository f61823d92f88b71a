"""Talking to a server: its refusals become the errors that the local use cases raise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any, Final, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from aelus.ports import errors

A = TypeVar("A", bound=BaseModel)

TIMEOUT_S: Final = 120.0
MAX_ANSWER_BYTES: Final = 64 * 1024 * 1024
"""A server that is none of ours, or lies, does not fill this machine's memory."""
MAX_EVENT_BYTES: Final = 1024 * 1024
PREFIX: Final = "/api/v1"
_KINDS: Final[Mapping[int, type[errors.PortError]]] = {
    HTTPStatus.FORBIDDEN: errors.NotAllowed,
    HTTPStatus.NOT_FOUND: errors.NotFound,
    HTTPStatus.CONFLICT: errors.Conflict,
    HTTPStatus.UNPROCESSABLE_ENTITY: errors.InvalidRequest,
    HTTPStatus.BAD_REQUEST: errors.InvalidRequest,
}


class _FieldError(BaseModel):
    loc: tuple[str | int, ...]
    msg: str


class _Problem(BaseModel):
    detail: str
    errors: tuple[_FieldError, ...] = ()


class Connection:
    """Raises, in every method, what the server refuses with, and Unavailable when it does not answer."""

    def __init__(
        self, client: httpx2.AsyncClient, *, max_answer_bytes: int = MAX_ANSWER_BYTES, max_event_bytes: int = MAX_EVENT_BYTES
    ) -> None:
        self._client = client
        self._max_answer_bytes = max_answer_bytes
        self._max_event_bytes = max_event_bytes

    async def get(self, path: str, answer: type[A], **parameters: object) -> A:
        return await self._request("GET", path, answer, params=_given(parameters))

    async def post(self, path: str, answer: type[A], body: Mapping[str, object]) -> A:
        return await self._request("POST", path, answer, json=body)

    async def change(self, method: str, path: str, body: Mapping[str, object] | None = None) -> None:
        """A call that has no answer."""
        async with self._asked(method, path, **({} if body is None else {"json": body})):
            pass

    async def events(self, path: str, answer: type[A]) -> AsyncIterator[A]:
        """What the server tells as it happens."""
        async with self._asked("GET", path) as response:
            async for line in _lines(response, self._max_event_bytes):
                if line.startswith(b"data: "):
                    yield _parsed(response, line.removeprefix(b"data: "), answer)

    async def _request(self, method: str, path: str, answer: type[A], **more: Any) -> A:
        async with self._asked(method, path, **more) as response:
            return _parsed(response, await _bounded(response, self._max_answer_bytes), answer)

    @asynccontextmanager
    async def _asked(self, method: str, path: str, **more: Any) -> AsyncIterator[httpx2.Response]:
        """An answer that is no refusal, still to be read."""
        try:
            async with self._client.stream(method, PREFIX + path, **more) as response:
                if response.is_error:
                    raise _refusal(response, await _bounded(response, self._max_answer_bytes))
                yield response
        except httpx2.TransportError as error:
            raise self._away() from error
        except httpx2.DecodingError as error:
            raise _stranger(self._client.base_url.host) from error

    def _away(self) -> errors.Unavailable:
        return errors.Unavailable(f"The server at {self._client.base_url} does not answer.", "Check AELUS_URL.")


def _given(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    """One pair for each value of a list; nothing for None."""
    lists = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in parameters.items()}
    return [(name, str(one)) for name, values in lists.items() for one in values if one is not None]


async def _bounded(response: httpx2.Response, max_bytes: int) -> bytes:
    """All of an answer. Raises Misconfigured when it does not end where every answer of Aelus does."""
    parts = bytearray()
    async for part in response.aiter_bytes():
        parts += part
        if len(parts) > max_bytes:
            raise _stranger(response.request.url.host)
    return bytes(parts)


async def _lines(response: httpx2.Response, max_bytes: int) -> AsyncIterator[bytes]:
    begun = bytearray()
    async for part in response.aiter_bytes():
        begun += part
        *whole, rest = begun.split(b"\n")
        for line in whole:
            yield bytes(line.removesuffix(b"\r"))
        begun = bytearray(rest)
        if len(begun) > max_bytes:
            raise _stranger(response.request.url.host)


def _parsed(response: httpx2.Response, content: bytes, answer: type[A]) -> A:
    try:
        return answer.model_validate_json(content)
    except ValidationError as error:
        raise errors.Misconfigured(
            f"What answers at {response.request.url.host} is no Aelus of this version.", "Check AELUS_URL, and the server's version."
        ) from error


def _stranger(host: str) -> errors.Misconfigured:
    return errors.Misconfigured(f"What answers at {host} is no Aelus.", "Check AELUS_URL.")


def _refusal(response: httpx2.Response, content: bytes) -> errors.PortError:
    try:
        problem = _Problem.model_validate_json(content)
    except ValidationError:
        return _stranger(response.request.url.host)
    words = " ".join([problem.detail, *(f"{'.'.join(map(str, one.loc[1:]))}: {one.msg}." for one in problem.errors)])
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.RateLimited(words, retry_after_s=_seconds(response.headers.get("retry-after", "")))
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return errors.NotAuthenticated(words, "Set AELUS_API_KEY to an API key of your tenant.")
    return _KINDS.get(response.status_code, errors.Unavailable)(words)


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() else 0.0
