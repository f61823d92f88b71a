"""One suite for every `PushedFiles`."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from aelus.domain.pushes import FilePush, PushedState, pushed_file
from aelus.domain.quotas import Quotas
from aelus.domain.source import SourceLimits
from aelus.ports.errors import Conflict, LimitExceeded, NotFound, QuotaExceeded
from stores import Stores

LIMITS = SourceLimits(max_files=4, max_total_bytes=100)


async def push(stores: Stores, tenant: UUID, repository: UUID, *deleted: str, commit: str = "", **files: bytes) -> bool:
    """Dots in the names of files stand for slashes."""
    contents = {name.replace("_", "/"): content for name, content in files.items()}
    return await stores.pushed_files.apply(tenant, repository, FilePush(files=contents, deleted=deleted, commit=commit), limits=LIMITS)


@pytest.fixture
async def tenant(stores: Stores) -> UUID:
    return await stores.tenant()


@pytest.fixture
async def shop(stores: Stores, tenant: UUID) -> UUID:
    return (await stores.repository(tenant)).id


async def test_files_are_added_changed_and_removed(stores: Stores, tenant: UUID, shop: UUID) -> None:
    assert await stores.pushed_files.state(tenant, shop) == PushedState(files={})
    assert await push(stores, tenant, shop, commit="one", a_b=b"1", c=b"\x00\xff")
    assert await push(stores, tenant, shop, "c", "gone", commit="two", a_b=b"2", d=b"")
    expected = {"a/b": pushed_file(b"2"), "d": pushed_file(b"")}
    assert await stores.pushed_files.state(tenant, shop) == PushedState(commit="two", files=expected)
    assert list(await stores.pushed_files.read(tenant, shop, ["d", "c", "a/b"])) == [b"", None, b"2"]


async def test_a_push_that_changes_nothing_says_so(stores: Stores, tenant: UUID, shop: UUID) -> None:
    assert await push(stores, tenant, shop, commit="one", a=b"1")
    assert not await push(stores, tenant, shop, "gone", commit="one", a=b"1")
    assert await push(stores, tenant, shop, commit="two", a=b"1")


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"a": b"1", "a_b": b"2"}, Conflict),
        ({"known_x": b"1"}, Conflict),
        ({"folder": b"1"}, Conflict),
        ({"large": b"1" * 99}, LimitExceeded),
        ({"a": b"", "b": b"", "c": b""}, LimitExceeded),
    ],
)
async def test_a_push_that_cannot_be_changes_nothing(
    stores: Stores, tenant: UUID, shop: UUID, files: dict[str, bytes], error: type[Exception]
) -> None:
    await push(stores, tenant, shop, commit="one", known=b"1", folder_x=b"2")
    before = await stores.pushed_files.state(tenant, shop)
    with pytest.raises(error):
        await push(stores, tenant, shop, commit="two", **files)
    assert await stores.pushed_files.state(tenant, shop) == before


async def test_pushed_files_are_within_the_storage_of_their_tenant(stores: Stores, tenant: UUID, shop: UUID) -> None:
    nothing = Quotas(storage_gb=0)
    with pytest.raises(QuotaExceeded, match="storage_gb"):
        await stores.pushed_files.apply(tenant, shop, FilePush(files={"a": b"1"}), limits=LIMITS, most=nothing)
    assert await stores.pushed_files.state(tenant, shop) == PushedState(files={})
    assert await stores.pushed_files.apply(tenant, shop, FilePush(files={"a": b"1"}), limits=LIMITS, most=Quotas())


async def test_a_file_makes_room_for_a_folder_in_one_push(stores: Stores, tenant: UUID, shop: UUID) -> None:
    await push(stores, tenant, shop, a=b"1")
    await push(stores, tenant, shop, "a", a_b=b"2")
    assert set((await stores.pushed_files.state(tenant, shop)).files) == {"a/b"}


async def test_pushes_at_once_all_count(stores: Stores, tenant: UUID, shop: UUID) -> None:
    await asyncio.gather(*(push(stores, tenant, shop, commit=name, **{name: b"1"}) for name in "abcd"))
    assert set((await stores.pushed_files.state(tenant, shop)).files) == set("abcd")


async def test_files_are_their_tenants_and_go_with_their_repository(stores: Stores, tenant: UUID, shop: UUID) -> None:
    await push(stores, tenant, shop, commit="one", a=b"1")
    other = await stores.tenant()
    assert await stores.pushed_files.state(other, shop) == PushedState(files={})
    assert list(await stores.pushed_files.read(other, shop, ["a"])) == [None]
    for stranger, repository in ((other, shop), (tenant, uuid4())):
        with pytest.raises(NotFound):
            await push(stores, stranger, repository, a=b"2")
    await stores.repositories.remove(tenant, shop)
    assert await stores.pushed_files.state(tenant, shop) == PushedState(files={})
