"""Credentials that are wrong in every way there is, at every operation: nobody gets in, and nobody is told why."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from dependency_injector import providers

from aelus.application.authenticate import Authenticate
from aelus.domain.access_tokens import AccessToken
from aelus.domain.identity import Caller, Role
from aelus.entrypoints.http.operations import OPERATIONS
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import NotAuthenticated
from foreign_issuer import unsigned
from isolation_world import Tally, World
from keyed_service import API, bearer, make_key
from request_samples import nobodys, sample

UNSHOWN = ("nothing", "a password", "a cookie", "two credentials", "a public part alone")
"""Who shows none is told so."""
CLOSED = [operation for operation in OPERATIONS if operation.admission is not Caller.ANYONE]


def claims(world: World, **other: object) -> dict[str, object]:
    """What a token of an owner would say."""
    now = int(time.time())
    whole = {"iss": "aelus", "aud": "aelus", "sub": "x", "jti": uuid4().hex, "iat": now, "exp": now + 600, "roles": ["owner"]}
    return {**whole, "scope": "read index administer", "tenant_id": world.theirs.ids["tenant"], "key": "0" * 12, **other}


async def good_token(world: World, **given: object) -> str:
    """One that is signed rightly, for a key that is there."""
    tenant = world.theirs.team.id
    key = (await world.use_cases.read_members().keys(tenant)).items[0]
    now = datetime.now(UTC).replace(microsecond=0)
    values: dict[str, object] = {
        "id": uuid4().hex,
        "key_prefix": key.prefix,
        "tenant": tenant,
        "subject": "x",
        "role": Role.OWNER,
        "scopes": Role.OWNER.scopes,
        "issued_at": now,
        "expires_at": now + timedelta(minutes=5),
        **given,
    }
    text: str = await world.use_cases.ports().tokens.sign(AccessToken(**values))  # type: ignore[arg-type] # by name
    return text


async def bad_credentials(world: World) -> dict[str, Mapping[Any, Any]]:
    """By name: what is wrong with them."""
    tokens = await bad_tokens(world)
    key = world.theirs.team.keys[Role.OWNER]
    prefix, _, secret = key.rpartition("_")
    tokens |= {
        "a key with another secret": f"{prefix}_{'0' * 64}",
        "a key with a cut secret": key[:-1],
        "a key with a longer secret": f"{key}0",
        "a key in capitals": key.upper(),
        "a public part alone": f"{prefix}_",
        "a secret alone": secret,
        "a key as an operator's": key.replace("aelus_", "aelus_operator_"),
        "an operator's key as a tenant's": world.operator["Authorization"].removeprefix("Bearer ").replace("operator_", ""),
        "text that is no key": "aelus_' or '1'='1",
        "a tenant's id": world.theirs.ids["tenant"],
    }
    shown: dict[str, Mapping[Any, Any]] = {name: bearer(token) for name, token in tokens.items()}
    return shown | {
        "nothing": {},
        "a password": {"Authorization": "Basic " + base64.b64encode(f"x:{key}".encode()).decode()},
        "a cookie": {"Cookie": f"token={key}"},
        "two credentials": {**bearer(key), "X-API-Key": world.mine.team.keys[Role.OWNER]},
        "bytes": {b"Authorization": b"Bearer \xff\xfe"},
    }


async def bad_tokens(world: World) -> dict[str, str]:
    stranger = Ed25519PrivateKey.generate()
    good = await good_token(world)
    kid, published = jwt.get_unverified_header(good)["kid"], await world.use_cases.ports().tokens.public_keys()
    head, body, signature = good.split(".")
    forged = await good_token(world, tenant=world.mine.team.id)
    headers = {"kid": kid, "typ": "at+jwt"}
    return {
        "of another key": jwt.encode(claims(world), stranger, algorithm="EdDSA", headers=headers),
        "of an unknown key": jwt.encode(claims(world), stranger, algorithm="EdDSA", headers={**headers, "kid": "x"}),
        "without a key's name": jwt.encode(claims(world), stranger, algorithm="EdDSA", headers={"typ": "at+jwt"}),
        "alg none": unsigned(claims(world), {**headers, "alg": "none"}),
        "alg NONE": unsigned(claims(world), {**headers, "alg": "NONE"}),
        "key confusion": _confused(claims(world), headers, json.dumps(published[0]).encode()),
        "key confusion, bare": _confused(claims(world), headers, base64.urlsafe_b64decode(published[0]["x"] + "==")),
        "another's signature": ".".join((*forged.split(".")[:2], signature)),
        "another tenant's key": forged,
        "no signature": f"{head}.{body}.",
        "a cut signature": good[:-4],
        "a changed body": f"{head}.{_encoded(claims(world))}.{signature}",
        "expired": await good_token(world, expires_at=datetime.now(UTC) - timedelta(minutes=1)),
        "made in the future": await good_token(world, issued_at=datetime.now(UTC) + timedelta(minutes=10)),
        "of a key that is not there": await good_token(world, key_prefix="f" * 12),
        "two parts": f"{head}.{body}",
        "four parts": f"{good}.x",
        "no base64": "!.!.!",
        "three dots": "...",
    }


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def _confused(body: object, headers: dict[str, str], secret: bytes) -> str:
    signed = f"{_encoded({**headers, 'alg': 'HS256'})}.{_encoded(body)}"
    return f"{signed}.{base64.urlsafe_b64encode(hmac.new(secret, signed.encode(), hashlib.sha256).digest()).decode().rstrip('=')}"


async def test_no_bad_credential_opens_any_operation(world: World) -> None:
    tally, shown = Tally("credentials"), await bad_credentials(world)
    for operation in CLOSED:
        one = sample(operation, nobodys())
        for name, headers in shown.items():
            response = await world.ask(one, headers)
            tally.check(response.status_code == 401, f"{name} at {operation.name}: {response.status_code} {response.text[:200]}")
    details = {
        (await world.http.get(f"{API}/stats", headers=headers)).json()["detail"] for name, headers in shown.items() if name not in UNSHOWN
    }
    tally.check(len(details) == 1, f"refusals tell what is wrong: {details}")
    tally.close()


async def test_what_the_bad_ones_were_made_from_is_good(world: World) -> None:
    for headers in (bearer(await good_token(world)), world.theirs.callers["owner"], {"X-API-Key": world.theirs.team.keys[Role.OWNER]}):
        assert (await world.http.get(f"{API}/tenants/me", headers=headers)).json()["id"] == world.theirs.ids["tenant"]


async def test_a_revoked_key_ends_within_seconds_on_every_process(world: World) -> None:
    """Another process remembers for itself: use cases of its own, over the same stores."""
    use, tenant = world.use_cases, world.mine.team.id
    key = await make_key(use, tenant, Role.READER)
    there = UseCases(ports=providers.Object(use.ports())).authenticate()
    found = await there(key)
    assert (await use.authenticate()(key)).key_id == found.key_id
    began = time.monotonic()
    assert (await world.http.delete(f"{API}/api-keys/{found.key_id}", headers=world.mine.callers["owner"])).status_code == 204
    assert (await world.http.get(f"{API}/stats", headers=bearer(key))).status_code == 401
    for _ in range(90):
        if not await opens(there, key):
            break
        await asyncio.sleep(0.1)
    assert not await opens(there, key)
    assert time.monotonic() - began < 10


async def opens(authenticate: Authenticate, key: str) -> bool:
    try:
        await authenticate(key)
    except NotAuthenticated:
        return False
    return True
