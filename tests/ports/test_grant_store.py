"""One suite for every `GrantStore`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

import index_builder
from aelus.domain.members import Group
from aelus.ports.errors import Conflict, NotFound
from stores import Stores


async def test_what_is_open_to_a_member_comes_from_them_and_their_groups(stores: Stores) -> None:
    tenant = await stores.tenant()
    one, two, three, four = [(await stores.repository(tenant, name)).id for name in ("one", "two", "three", "four")]
    ada, grace = await stores.user(tenant, "ada"), await stores.user(tenant, "grace")
    mine, named, others = [Group(id=uuid4(), name=name) for name in ("mine", "named", "others")]
    for group, repository in ((mine, two), (named, three), (others, four)):
        await stores.grants.add_group(tenant, group)
        await stores.grants.grant(tenant, group.id, [repository])
    await stores.grants.set_members(tenant, mine.id, [ada.id])
    await stores.grants.grant(tenant, ada.id, [one])
    assert await stores.grants.open_to(tenant, ada.id) == {one, two}
    assert await stores.grants.open_to(tenant, ada.id, ["named", "unknown"]) == {one, two, three}
    assert await stores.grants.open_to(tenant, None, ["named"]) == {three}
    assert await stores.grants.open_to(tenant, grace.id) == frozenset()


async def test_further_branches_are_open_with_their_repository(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, other = await stores.repository(tenant, "shop"), await stores.repository(tenant, "other")
    branches = [replace(index_builder.repository(f"{one.name}@next"), branch_of=one.id) for one in (shop, other)]
    for branch in branches:
        await stores.repositories.add(tenant, branch)
    ada = await stores.user(tenant)
    await stores.grants.grant(tenant, ada.id, [shop.id])
    assert await stores.grants.open_to(tenant, ada.id) == {shop.id, branches[0].id}


async def test_grants_and_members_are_put_in_place_of_those_before(stores: Stores) -> None:
    tenant = await stores.tenant()
    one, two = [(await stores.repository(tenant, name)).id for name in ("one", "two")]
    ada, grace, group = await stores.user(tenant, "ada"), await stores.user(tenant, "grace"), Group(id=uuid4(), name="all")
    await stores.grants.add_group(tenant, group)
    for repositories in ([one], [one, two], [two], []):
        await stores.grants.grant(tenant, ada.id, repositories)
        assert await stores.grants.granted(tenant, ada.id) == set(repositories)
    for users in ([ada.id], [ada.id, grace.id], []):
        await stores.grants.set_members(tenant, group.id, users)
        assert await stores.grants.members(tenant, group.id) == set(users)


async def test_of_several_who_grant_at_once_one_is_the_last(stores: Stores) -> None:
    tenant = await stores.tenant()
    one, two = [(await stores.repository(tenant, name)).id for name in ("one", "two")]
    ada, grace, group = await stores.user(tenant, "ada"), await stores.user(tenant, "grace"), Group(id=uuid4(), name="all")
    await stores.grants.add_group(tenant, group)
    for grantee in (ada.id, group.id):
        await asyncio.gather(*(stores.grants.grant(tenant, grantee, [wanted]) for wanted in (one, two) * 4))
        assert len(await stores.grants.granted(tenant, grantee)) == 1
    await asyncio.gather(*(stores.grants.set_members(tenant, group.id, [user.id]) for user in (ada, grace) * 4))
    assert len(await stores.grants.members(tenant, group.id)) == 1


async def test_grants_go_with_what_they_belong_to(stores: Stores) -> None:
    tenant = await stores.tenant()
    one = (await stores.repository(tenant, "one")).id
    ada, group = await stores.user(tenant), Group(id=uuid4(), name="all")
    await stores.grants.add_group(tenant, group)
    await stores.grants.set_members(tenant, group.id, [ada.id])
    for grantee in (ada.id, group.id):
        await stores.grants.grant(tenant, grantee, [one])
    await stores.repositories.remove(tenant, one)
    assert await stores.grants.open_to(tenant, ada.id) == frozenset()
    await stores.users.remove(tenant, ada.id)
    assert await stores.grants.members(tenant, group.id) == frozenset()
    await stores.grants.remove_group(tenant, group.id)
    assert await stores.grants.groups(tenant) == []


async def test_nothing_is_granted_across_tenants(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    mine, theirs = (await stores.repository(tenant)).id, (await stores.repository(other)).id
    ada, eve, group = await stores.user(tenant), await stores.user(other), Group(id=uuid4(), name="all")
    await stores.grants.add_group(tenant, group)
    await stores.grants.grant(tenant, ada.id, [mine])
    for refused in (
        stores.grants.grant(tenant, ada.id, [theirs]),
        stores.grants.grant(other, ada.id, [theirs]),
        stores.grants.grant(tenant, eve.id, [mine]),
        stores.grants.granted(other, ada.id),
        stores.grants.members(other, group.id),
        stores.grants.set_members(tenant, group.id, [eve.id]),
        stores.grants.set_members(other, group.id, [eve.id]),
        stores.grants.remove_group(other, group.id),
    ):
        with pytest.raises(NotFound):
            await refused
    assert await stores.grants.granted(tenant, ada.id) == {mine}
    assert (await stores.grants.open_to(other, ada.id), await stores.grants.groups(other)) == (frozenset(), [])


async def test_groups_come_by_name_and_have_one_each(stores: Stores) -> None:
    tenant = await stores.tenant()
    for name in ("b", "a"):
        await stores.grants.add_group(tenant, Group(id=uuid4(), name=name))
    assert [group.name for group in await stores.grants.groups(tenant)] == ["a", "b"]
    assert [group.name for group in await stores.grants.groups(tenant, after="a", limit=1)] == ["b"]
    with pytest.raises(Conflict):
        await stores.grants.add_group(tenant, Group(id=uuid4(), name="a"))
