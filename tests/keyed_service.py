"""A service that asks everybody for a credential, and those who have one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import httpx2
import uvicorn

from aelus.application.issue_key import NewKey
from aelus.domain.identity import LOCAL, Role, Scope
from aelus.domain.quotas import HIGHEST, Quota
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.http.server import listen
from aelus.entrypoints.settings import Settings, load_settings
from aelus.entrypoints.use_cases import UseCases

API = "/api/v1"


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@dataclass(frozen=True, kw_only=True)
class Team:
    """A tenant and a key of its own for each role."""

    id: UUID
    keys: Mapping[Role, str]

    def headers(self, role: Role = Role.OWNER) -> dict[str, str]:
        return bearer(self.keys[role])


async def make_team(use_cases: UseCases, name: str) -> Team:
    made = await use_cases.change_tenants().create(name)
    await use_cases.change_quotas()(made.tenant.id, {Quota.REQUESTS_PER_SECOND: HIGHEST.requests_per_second})
    keys = {role: await make_key(use_cases, made.tenant.id, role) for role in Role}
    return Team(id=made.tenant.id, keys=keys)


async def make_key(
    use_cases: UseCases, tenant: UUID, role: Role, *, scopes: frozenset[Scope] | None = None, user_id: UUID | None = None
) -> str:
    wanted = NewKey(name=f"{role} key", role=role, scopes=scopes, user_id=user_id)
    token: str = (await use_cases.issue_key()(tenant, wanted, by=LOCAL)).token
    return token


async def operator_key(use_cases: UseCases) -> str:
    token: str = (await use_cases.change_operators()("platform")).token
    return token


@asynccontextmanager
async def keyed_client(use_cases: UseCases, settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    app = create_app(use_cases, settings.model_copy(update={"auth": "keys", "stranger_requests": 10_000}))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        yield client


@asynccontextmanager
async def listening(use_cases: UseCases) -> AsyncIterator[str]:
    """The address of a server that asks everybody for a credential."""
    listener = listen("127.0.0.1", 0, setting="port")
    app = create_app(use_cases, load_settings(auth="keys", secret_key="isolation " * 4, redis_url=None, voyage_api_key=None))
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False))
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
