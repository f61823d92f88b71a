"""`aelus tenants` and `aelus keys` as a platform team uses them, over a database of their own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import NotAuthenticated

SECRET = "a key for tests " * 3


async def aelus(address: str, *arguments: str, code: int = 0) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AELUS_", "VOYAGE_"))}
    given = {"AELUS_DATABASE_URL": address, "AELUS_SECRET_KEY": SECRET, "AELUS_AUTH": "keys"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "aelus", *arguments, env=kept | given, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    output, complaints = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode == code, complaints.decode()
    return output.decode() or complaints.decode()


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
