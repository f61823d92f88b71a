"""`aelus keys`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence

from aelus.application.issue_key import NewKey
from aelus.domain.credentials import ApiKey, OperatorKey
from aelus.domain.identity import LOCAL, Role
from aelus.domain.tenancy import TenantId
from aelus.entrypoints.cli.audit import record
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import printable
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest

PAGE = 100


async def run(given: argparse.Namespace) -> None:
    if given.operator and given.tenant is not None:
        raise InvalidRequest("A key is of a tenant, or of operators.", "Leave --tenant or --operator out.")
    async with service() as use:
        await ACTIONS[given.action](use, given)


async def _create(use: UseCases, given: argparse.Namespace) -> None:
    key, token = await _issue(use, given)
    await record(use, _whose(given), "addApiKey", f"id={key.id}")
    if given.json:
        sys.stdout.buffer.write(json_line({**key_object(key), "key": token}))
    else:
        print(f"Key {key.id}, which is not shown again:\n  {token}")


async def _issue(use: UseCases, given: argparse.Namespace) -> tuple[ApiKey | OperatorKey, str]:
    if given.operator:
        operator = await use.change_operators()(given.name, days=given.days)
        return operator.key, operator.token
    wanted = NewKey(name=given.name, role=Role(given.role), days=given.days)
    issued = await use.issue_key()(given.tenant or TENANT, wanted, by=LOCAL)
    return issued.key, issued.token


async def _list(use: UseCases, given: argparse.Namespace) -> None:
    found = await use.change_operators().list() if given.operator else await _all(use, given.tenant or TENANT)
    if given.json:
        sys.stdout.buffer.writelines(json_line(key_object(key)) for key in found)
    else:
        print("\n".join(_line(key) for key in found) or "There are no keys: `aelus keys create NAME` makes one.")


async def _all(use: UseCases, tenant: TenantId) -> Sequence[ApiKey]:
    read = use.read_members()
    page = await read.keys(tenant, limit=PAGE)
    found = list(page.items)
    while page.more:
        page = await read.keys(tenant, after=found[-1].id, limit=PAGE)
        found += page.items
    return found


async def _revoke(use: UseCases, given: argparse.Namespace) -> None:
    if given.operator:
        await use.change_operators().revoke(given.key)
    else:
        await use.revoke_key()(given.tenant or TENANT, given.key, by=LOCAL)
    await record(use, _whose(given), "revokeApiKey", f"key_id={given.key}")
    print(f"Key {given.key} opens nothing any more.")


def _whose(given: argparse.Namespace) -> TenantId | None:
    """Whose log it belongs into; None for that of operators."""
    return None if given.operator else given.tenant or TENANT


def key_object(key: ApiKey | OperatorKey) -> Mapping[str, object]:
    life = key.lifetime
    rights = {"role": key.role.value, "scopes": sorted(key.scopes)} if isinstance(key, ApiKey) else {"operator": True}
    return {
        "id": str(key.id),
        "name": key.name,
        "prefix": key.prefix,
        **rights,
        "created_at": life.created_at.isoformat(),
        "expires_at": life.expires_at and life.expires_at.isoformat(),
        "revoked_at": life.revoked_at and life.revoked_at.isoformat(),
    }


def _line(key: ApiKey | OperatorKey) -> str:
    rights = key.role.value if isinstance(key, ApiKey) else "operator"
    ended = "  (revoked)" if key.lifetime.revoked_at else f"  until {key.lifetime.expires_at:%Y-%m-%d}" if key.lifetime.expires_at else ""
    return f"{key.id}  {key.prefix}  {rights}  {printable(key.name)}{ended}"


Action = Callable[[UseCases, argparse.Namespace], Awaitable[None]]
ACTIONS: Mapping[str, Action] = {"create": _create, "list": _list, "revoke": _revoke}
