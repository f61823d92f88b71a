from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from aelus.domain.identity import Role
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import Tenant
from aelus.ports.errors import Conflict, NotFound
from index_builder import NOW, change, small
from stores import Stores


async def test_a_tenant_is_added_once(stores: Stores) -> None:
    one = Tenant(id=uuid4(), name="one", created_at=NOW)
    await stores.tenants.ensure(one)
    await stores.tenants.ensure(replace(one, name="two"))
    assert await stores.tenants.get(one.id) == one
    assert await stores.tenants.list() == [one]


async def test_an_unknown_tenant_is_named_in_the_error(stores: Stores) -> None:
    unknown = uuid4()
    with pytest.raises(NotFound, match=str(unknown)):
        await stores.tenants.get(unknown)


async def test_a_tenant_is_renamed_deleted_and_brought_back(stores: Stores) -> None:
    one = Tenant(id=uuid4(), name="one", created_at=NOW)
    await stores.tenants.ensure(one)
    for changed in (replace(one, name="two"), replace(one, deleted_at=NOW), one):
        await stores.tenants.replace(changed)
        assert await stores.tenants.get(one.id) == changed
    with pytest.raises(NotFound):
        await stores.tenants.replace(replace(one, id=uuid4()))


async def test_a_purged_tenant_takes_everything_along_and_nothing_of_others(stores: Stores) -> None:
    purged, other = await stores.tenant(), await stores.tenant()
    for tenant in (purged, other):
        shop = await stores.repository(tenant)
        await stores.write(tenant, shop, change(small(tenant)))
        ada = await stores.user(tenant, role=Role.OWNER)
        await stores.grants.grant(tenant, ada.id, [shop.id])
        await stores.secrets.put(tenant, shop.id, SecretPurpose.WEBHOOK, "secret")
    with pytest.raises(Conflict):
        await stores.tenants.purge(purged)
    await stores.tenants.replace(replace(await stores.tenants.get(purged), deleted_at=NOW))
    for _ in range(2):
        await stores.tenants.purge(purged)
    assert [tenant.id for tenant in await stores.tenants.list()] == [other]
    found = [(await stores.repositories.list(tenant), await stores.users.list(tenant)) for tenant in (purged, other)]
    assert [(len(repositories), len(users)) for repositories, users in found] == [(0, 0), (1, 1)]
    assert await stores.graph.find(purged, "pay") == []
    assert len(await stores.graph.find(other, "pay")) == 1
