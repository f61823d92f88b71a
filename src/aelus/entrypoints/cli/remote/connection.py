"""Talking to a server: its refusals become the errors that the local use cases raise."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from aelus.ports import errors

A = TypeVar("A", bound=BaseModel)

TIMEOUT_S: Final = 120.0
PREFIX: Final = "/api/v1"
_KINDS: Final[Mapping[int, type[errors.PortError]]] = {
    HTTPStatus.FORBIDDEN: errors.NotAllowed,
    HTTPStatus.NOT_FOUND: errors.NotFound,
    HTTPStatus.CONFLICT: errors.Conflict,
    HTTPStatus.UNPROCESSABLE_ENTITY: errors.InvalidRequest,
    HTTPStatus.BAD_REQUEST: errors.InvalidRequest,
}


class Connection:
    """Raises, in every method, what the server refuses with, and Unavailable when it does not answer."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def get(self, path: str, answer: type[A], **parameters: object) -> A:
        return _parsed(await self._request("GET", path, params=_given(parameters)), answer)

    async def post(self, path: str, answer: type[A], body: Mapping[str, object]) -> A:
        return _parsed(await self._request("POST", path, json=body), answer)

    async def change(self, method: str, path: str, body: Mapping[str, object] | None = None) -> None:
        """A call that has no answer."""
        await self._request(method, path, **({} if body is None else {"json": body}))

    async def events(self, path: str, answer: type[A]) -> AsyncIterator[A]:
        """What the server tells as it happens."""
        try:
            async with self._client.stream("GET", PREFIX + path) as response:
                if response.is_error:
                    await response.aread()
                    raise _refusal(response)
                async for line in response.aiter_lines():
                    if line.startswith("data: "):
                        yield answer.model_validate_json(line.removeprefix("data: "))
        except httpx2.TransportError as error:
            raise self._away() from error

    async def _request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        try:
            response = await self._client.request(method, PREFIX + path, **more)
        except httpx2.TransportError as error:
            raise self._away() from error
        if response.is_error:
            raise _refusal(response)
        return response

    def _away(self) -> errors.Unavailable:
        return errors.Unavailable(f"The server at {self._client.base_url} does not answer.", "Check AELUS_URL.")


def _given(parameters: Mapping[str, object]) -> list[tuple[str, str]]:
    """One pair for each value of a list; nothing for None."""
    lists = {name: value if isinstance(value, (list, tuple)) else [value] for name, value in parameters.items()}
    return [(name, str(one)) for name, values in lists.items() for one in values if one is not None]


def _parsed(response: httpx2.Response, answer: type[A]) -> A:
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        raise errors.Misconfigured(
            f"What answers at {response.request.url.host} is no Aelus of this version.", "Check AELUS_URL, and the server's version."
        ) from error


def _refusal(response: httpx2.Response) -> errors.PortError:
    try:
        problem = response.json()
        fields = [f"{'.'.join(map(str, one['loc'][1:]))}: {one['msg']}." for one in problem.get("errors", ())]
        words = " ".join([problem["detail"], *fields])
    except (ValueError, KeyError, TypeError):
        return errors.Misconfigured(f"What answers at {response.request.url.host} is no Aelus.", "Check AELUS_URL.")
    if response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        return errors.RateLimited(words, retry_after_s=float(response.headers.get("retry-after", 0)))
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        return errors.NotAuthenticated(words, "Set AELUS_API_KEY to an API key of your tenant.")
    return _KINDS.get(response.status_code, errors.Unavailable)(words)
