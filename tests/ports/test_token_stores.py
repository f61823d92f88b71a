"""One suite for every `SigningKeyStore` and `RevocationStore`."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from aelus.domain.access_tokens import SigningKey
from aelus.ports.errors import NotFound
from index_builder import NOW
from stores import Stores

DAY = timedelta(days=1)


def key(days: float = 0.0) -> SigningKey:
    return SigningKey(id=uuid4().hex, public="{}", sealed=b"sealed", created_at=NOW + days * DAY, expires_at=NOW + (days + 8) * DAY)


async def test_of_several_that_renew_at_once_one_does(stores: Stores) -> None:
    made = [key() for _ in range(4)]
    found = await asyncio.gather(*[stores.signing_keys.renew(one, unless_since=NOW - DAY) for one in made])
    assert len({one.id for keys in found for one in keys}) == 1
    assert [one.id for one in await stores.signing_keys.live(NOW)] == [found[0][0].id]


async def test_old_keys_check_until_they_expire_and_then_go(stores: Stores) -> None:
    first, second, third = key(), key(7), key(14)
    for one in (first, second):
        await stores.signing_keys.renew(one, unless_since=one.created_at - DAY)
    assert [one.id for one in await stores.signing_keys.live(second.created_at)] == [second.id, first.id]
    assert [one.id for one in await stores.signing_keys.live(NOW + 8 * DAY)] == [second.id]
    assert [one.id for one in await stores.signing_keys.renew(third, unless_since=third.created_at - DAY)] == [third.id, second.id]
    assert [one.id for one in await stores.signing_keys.live(NOW)] == [third.id, second.id]


async def test_a_token_is_revoked_for_its_tenant_until_it_would_have_expired(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    for _ in range(2):
        await stores.revocations.revoke(tenant, "one", expires_at=NOW + DAY, now=NOW)
    assert [await stores.revocations.is_revoked(owner, "one") for owner in (tenant, other)] == [True, False]
    await stores.revocations.revoke(tenant, "two", expires_at=NOW + 3 * DAY, now=NOW + 2 * DAY)
    assert [await stores.revocations.is_revoked(tenant, name) for name in ("one", "two")] == [False, True]
    with pytest.raises(NotFound):
        await stores.revocations.revoke(uuid4(), "one", expires_at=NOW, now=NOW)
