"""`aelus tenants`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable, Mapping

from aelus.domain.tenancy import Tenant
from aelus.entrypoints.cli.audit import record
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import service
from aelus.entrypoints.cli.terminal import printable
from aelus.entrypoints.use_cases import UseCases


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        await ACTIONS[given.action](use, given)


async def _create(use: UseCases, given: argparse.Namespace) -> None:
    made = await use.change_tenants().create(given.name)
    await record(use, None, "addTenant", f"id={made.tenant.id}")
    operator = await use.change_operators().first()
    if given.json:
        first = {"operator_key": operator.token} if operator else {}
        sys.stdout.buffer.write(json_line({**tenant_object(made.tenant), "key": made.key.token, **first}))
        return
    print(f"{printable(made.tenant.name)} is tenant {made.tenant.id}.")
    print(f"Its first key, an owner's, which is not shown again:\n  {made.key.token}")
    if operator:
        print(f"This service had no operator. The first operator key, which is not shown again:\n  {operator.token}")


async def _list(use: UseCases, given: argparse.Namespace) -> None:
    found = await use.read_tenants()()
    if given.json:
        sys.stdout.buffer.writelines(json_line(tenant_object(tenant)) for tenant in found)
    else:
        print("\n".join(f"{one.id}  {printable(one.name)}{'  (deleted)' if one.deleted_at else ''}" for one in found))


async def _delete(use: UseCases, given: argparse.Namespace) -> None:
    deleted = await use.change_tenants()(given.tenant, deleted=True)
    await record(use, None, "removeTenant", f"tenant_id={given.tenant}")
    print(f"{printable(deleted.name)} is deleted; its keys open nothing. `aelus tenants restore {deleted.id}` brings it back.")


async def _restore(use: UseCases, given: argparse.Namespace) -> None:
    restored = await use.change_tenants()(given.tenant, deleted=False)
    await record(use, None, "changeTenant", f"tenant_id={given.tenant}")
    print(f"{printable(restored.name)} is back, with its keys.")


async def _purge(use: UseCases, given: argparse.Namespace) -> None:
    await use.purge_tenants().one(given.tenant)
    await record(use, None, "purgeTenant", f"tenant_id={given.tenant}")
    print(f"Nothing of tenant {given.tenant} is left.")


def tenant_object(tenant: Tenant) -> Mapping[str, object]:
    return {
        "id": str(tenant.id),
        "name": tenant.name,
        "created_at": tenant.created_at.isoformat(),
        "deleted_at": tenant.deleted_at and tenant.deleted_at.isoformat(),
    }


Action = Callable[[UseCases, argparse.Namespace], Awaitable[None]]
ACTIONS: Mapping[str, Action] = {"create": _create, "list": _list, "delete": _delete, "restore": _restore, "purge": _purge}
