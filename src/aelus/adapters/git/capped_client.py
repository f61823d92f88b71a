"""A Git client over HTTP that stays within bytes, objects and time, at one server, with the smart protocol."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from dulwich.client import FetchPackResult, HTTPUnauthorized, Urllib3HttpGitClient
from dulwich.errors import NotGitRepository

from aelus.adapters.git.guarded_connection import Guard, guarded_pool

Writer: TypeAlias = Callable[[bytes], int]


_PACK_HEAD_BYTES: Final = 12
_COUNT: Final = slice(8, 12)
"""Where the head of a pack says how many objects follow. Source: gitformat-pack(5)."""


class FetchLimit(Exception):
    """More bytes, objects or time than allowed; the text says which."""


class Redirected(Exception):
    """The server points elsewhere; the text says where."""


class HostKeyRefused(Exception):
    """A server of ssh shows another host key than the one that is kept, or none is kept."""


class KeyRefused(Exception):
    """A server of ssh does not admit the private key, or what is kept is none."""


class CappedGitClient(Urllib3HttpGitClient):
    """Refuses redirects, other origins and the dumb protocol. `max_bytes` and `deadline` (of `time.monotonic`) hold for all requests."""

    def __init__(
        self,
        url: str,
        *,
        guard: Guard,
        max_bytes: int,
        max_objects: int,
        deadline: float,
        username: str | None,
        password: str | None,
    ) -> None:
        super().__init__(url, pool_manager=guarded_pool(guard), username=username, password=password, quiet=True)
        self._left = max_bytes
        self._max_bytes = max_bytes
        self._max_objects = max_objects
        self._deadline = deadline
        self._only_origin = self._origin(url)

    def fetch_pack(
        self, path: Any, determine_wants: Any, graph_walker: Any, pack_data: Writer, *args: Any, **options: Any
    ) -> FetchPackResult:
        return super().fetch_pack(path, determine_wants, graph_walker, few_objects(pack_data, self._max_objects), *args, **options)

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,  # noqa: ARG002, FBT001, FBT002 -- the signature is the library's; the status is always checked
    ) -> tuple[Any, Callable[[int], bytes]]:
        if self._origin(url) != self._only_origin:
            raise Redirected(urlsplit(url).hostname or "another server")
        response, read = super()._http_request(url, headers, data, raise_for_status=False)
        _check_answer(response.status, dict(response.headers), url)
        return response, self._capped(read)

    def _capped(self, read: Callable[[int], bytes]) -> Callable[..., bytes]:
        def capped(size: int | None = None) -> bytes:
            if time.monotonic() > self._deadline:
                raise FetchLimit("the time allowed (max_fetch_s)")
            wanted = min(size or self._left + 1, self._left + 1)
            found = read(wanted)
            self._left -= len(found)
            if self._left < 0:
                raise FetchLimit(f"{self._max_bytes} bytes (max_fetch_bytes)")
            return found

        return capped


def few_objects(write: Writer, most: int) -> Writer:
    """What writes a pack, and raises FetchLimit as soon as the pack's head tells of more than `most` objects."""
    head = bytearray()

    def checked(data: bytes) -> int:
        if len(head) < _PACK_HEAD_BYTES:
            head.extend(data[: _PACK_HEAD_BYTES - len(head)])
            if int.from_bytes(head[_COUNT], "big") > most:
                raise FetchLimit(f"{most} objects (max_fetch_objects)")
        return write(data)

    return checked


def _check_answer(status: int, headers: dict[str, str], url: str) -> None:
    """Raises Redirected, NotGitRepository, HTTPUnauthorized, or ConnectionError for a server in trouble."""
    named = {name.lower(): value for name, value in headers.items()}
    if 300 <= status < 400:  # noqa: PLR2004 -- redirects, RFC 9110 section 15.4
        raise Redirected(urlsplit(named.get("location", "")).hostname or "another path of the same server")
    if status in (401, 403):
        raise HTTPUnauthorized(named.get("www-authenticate"), "")
    if 400 <= status < 500 and status != 429:  # noqa: PLR2004 -- client errors, RFC 9110 section 15.5; 429 passes with time
        raise NotGitRepository
    if status != 200:  # noqa: PLR2004 -- the one success of this protocol
        raise ConnectionError(f"it answered with status {status}")
    if "/info/refs" in url and not named.get("content-type", "").startswith("application/x-git-"):
        raise NotGitRepository
