"""Two tenants with look-alike data in one real database, and all those who may try to see more than their own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import asyncpg
import httpx2

from aelus.application.change_users import UserChange
from aelus.domain.identity import LOCAL, Role
from aelus.domain.secrets import SecretPurpose
from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases
from keyed_service import API, Team, bearer, keyed_client, make_key, make_team, operator_key
from request_samples import Sample
from sample_project import FILES, write_project

WEBHOOK_SECRET = "the webhook secret of {marker}"


@dataclass(frozen=True, kw_only=True)
class Side:
    """One tenant: who is in it, what it has, and the word that stands in everything of it and in nothing of anybody else's."""

    team: Team
    marker: str
    ids: Mapping[str, str]
    """Kind → id of one object."""
    all_ids: frozenset[str]
    callers: Mapping[str, dict[str, str]]
    """Name → headers, of everybody with a key of this tenant."""


@dataclass(kw_only=True, repr=False)
class World:
    use_cases: UseCases
    http: httpx2.AsyncClient
    owner_address: str
    """Of the role that owns the tables: for looking, past all policies, at what is really there."""
    mine: Side
    theirs: Side
    third: Side
    """For attempts that write what they try into their own tenant."""
    operator: dict[str, str]

    @property
    def strangers(self) -> dict[str, dict[str, str]]:
        """Everybody to whom nothing of `theirs` is open."""
        return {**self.mine.callers, "operator": self.operator, "nobody": {}}

    async def ask(self, one: Sample, headers: Mapping[Any, Any]) -> httpx2.Response:
        return await self.http.request(one.method, one.path, params=dict(one.query), json=one.body, headers=dict(headers))

    def traces(self, text: str, *, sent: frozenset[str] = frozenset()) -> list[str]:
        """What an answer tells of the other tenant, beyond what was sent."""
        lower = text.lower()
        return [word for word in (self.theirs.marker, *self.theirs.all_ids - sent) if word in lower]


def shape(response: httpx2.Response, ids: Mapping[str, str]) -> tuple[int, str]:
    """The answer without what differs anyway: the request's id, and the ids that were asked for."""
    text = re.sub(r'"request_id":"[^"]*"', "", response.text)
    for identifier in ids.values():
        text = text.replace(identifier, "ID")
    return response.status_code, text


CHECKS: Final = {
    "foreign objects": 500,
    "named tenants": 250,
    "lists and searches": 350,
    "agents": 120,
    "credentials": 900,
    "injection": 400,
    "direct statements": 150,
    "pooled connections": 400,
    "timing": 80,
    "commands": 120,
}


class Tally:
    """Counts what is checked, and keeps what failed, so that one run tells of all leaks."""

    def __init__(self, part: str) -> None:
        self._part = part
        self._made = 0
        self._failed: list[str] = []

    def check(self, good: object, what: str) -> None:
        self._made += 1
        if not good:
            self._failed.append(what)

    def close(self) -> None:
        assert not self._failed, f"{len(self._failed)} of {self._made} checks failed: " + "\n".join(self._failed[:20])
        assert self._made >= CHECKS[self._part], f"only {self._made} checks of {self._part} were made"


@asynccontextmanager
async def opened(address: str, folder: Path, redis_address: str) -> AsyncIterator[World]:
    settings = load_settings(
        home=folder / "home",
        database_url=address,
        secret_key="isolation " * 4,
        auth="keys",
        parser_processes=1,
        database_pool_size=4,
        path_roots=(folder,),
        stranger_requests=10_000,
        redis_url=redis_address,
        voyage_api_key=None,
    )
    async with container.open_service(settings) as use_cases, keyed_client(use_cases, settings) as http:
        mine, theirs, third = [await side(use_cases, folder, marker) for marker in ("quagga", "zebroid", "okapi")]
        operator = bearer(await operator_key(use_cases))
        for one in (mine, theirs, third):
            made = await http.post(f"{API}/groups", json={"name": f"{one.marker} of the log"}, headers=one.callers["owner"])
            assert made.status_code == 201
        sides = {"mine": mine, "theirs": theirs, "third": third}
        yield World(use_cases=use_cases, http=http, owner_address=address, operator=operator, **sides)


async def side(use_cases: UseCases, folder: Path, marker: str) -> Side:
    """A tenant that has the same repositories, names and files as the other one, and a few with its own word in them."""
    team = await make_team(use_cases, f"team {marker}")
    own = {
        f"shop/{marker}.py": "from shop.prices import net_price\n\n\n"
        f'def {marker}_price(gross: float) -> float:\n    """The {marker} rule."""\n'
        "    return net_price(gross) - 1\n",
        "README.md": f"# Shop\n\nNotes of {marker}.\n",
    }
    index = use_cases.index_location()
    reports = [
        await index(team.id, str(write_project(folder / marker / name, FILES | own)), name=name, branch="") for name in ("shop", "store")
    ]
    ids = await objects(use_cases, team, marker, reports[0].repository_id)
    restricted = await use_cases.change_users().add(
        team.id, UserChange(name=f"restricted {marker}", role=Role.MEMBER, all_repositories=False), by=LOCAL
    )
    callers = {role.value: team.headers(role) for role in Role}
    callers["restricted"] = bearer(await make_key(use_cases, team.id, Role.MEMBER, user_id=restricted.id))
    everything = {*ids.values(), str(reports[1].repository_id), str(restricted.id)}
    return Side(team=team, marker=marker, ids=ids, all_ids=frozenset(everything), callers=callers)


async def objects(use_cases: UseCases, team: Team, marker: str, repository: UUID) -> dict[str, str]:
    """One of every kind that has an id."""
    tenant = team.id
    job = await use_cases.request_ingestion()(tenant, repository)
    await use_cases.cancel_job()(tenant, job.id)
    user = await use_cases.change_users().add(tenant, UserChange(name=f"{marker}@example", role=Role.OWNER), by=LOCAL)
    group = await use_cases.change_groups()(tenant, f"{marker} group")
    await use_cases.change_groups().set_members(tenant, group.id, [user.id])
    for grantee in (user.id, group.id):
        await use_cases.change_groups().grant(tenant, grantee, [repository])
    await use_cases.change_secret()(tenant, repository, SecretPurpose.WEBHOOK, WEBHOOK_SECRET.format(marker=marker))
    key = (await use_cases.read_members().keys(tenant)).items[0]
    node = (await use_cases.find_nodes()(tenant, f"{marker}_price", repositories=[repository]))[0].node
    kinds: dict[str, Any] = {"tenant": tenant, "repository": repository, "job": job.id, "user": user.id, "group": group.id, "key": key.id}
    return {**{kind: str(identifier) for kind, identifier in kinds.items()}, "node": node.id}


async def owners(world: World) -> asyncpg.Connection:
    """A connection past all policies."""
    return await asyncpg.connect(world.owner_address, passfile="/dev/null")


async def rows(address: str, tenant: UUID) -> dict[str, int]:
    """Rows of a tenant in every table that is keyed by tenant, past all policies."""
    connection = await asyncpg.connect(address, passfile="/dev/null")
    tables = await connection.fetch(
        "select relname from pg_class join pg_attribute on attrelid = pg_class.oid and attname = 'tenant_id' and not attisdropped "
        "where relnamespace = 'aelus'::regnamespace and relkind = 'r' order by relname"
    )
    counts = "select count(*) from aelus.{} where tenant_id = $1"
    found = {row["relname"]: await connection.fetchval(counts.format(row["relname"]), tenant) for row in tables}
    await connection.close()
    return found
