"""One suite for every `UserStore`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from aelus.domain.identity import Role
from aelus.domain.members import User
from aelus.ports.errors import Conflict, NotFound
from index_builder import NOW
from stores import Stores


async def test_a_member_is_added_found_and_changed(stores: Stores) -> None:
    tenant = await stores.tenant()
    ada = await stores.user(tenant, external="https://id.example 7")
    assert await stores.users.get(tenant, ada.id) == ada
    assert await stores.users.find_external(tenant, "https://id.example 7") == ada
    assert await stores.users.find_external(tenant, "https://id.example 8") is None
    changed = replace(ada, name="ada l", role=Role.ADMIN, all_repositories=False, external="")
    await stores.users.replace(tenant, changed)
    assert await stores.users.get(tenant, ada.id) == changed
    assert await stores.users.find_external(tenant, "") is None


async def test_members_come_by_name_page_by_page(stores: Stores) -> None:
    tenant = await stores.tenant()
    for name in ("c", "a", "B"):
        await stores.user(tenant, name)
    assert [user.name for user in await stores.users.list(tenant)] == ["B", "a", "c"]
    assert [user.name for user in await stores.users.list(tenant, after="B", limit=1)] == ["a"]


@pytest.mark.parametrize("field", ["name", "external"])
async def test_a_name_is_taken_once_in_a_tenant(stores: Stores, field: str) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    await stores.user(tenant, "ada", external="x")
    grace = await stores.user(tenant, "grace", external="y")
    taken: dict[str, Any] = {field: {"name": "ada", "external": "x"}[field]}
    with pytest.raises(Conflict):
        await stores.user(tenant, **{"name": "new", "external": "z", **taken})
    with pytest.raises(Conflict):
        await stores.users.replace(tenant, replace(grace, **taken))
    await stores.user(other, "ada", external="x")


async def test_another_tenant_sees_and_changes_no_member(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    ada = await stores.user(tenant, external="x")
    assert (await stores.users.list(other), await stores.users.find_external(other, "x")) == ([], None)
    for refused in (
        stores.users.get(other, ada.id),
        stores.users.replace(other, replace(ada, name="eve")),
        stores.users.remove(other, ada.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await stores.users.get(tenant, ada.id) == ada


async def test_a_tenant_that_is_not_there_has_no_members(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.users.add(uuid4(), User(id=uuid4(), name="ada", role=Role.OWNER, created_at=NOW))


async def test_the_last_owner_stays(stores: Stores) -> None:
    tenant = await stores.tenant()
    ada, grace = [await stores.user(tenant, name, Role.OWNER) for name in ("ada", "grace")]
    leaving = (stores.users.remove(tenant, ada.id), stores.users.replace(tenant, replace(grace, role=Role.READER)))
    outcomes = await asyncio.gather(*leaving, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(Conflict) == 1
    assert [user.role for user in await stores.users.list(tenant)].count(Role.OWNER) == 1
