"""One suite for every `KeyStore` and `OperatorStore`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from aelus.domain.credentials import ApiKey, Lifetime, OperatorKey, StoredKey
from aelus.domain.identity import Role, Scope
from aelus.ports.errors import NotFound
from index_builder import NOW
from stores import Stores


def key(prefix: str = "0" * 12, user: UUID | None = None) -> ApiKey:
    lifetime = Lifetime(created_at=NOW, expires_at=NOW + timedelta(days=1))
    scopes = frozenset((Scope.READ, Scope.INDEX))
    return ApiKey(id=uuid4(), name="ci", prefix=prefix, role=Role.MEMBER, scopes=scopes, lifetime=lifetime, user_id=user)


async def test_a_key_is_found_by_its_prefix_whosever_it_is(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    mine, theirs = key("a" * 12), key("b" * 12)
    await stores.keys.add(tenant, mine, b"1")
    await stores.keys.add(other, theirs, b"2")
    assert await stores.keys.find("a" * 12) == StoredKey(tenant=tenant, key=mine, digest=b"1")
    assert await stores.keys.find("b" * 12) == StoredKey(tenant=other, key=theirs, digest=b"2")
    assert await stores.keys.find("c" * 12) is None


async def test_a_key_changes_its_token_and_its_lifetime(stores: Stores) -> None:
    tenant = await stores.tenant()
    old = key("a" * 12)
    await stores.keys.add(tenant, old, b"1")
    new = replace(old, prefix="b" * 12, lifetime=replace(old.lifetime, revoked_at=NOW))
    await stores.keys.replace(tenant, new, b"2")
    assert await stores.keys.get(tenant, old.id) == new
    assert await stores.keys.find("a" * 12) is None
    await stores.keys.replace(tenant, replace(new, name="cd"))
    found = await stores.keys.find("b" * 12)
    assert found == StoredKey(tenant=tenant, key=replace(new, name="cd"), digest=b"2")


async def test_keys_come_by_id_page_by_page(stores: Stores) -> None:
    tenant = await stores.tenant()
    keys = sorted((key(str(number) * 12) for number in range(3)), key=lambda one: one.id)
    for one in keys:
        await stores.keys.add(tenant, one, b"1")
    assert await stores.keys.list(tenant) == keys
    assert await stores.keys.list(tenant, after=keys[0].id, limit=1) == keys[1:2]


async def test_another_tenant_sees_and_changes_no_key(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    mine = key()
    await stores.keys.add(tenant, mine, b"1")
    assert await stores.keys.list(other) == []
    for refused in (stores.keys.get(other, mine.id), stores.keys.replace(other, mine, b"2")):
        with pytest.raises(NotFound):
            await refused
    assert await stores.keys.find(mine.prefix) == StoredKey(tenant=tenant, key=mine, digest=b"1")


async def test_a_key_goes_with_its_member(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    ada = await stores.user(tenant)
    await stores.keys.add(tenant, key(user=ada.id), b"1")
    for wrong in (key("1" * 12, uuid4()), key("2" * 12, (await stores.user(other)).id)):
        with pytest.raises(NotFound):
            await stores.keys.add(tenant, wrong, b"1")
    await stores.users.remove(tenant, ada.id)
    assert await stores.keys.list(tenant) == []


async def test_keys_of_a_deleted_tenant_are_found_no_more(stores: Stores) -> None:
    tenant = await stores.tenant()
    await stores.keys.add(tenant, key(), b"1")
    known = await stores.tenants.get(tenant)
    await stores.tenants.replace(replace(known, deleted_at=NOW))
    assert await stores.keys.find("0" * 12) is None
    await stores.tenants.replace(known)
    assert await stores.keys.find("0" * 12) is not None


async def test_an_operators_key_is_found_listed_and_revoked(stores: Stores) -> None:
    one = OperatorKey(id=uuid4(), name="ops", prefix="a" * 12, lifetime=Lifetime(created_at=NOW))
    await stores.operators.add(one, b"1")
    assert await stores.operators.find("a" * 12) == (one, b"1")
    revoked = replace(one, lifetime=replace(one.lifetime, revoked_at=NOW))
    await stores.operators.replace(revoked)
    assert await stores.operators.list() == [revoked]
    assert await stores.operators.get(one.id) == revoked
    with pytest.raises(NotFound):
        await stores.operators.replace(replace(one, id=uuid4()))
