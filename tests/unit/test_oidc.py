"""Tokens of external issuers: believed exactly as far as the settings say."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aelus.adapters.pyjwt import JwtProviders, TrustedIssuer, key_sets
from aelus.domain.identity import Role
from aelus.entrypoints import container
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import Misconfigured, NotAuthenticated, Unavailable
from foreign_issuer import ISSUER, ForeignIssuer, unsigned

TENANT = UUID("10000000-0000-4000-8000-000000000001")


@pytest.fixture
def issuer() -> ForeignIssuer:
    return ForeignIssuer()


def believing(issuer: ForeignIssuer, **given: object) -> JwtProviders:
    wanted: dict[str, object] = {"tenant_claim": "org", "algorithms": ("RS256",), **given}
    return JwtProviders([TrustedIssuer(issuer=ISSUER, audience="aelus", **wanted)], transport=issuer.transport())  # type: ignore[arg-type] # by name


async def refuses(providers: JwtProviders, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        await providers.identify(token)


async def test_a_token_says_who_and_of_which_tenant(issuer: ForeignIssuer) -> None:
    providers = believing(issuer, roles_claim="roles", groups_claim="groups")
    found = await providers.identify(issuer.sign(org=str(TENANT), roles=["reader", "admin", "king"], groups=["a", 3], jti="t"))
    assert (found.issuer, found.subject, found.tenant, found.token_id) == (ISSUER, "7", TENANT, "t")
    assert (found.role, found.groups) == (Role.ADMIN, ("a",))


@pytest.mark.parametrize(
    ("value", "tenant"), [("acme", TENANT), ("other", None), (str(TENANT), None), (["acme"], None), (None, None), (7, None)]
)
async def test_a_claim_is_mapped_to_a_tenant_or_refused(issuer: ForeignIssuer, value: object, tenant: UUID | None) -> None:
    providers = believing(issuer, tenants={"acme": TENANT})
    token = issuer.sign(org=value)
    if tenant is None:
        await refuses(providers, token)
    else:
        assert (await providers.identify(token)).tenant == tenant


async def test_without_claims_for_them_an_issuer_decides_nothing_of_roles_and_groups(issuer: ForeignIssuer) -> None:
    found = await believing(issuer, tenant=TENANT, tenant_claim="").identify(issuer.sign(roles=["owner"], groups=["a"], org=str(uuid4())))
    assert (found.tenant, found.role, found.groups) == (TENANT, None, None)


def confused(issuer: ForeignIssuer) -> str:
    """The public key as the secret of an HMAC: whoever takes the algorithm from the token falls for it."""
    head, body = (jwt.utils.base64url_encode(json.dumps(part).encode()) for part in ({"alg": "HS256", "kid": "one"}, claims()))
    signature = hmac.new(issuer.public_pem(), head + b"." + body, hashlib.sha256).digest()
    return b".".join((head, body, jwt.utils.base64url_encode(signature))).decode()


def claims(**other: object) -> dict[str, object]:
    now = int(datetime.now(UTC).timestamp())
    return {"iss": ISSUER, "aud": "aelus", "sub": "7", "iat": now, "exp": now + 300, "org": str(TENANT), **other}


def stolen_signature(issuer: ForeignIssuer) -> str:
    good, other = issuer.sign(org=str(TENANT)), issuer.sign(org=str(uuid4()))
    return ".".join((*other.split(".")[:2], good.split(".")[2]))


BAD: dict[str, Callable[[ForeignIssuer], str]] = {
    "another audience": lambda i: i.sign(org=str(TENANT), aud="other"),
    "no audience": lambda i: i.sign(org=str(TENANT), aud=None),
    "another issuer": lambda i: i.sign(org=str(TENANT), iss="https://evil.example"),
    "expired": lambda i: i.sign(org=str(TENANT), lasts=timedelta(seconds=-40)),
    "no end": lambda i: i.sign(org=str(TENANT), exp=None),
    "no beginning": lambda i: i.sign(org=str(TENANT), iat=None),
    "no subject": lambda i: i.sign(org=str(TENANT), sub=None),
    "not yet": lambda i: i.sign(org=str(TENANT), nbf=datetime.now(UTC) + timedelta(minutes=2)),
    "made in the future": lambda i: i.sign(org=str(TENANT), iat=datetime.now(UTC) + timedelta(minutes=2)),
    "another algorithm": lambda i: i.sign(org=str(TENANT), algorithm="RS512"),
    "alg none": lambda _: unsigned(claims(), {"alg": "none", "kid": "one"}),
    "alg None": lambda _: unsigned(claims(), {"alg": "None", "typ": "JWT"}),
    "no alg": lambda _: unsigned(claims(), {"kid": "one"}),
    "key confusion": confused,
    "another token's signature": stolen_signature,
    "no signature": lambda i: i.sign(org=str(TENANT)).rpartition(".")[0] + ".",
    "two parts": lambda i: i.sign(org=str(TENANT)).rpartition(".")[0],
    "no token": lambda _: "a.b.c",
    "nothing": lambda _: "",
    "an embedded key": lambda _: unsigned(claims(), {"alg": "RS256", "kid": "one", "jwk": {"kty": "oct", "k": "AA"}}),
    "a critical extension": lambda _: unsigned(claims(), {"alg": "RS256", "kid": "one", "crit": ["x"], "x": 1}),
    "a logout token": lambda i: i.sign(org=str(TENANT), kind="logout+jwt"),
    "a security event": lambda i: i.sign(org=str(TENANT), kind="application/secevent+jwt"),
    "deep": lambda _: unsigned({"iss": ISSUER, "a": "[" * 3000}, {"alg": "RS256"}),
    "an end that is no time": lambda i: i.sign(org=str(TENANT), exp=10**30),
    "an id that is no text": lambda _: unsigned(claims(), {"alg": "RS256", "kid": {"a": 1}}),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_token_that_does_not_hold_is_refused(issuer: ForeignIssuer, name: str) -> None:
    await refuses(believing(issuer), BAD[name](issuer))


@pytest.mark.parametrize("kind", ["JWT", "jwt", "at+jwt", "application/at+jwt"])
async def test_a_token_may_call_itself_one_for_access(issuer: ForeignIssuer, kind: str) -> None:
    assert (await believing(issuer).identify(issuer.sign(org=str(TENANT), kind=kind))).tenant == TENANT


async def test_clocks_may_differ_by_seconds(issuer: ForeignIssuer) -> None:
    assert (await believing(issuer).identify(issuer.sign(org=str(TENANT), lasts=timedelta(seconds=-10)))).tenant == TENANT


async def test_the_key_set_is_fetched_once_and_again_for_a_new_key(issuer: ForeignIssuer) -> None:
    providers = believing(issuer, algorithms=("RS256", "EdDSA"))
    for _ in range(3):
        await providers.identify(issuer.sign(org=str(TENANT)))
    assert issuer.fetched == [f"{ISSUER}/.well-known/openid-configuration", f"{ISSUER}/keys"]
    issuer.keys = {"two": Ed25519PrivateKey.generate()}
    token = issuer.sign(key="two", algorithm="EdDSA", org=str(TENANT))
    await refuses(providers, token)
    assert len(issuer.fetched) == 2, "unknown keys do not make it fetch all the time"
    providers._keys[ISSUER]._tried_at -= key_sets.RELOAD_S
    assert (await providers.identify(token)).tenant == TENANT
    await refuses(providers, issuer.sign(key="two", algorithm="EdDSA", org=str(TENANT))[:-8])


async def test_old_keys_serve_while_the_issuer_is_away(issuer: ForeignIssuer) -> None:
    providers = believing(issuer)
    await providers.identify(issuer.sign(org=str(TENANT)))
    issuer.answer = lambda _: httpx2.Response(503)
    key_set = providers._keys[ISSUER]
    key_set._fetched_at -= key_sets.FRESH_S + 1
    key_set._tried_at -= key_sets.FRESH_S + 1
    assert (await providers.identify(issuer.sign(org=str(TENANT)))).tenant == TENANT
    key_set._fetched_at -= key_sets.STALE_S
    key_set._tried_at -= key_sets.STALE_S
    for _ in range(2):
        with pytest.raises(Unavailable):
            await providers.identify(issuer.sign(org=str(TENANT)))


async def test_an_issuer_that_answers_drop_by_drop_is_given_up(issuer: ForeignIssuer) -> None:
    issuer.answer = lambda _: httpx2.Response(200, content=drops())
    with pytest.raises(Unavailable):
        await key_sets.KeySet(ISSUER, transport=issuer.transport(), timeout_s=0.02).find("one")


async def drops() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(0.01)
        yield b" "


LYING = {
    "another issuer's document": lambda _: httpx2.Response(200, json={"issuer": "https://evil.example", "jwks_uri": f"{ISSUER}/keys"}),
    "keys on another server": lambda _: httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": "http://169.254.169.254/keys"}),
    "a redirect": lambda _: httpx2.Response(302, headers={"Location": "http://127.0.0.1/"}),
    "an endless answer": lambda _: httpx2.Response(200, content=b" " * (key_sets.MAX_BYTES + 1)),
    "no json": lambda _: httpx2.Response(200, content=b"{"),
    "no object": lambda _: httpx2.Response(200, json=[1]),
    "an address that is none": lambda _: httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": 7}),
    "an address that cannot be": lambda _: httpx2.Response(200, json={"issuer": ISSUER, "jwks_uri": f"{ISSUER}/\n"}),
    "depth": lambda _: httpx2.Response(200, content=b"[" * 100_000),
}


@pytest.mark.parametrize("name", LYING)
async def test_an_issuer_that_answers_otherwise_is_not_believed(issuer: ForeignIssuer, name: str) -> None:
    issuer.answer = LYING[name]
    with pytest.raises(Unavailable):
        await believing(issuer).identify(issuer.sign(org=str(TENANT)))
    assert all(url.startswith(ISSUER) for url in issuer.fetched)


async def test_a_key_set_elsewhere_is_believed_where_the_settings_say_so(issuer: ForeignIssuer) -> None:
    found = await believing(issuer, jwks_url="https://keys.example/set").identify(issuer.sign(org=str(TENANT)))
    assert (found.tenant, issuer.fetched) == (TENANT, ["https://keys.example/set"])


def test_settings_name_issuers_safely(monkeypatch: pytest.MonkeyPatch) -> None:
    good = {"issuer": ISSUER, "audience": "aelus", "tenant_claim": "org", "tenants": {"acme": str(TENANT)}}
    monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([good]))
    assert load_settings().oidc_issuers[0].algorithms == ("RS256",)
    wrongs: tuple[dict[str, object], ...] = (
        {"issuer": "http://id.example"},
        {"tenant_claim": ""},
        {"tenant": str(TENANT)},
        {"algorithms": ["HS256"]},
        {"algorithms": ["none"]},
        {"tenants": {}},
        {"any_tenant": True},
    )
    for wrong in wrongs:
        monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([good | wrong]))
        with pytest.raises(Misconfigured, match="AELUS_OIDC_ISSUERS"):
            load_settings()
    monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([good, good | {"audience": "other"}]))
    with pytest.raises(Misconfigured, match="named twice"):
        load_settings()


def test_an_issuer_speaks_for_every_tenant_only_where_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"issuer": ISSUER, "audience": "aelus", "tenant_claim": "org"}
    monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([given | {"any_tenant": True}]))
    assert load_settings().oidc_issuers[0].any_tenant
    monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([given]))
    with pytest.raises(Misconfigured, match="any_tenant"):
        load_settings()


async def test_the_issuers_of_the_settings_are_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"issuer": ISSUER, "audience": "aelus", "tenant_claim": "org", "any_tenant": True}
    monkeypatch.setenv("AELUS_OIDC_ISSUERS", json.dumps([given]))
    async with container.open_memory(load_settings()) as use_cases:
        with pytest.raises(NotAuthenticated):
            await use_cases.ports().providers.identify(unsigned(claims(), {"alg": "none"}))
