"""One suite for every `SecretStore` and `DeliveryStore`."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from aelus.domain.secrets import SecretPurpose
from aelus.ports.delivery_store import KEPT_DAYS
from aelus.ports.errors import NotFound
from index_builder import NOW
from stores import Stores

CREDENTIAL, WEBHOOK = SecretPurpose.CREDENTIAL, SecretPurpose.WEBHOOK


async def test_a_secret_is_kept_replaced_and_forgotten(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = (await stores.repository(tenant)).id
    assert await stores.secrets.get(tenant, shop, CREDENTIAL) is None
    for secret in ("first", "sécond:with colon"):
        await stores.secrets.put(tenant, shop, CREDENTIAL, secret)
        assert await stores.secrets.get(tenant, shop, CREDENTIAL) == secret
    assert await stores.secrets.get(tenant, shop, WEBHOOK) is None
    for _ in range(2):
        await stores.secrets.forget(tenant, shop, CREDENTIAL)
    assert await stores.secrets.get(tenant, shop, CREDENTIAL) is None


async def test_another_tenant_reads_writes_and_forgets_nothing(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    shop = (await stores.repository(tenant)).id
    await stores.secrets.put(tenant, shop, WEBHOOK, "mine")
    assert await stores.secrets.get(other, shop, WEBHOOK) is None
    await stores.secrets.forget(other, shop, WEBHOOK)
    with pytest.raises(NotFound):
        await stores.secrets.put(other, shop, WEBHOOK, "theirs")
    assert await stores.secrets.get(tenant, shop, WEBHOOK) == "mine"


async def test_secrets_and_deliveries_go_with_their_repository(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop = (await stores.repository(tenant)).id
    await stores.secrets.put(tenant, shop, WEBHOOK, "mine")
    await stores.deliveries.remember(tenant, shop, "one", at=NOW)
    await stores.repositories.remove(tenant, shop)
    assert await stores.secrets.get(tenant, shop, WEBHOOK) is None
    with pytest.raises(NotFound):
        await stores.deliveries.remember(tenant, shop, "one", at=NOW)


async def test_a_secret_of_no_repository_is_refused(stores: Stores) -> None:
    with pytest.raises(NotFound):
        await stores.secrets.put(await stores.tenant(), uuid4(), WEBHOOK, "secret")


async def test_a_delivery_is_known_for_its_repository_and_for_a_while(stores: Stores) -> None:
    tenant = await stores.tenant()
    shop, store = (await stores.repository(tenant)).id, (await stores.repository(tenant, "store")).id
    assert not await stores.deliveries.knows(tenant, shop, "one")
    await asyncio.gather(*(stores.deliveries.remember(tenant, shop, "one", at=NOW) for _ in range(4)))
    assert [await stores.deliveries.knows(tenant, one, "one") for one in (shop, store)] == [True, False]
    assert not await stores.deliveries.knows(await stores.tenant(), shop, "one")
    await stores.deliveries.remember(tenant, store, "two", at=NOW + timedelta(days=KEPT_DAYS - 1))
    assert await stores.deliveries.knows(tenant, shop, "one")
    await stores.deliveries.remember(tenant, store, "three", at=NOW + timedelta(days=KEPT_DAYS + 1))
    assert not await stores.deliveries.knows(tenant, shop, "one")


async def test_whose_a_repository_is(stores: Stores) -> None:
    tenant, other = await stores.tenant(), await stores.tenant()
    shops = [await stores.repository(owner) for owner in (tenant, other)]
    assert [await stores.repositories.owner(shop.id) for shop in shops] == [tenant, other]
    assert await stores.repositories.owner(uuid4()) is None
    await stores.tenants.replace(replace(await stores.tenants.get(other), deleted_at=NOW))
    assert await stores.repositories.owner(shops[1].id) is None
    known = await stores.tenants.get(tenant)
    await stores.tenants.replace(replace(known, deleted_at=NOW))
    assert await stores.repositories.owner(shops[0].id) is None
