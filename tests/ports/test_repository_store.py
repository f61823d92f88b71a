from __future__ import annotations

import asyncio
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from aelus.application.branch_index import index_of_branch
from aelus.domain.repository import Repository, RepositoryKind, branch_name
from aelus.domain.search import SearchFilter
from aelus.domain.source import SkippedFile, SkipReason
from aelus.ports.errors import Conflict, NotFound
from index_builder import MODEL, NOW, change, repository, small, vector
from stores import Stores


async def test_a_repository_is_found_by_id_and_by_name(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    assert await stores.repositories.get(tenant, shop.id) == shop
    assert await stores.repositories.find(tenant, "shop") == shop
    assert await stores.repositories.find(tenant, "Shop") is None


async def test_a_name_is_taken_once_for_each_tenant(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    await stores.repository(tenant)
    await stores.repository(other)
    with pytest.raises(Conflict):
        await stores.repositories.add(tenant, repository())


async def test_repositories_are_listed_by_name_page_by_page(stores: Stores) -> None:
    tenant = await stores.tenant()
    for name in ("b", "a", "C", "a/b"):
        await stores.repository(tenant, name)
    names = [one.name for one in await stores.repositories.list(tenant)]
    assert names == ["C", "a", "a/b", "b"]
    assert [one.name for one in await stores.repositories.list(tenant, after="a", limit=1)] == ["a/b"]


async def test_what_is_updated_is_what_is_read(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    changed = replace(shop, file_patterns=("src/**",), name="store", branch="next", kind=RepositoryKind.BACKEND)
    await stores.repositories.update(tenant, changed)
    assert await stores.repositories.get(tenant, shop.id) == changed


async def test_a_name_that_is_taken_cannot_be_given_again(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, _ = await stores.repository(tenant), await stores.repository(tenant, "other")
    with pytest.raises(Conflict):
        await stores.repositories.update(tenant, replace(shop, name="other"))


async def test_another_tenants_repository_does_not_exist(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    shop = await stores.repository(tenant)
    for call in (
        stores.repositories.get(other, shop.id),
        stores.repositories.remove(other, shop.id),
        stores.repositories.update(other, shop),
    ):
        with pytest.raises(NotFound, match=str(shop.id)):
            await call
    assert await stores.repositories.list(other) == []
    assert await stores.repositories.get(tenant, shop.id) == shop


async def test_what_an_index_leaves_out_is_told(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant)
    left_out = (
        SkippedFile(path="a.min.js", reason=SkipReason.MINIFIED),
        SkippedFile(path="b.py", reason=SkipReason.TIMEOUT, detail="10 s"),
    )
    assert await stores.repositories.skipped(tenant, shop.id) == ()
    await stores.write(tenant, shop, replace(change(small()), skipped=left_out))
    assert await stores.repositories.skipped(tenant, shop.id) == left_out


async def test_what_another_tenant_leaves_out_is_not_told(stores: Stores) -> None:
    shop = await stores.repository(await stores.tenant())
    with pytest.raises(NotFound):
        await stores.repositories.skipped(await stores.tenant(), shop.id)


async def test_a_stamp_changes_with_each_index(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, other = await stores.repository(tenant), await stores.repository(tenant, "other")
    await stores.write(tenant, shop, change(small()))
    stamps = {stamp.name: (stamp.version, stamp.model) for stamp in await stores.repositories.stamps(tenant)}
    assert stamps == {"shop": (1, MODEL), "other": (0, "")}
    await stores.write(tenant, shop, change(small()))
    (stamp,) = await stores.repositories.stamps(tenant, [shop.id])
    assert stamp.version == 2
    assert [one.repository_id for one in await stores.repositories.stamps(tenant, [other.id])] == [other.id]


async def test_stamps_of_another_tenant_are_not_told(stores: Stores) -> None:
    shop = await stores.repository(await stores.tenant())
    assert list(await stores.repositories.stamps(await stores.tenant(), [shop.id])) == []


async def with_branch(stores: Stores, tenant: UUID) -> tuple[Repository, Repository]:
    """A repository and a further branch of it, both with an index."""
    shop = await stores.repository(tenant)
    name = branch_name("shop", "feature/" + "x" * 200)
    branch = replace(shop, id=uuid4(), name=name, branch="feature", branch_of=shop.id, created_at=NOW)
    await stores.repositories.add(tenant, branch)
    for one in (shop, branch):
        await stores.write(tenant, one, change(small(one.id)))
    return shop, branch


async def test_a_branch_that_many_ask_for_at_once_is_added_once(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = await stores.repository(tenant, "shop")
    found = await asyncio.gather(*(index_of_branch(stores.repositories, tenant, shop, "next", now=NOW) for _ in range(6)))
    assert (len({branch.id for branch, _ in found}), sum(new for _, new in found)) == (1, 1)


async def test_branches_are_listed_and_named_like_repositories(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, branch = await with_branch(stores, tenant)
    assert [one.id for one in await stores.repositories.branches(tenant, shop.id)] == [branch.id]
    assert [one.id for one in await stores.repositories.list(tenant)] == [shop.id, branch.id]
    found = await stores.repositories.find(tenant, branch.name)
    assert found is not None
    assert (found.id, found.branch_of) == (branch.id, shop.id)


async def test_who_names_no_repository_means_no_further_branch(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, branch = await with_branch(stores, tenant)
    for wanted, meant in (((), shop.id), ((branch.id,), branch.id)):
        assert [one.repository_id for one in await stores.repositories.stamps(tenant, wanted)] == [meant]
        where = SearchFilter(repositories=wanted)
        near = await stores.vectors.nearest(tenant, vector(1.0), model=MODEL, where=where, limit=9)
        matching = await stores.vectors.matching(tenant, {"cart": 1.0}, where=where, limit=9)
        assert {one.repository_id for one in (*near, *matching)} == {meant}
        assert {one.repository_id for one in await stores.graph.find(tenant, "pay", repositories=wanted)} == {meant}


async def test_a_removed_repository_takes_its_branches_along(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, branch = await with_branch(stores, tenant)
    await stores.repositories.remove(tenant, shop.id)
    assert not await stores.repositories.list(tenant)
    assert not await stores.vectors.of_file(tenant, branch.id, "cart.py")


async def test_a_removed_branch_leaves_the_repository(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, branch = await with_branch(stores, tenant)
    await stores.repositories.remove(tenant, branch.id)
    assert [one.id for one in await stores.repositories.list(tenant)] == [shop.id]
    assert await stores.vectors.of_file(tenant, shop.id, "cart.py")
