"""`aelus tenants` and `aelus keys` as a platform team uses them, over a database of their own."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import NotAuthenticated
from commands import run_here

SECRET = "a key for tests " * 3


async def aelus(address: str, *arguments: str, code: int = 0) -> str:
    given = {"AELUS_DATABASE_URL": address, "AELUS_SECRET_KEY": SECRET, "AELUS_AUTH": "keys"}
    outcome = await asyncio.to_thread(run_here, *arguments, **given)
    assert outcome.returncode == code, outcome.stderr
    return outcome.stdout or outcome.stderr


async def test_a_tenant_is_made_used_deleted_and_purged(database_address: str, tmp_path: Path) -> None:
    made = json.loads(await aelus(database_address, "tenants", "create", "Team A", "--json"))
    again = await aelus(database_address, "tenants", "create", "Team B")
    assert "operator" not in again, "the first operator key is shown once"
    key = json.loads(await aelus(database_address, "keys", "create", "ci", "--tenant", made["id"], "--role", "member", "--json"))
    settings = load_settings(home=tmp_path, database_url=database_address, secret_key=SECRET, auth="keys", redis_url=None)
    async with container.open_service(settings) as use_cases:
        authenticate = use_cases.authenticate()
        shown = [await authenticate(token) for token in (made["key"], made["operator_key"], key["key"])]
        assert [(str(one.tenant), one.role, one.operator) for one in shown] == [
            (made["id"], "owner", False),
            ("None", None, True),
            (made["id"], "member", False),
        ]
        listed = await aelus(database_address, "keys", "list", "--tenant", made["id"])
        assert key["prefix"] in listed
        assert key["key"] not in listed
        await aelus(database_address, "keys", "revoke", key["id"], "--tenant", made["id"])
        await aelus(database_address, "tenants", "delete", made["id"])
        authenticate.forget()
        for token in (made["key"], key["key"]):
            with pytest.raises(NotAuthenticated):
                await authenticate(token)
    assert "(deleted)" in await aelus(database_address, "tenants", "list")
    await aelus(database_address, "tenants", "purge", made["id"])
    assert made["id"] not in await aelus(database_address, "tenants", "list")
    assert "There is no tenant" in await aelus(database_address, "tenants", "restore", made["id"], code=1)
