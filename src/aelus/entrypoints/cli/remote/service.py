"""What stands in for the use cases."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import cast

import httpx2
from pydantic import SecretStr

from aelus.entrypoints.cli.remote.connection import TIMEOUT_S, Connection
from aelus.entrypoints.cli.remote.reading import RemoteCalls, RemoteContext, RemoteImpact, RemoteSearch
from aelus.entrypoints.cli.remote.writing import (
    RemoteFindRepositories,
    RemoteGetRepository,
    RemoteIndexing,
    RemoteJobs,
    RemoteKeys,
    RemoteLeftOut,
    RemoteRepositories,
    RemoteSecrets,
    RemoteTrail,
)
from aelus.entrypoints.release import release
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, Misconfigured


class RemoteUseCases:
    """Gives the use cases that a server has, each under its own name."""

    def __init__(self, server: Connection) -> None:
        repositories, jobs, keys = RemoteRepositories(server), RemoteJobs(server), RemoteKeys(server)
        self._known: Mapping[str, object] = {
            "answer_search": RemoteSearch(server),
            "pack_context": RemoteContext(server),
            "find_callers": RemoteCalls(server, "callers"),
            "find_callees": RemoteCalls(server, "callees"),
            "assess_impact": RemoteImpact(server),
            "index_location": RemoteIndexing(server, repositories),
            "find_repositories": RemoteFindRepositories(repositories),
            "list_left_out": RemoteLeftOut(server),
            "get_repository": RemoteGetRepository(repositories),
            "list_repositories": repositories,
            "remove_repository": repositories.remove,
            "change_secret": RemoteSecrets(server),
            "read_jobs": jobs,
            "cancel_job": jobs.cancel,
            "retry_jobs": jobs.retry,
            "issue_key": keys.issue,
            "revoke_key": keys.revoke,
            "read_members": keys,
            "audit_trail": RemoteTrail(),
        }

    def __getattr__(self, name: str) -> Callable[[], object]:
        if name not in self._known:
            raise InvalidRequest("This needs the index itself, and AELUS_URL names a server.", "Run it without AELUS_URL, at the server.")
        return lambda: self._known[name]


def _no_address() -> Misconfigured:
    return Misconfigured("AELUS_URL is no address of a server.", "Give one as https://aelus.example.org.")


@asynccontextmanager
async def remote_service(url: str, key: SecretStr | None) -> AsyncIterator[UseCases]:
    """A server for one person asks for no key; others refuse without one. Raises Misconfigured: the address is none."""
    headers = {"User-Agent": f"aelus/{release()}"} | ({"Authorization": f"Bearer {key.get_secret_value()}"} if key else {})
    try:
        client = httpx2.AsyncClient(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT_S)
    except httpx2.InvalidURL as error:
        raise _no_address() from error
    if client.base_url.scheme not in ("http", "https") or not client.base_url.host:
        raise _no_address()
    async with client:
        yield cast("UseCases", RemoteUseCases(Connection(client)))
