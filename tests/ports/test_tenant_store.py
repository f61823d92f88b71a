from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest

from aelus.domain.tenancy import Tenant
from aelus.ports.errors import NotFound
from index_builder import NOW
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
