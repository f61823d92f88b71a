"""Access tokens of this service: what they open, and what ends them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import uuid4

import httpx2
import jwt
import pytest

from aelus.adapters import memory
from aelus.adapters.cryptography import AesGcmCipher
from aelus.adapters.pyjwt import JwtIssuer, JwtProviders, TrustedIssuer
from aelus.adapters.pyjwt import issuer as issuing
from aelus.domain.access_tokens import AccessToken
from aelus.domain.identity import Role, Scope
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import Misconfigured, NotAuthenticated
from foreign_issuer import ISSUER, ForeignIssuer
from keyed_service import API, Team, bearer, keyed_client, make_team, operator_key


@pytest.fixture
async def http(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    async with keyed_client(use_cases, memory_settings) as client:
        yield client


@pytest.fixture
async def team(use_cases: UseCases) -> Team:
    return await make_team(use_cases, "team")


async def exchanged(http: httpx2.AsyncClient, headers: dict[str, str], **body: object) -> httpx2.Response:
    return await http.post(f"{API}/auth/token", json=body, headers=headers)


async def status(http: httpx2.AsyncClient, headers: dict[str, str], path: str = "/stats") -> int:
    return (await http.get(API + path, headers=headers)).status_code


async def test_a_key_is_exchanged_for_a_token_that_opens_the_same(http: httpx2.AsyncClient, team: Team) -> None:
    answer = (await exchanged(http, team.headers(Role.ADMIN))).json()
    assert (answer["token_type"], answer["expires_in"], answer["scope"]) == ("Bearer", 900, "administer index read")
    token = bearer(answer["access_token"])
    own = (await http.get(f"{API}/tenants/me", headers=token)).json()
    assert (own["id"], own["role"], own["scopes"]) == (str(team.id), "admin", ["administer", "index", "read"])
    assert await status(http, token, "/users") == 200


async def test_a_token_says_what_the_surface_promises(http: httpx2.AsyncClient, team: Team) -> None:
    text = (await exchanged(http, team.headers(Role.READER))).json()["access_token"]
    keys = jwt.PyJWKSet.from_dict((await http.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(text, keys[jwt.get_unverified_header(text)["kid"]], algorithms=["EdDSA"], audience="aelus", issuer="aelus")
    assert {"sub", "tenant_id", "roles", "scope", "iat", "exp", "jti"} <= claims.keys()
    assert (claims["tenant_id"], claims["roles"], claims["scope"]) == (str(team.id), ["reader"], "read")
    assert team.keys[Role.READER].rpartition("_")[2] not in json.dumps(claims)


async def test_a_token_has_the_scopes_that_were_asked_for_and_no_others(http: httpx2.AsyncClient, team: Team) -> None:
    narrow = bearer((await exchanged(http, team.headers(), scopes=["index"])).json()["access_token"])
    assert [await status(http, narrow), await status(http, narrow, "/users")] == [403, 403]
    assert (await exchanged(http, team.headers(Role.READER), scopes=["index"])).status_code == 403
    assert (await exchanged(http, team.headers(), scopes=[])).status_code == 422
    assert (await exchanged(http, team.headers(), expires_in=3601)).status_code == 422


async def test_a_token_is_no_key(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    token = bearer((await exchanged(http, team.headers())).json()["access_token"])
    assert (await exchanged(http, token)).status_code == 403
    assert (await exchanged(http, bearer(await operator_key(use_cases)))).status_code == 403


async def test_a_token_ends_with_its_key(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    for ending in ("revoke", "rotate"):
        key = (await http.post(f"{API}/api-keys", json={"name": "ci"}, headers=team.headers())).json()
        token = bearer((await exchanged(http, bearer(key["key"]))).json()["access_token"])
        assert await status(http, token) == 200
        if ending == "revoke":
            await http.delete(f"{API}/api-keys/{key['id']}", headers=team.headers())
        else:
            await http.post(f"{API}/api-keys/{key['id']}/rotate", headers=team.headers())
        assert await status(http, token) == 401, ending
    last = bearer((await exchanged(http, team.headers())).json()["access_token"])
    await use_cases.change_tenants()(team.id, deleted=True)
    use_cases.authenticate().forget()
    assert await status(http, last) == 401


async def test_a_token_is_revoked_by_itself_or_by_its_tenant_alone(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    other = await make_team(use_cases, "other")
    first, second = [(await exchanged(http, team.headers())).json()["access_token"] for _ in range(2)]
    for headers, body, left in (
        (other.headers(), {"token": second}, [200, 200]),
        (bearer(first), {}, [401, 200]),
        (team.headers(Role.READER), {"token": second}, [401, 401]),
        (team.headers(), {"token": "nonsense"}, [401, 401]),
    ):
        assert (await http.post(f"{API}/auth/revoke", json=body, headers=headers)).status_code == 204
        assert [await status(http, bearer(token)) for token in (first, second)] == left


async def test_a_key_in_place_of_a_token_is_refused_and_what_to_send_is_said(http: httpx2.AsyncClient, team: Team) -> None:
    for body in ({}, {"token": team.keys[Role.READER]}):
        refused = await http.post(f"{API}/auth/revoke", json=body, headers=team.headers())
        assert refused.status_code == 422
        assert "Name the `token`" in refused.text
    assert await status(http, team.headers()) == 200


async def test_where_tokens_come_from_is_told(http: httpx2.AsyncClient) -> None:
    refused = await http.post("/mcp")
    assert 'resource_metadata="http://127.0.0.1/.well-known/oauth-protected-resource"' in refused.headers["www-authenticate"]
    for path, resource in (("", ""), ("/mcp", "/mcp")):
        found = (await http.get(f"/.well-known/oauth-protected-resource{path}")).json()
        assert found["resource"] == f"http://127.0.0.1{resource}"
        assert (found["authorization_servers"], found["scopes_supported"]) == ([], ["read", "index", "administer"])
    published = (await http.get("/.well-known/jwks.json")).json()["keys"]
    assert [set(key) for key in published] == [{"kty", "crv", "x", "kid", "use", "alg"}]


class Issuing:
    """Two processes that share their keys and a clock."""

    def __init__(self, key: str = "key " * 8) -> None:
        self.clock, self.store = memory.SettableClock(), memory.MemorySigningKeyStore(memory.MemoryDatabase())
        self.here, self.there = (JwtIssuer(keys=self.store, cipher=AesGcmCipher(lambda: key), clock=self.clock) for _ in range(2))

    def token(self) -> AccessToken:
        now = self.clock.now()
        return AccessToken(
            id=uuid4().hex,
            key_prefix="0" * 12,
            tenant=uuid4(),
            subject="key:1",
            role=Role.READER,
            scopes=frozenset((Scope.READ,)),
            issued_at=now,
            expires_at=now + timedelta(minutes=15),
        )


async def test_what_one_process_signs_another_one_reads() -> None:
    service = Issuing()
    service.clock.advance(round((memory.SystemClock().now() - service.clock.now()).total_seconds()))
    token = service.token()
    text = await service.here.sign(token)
    assert await service.there.read(text) == token
    assert service.there.issued(text)


async def test_keys_rotate_and_old_ones_check_for_a_day() -> None:
    service = Issuing()
    first = (await service.here.public_keys())[0]["kid"]
    service.clock.advance(issuing.SIGNS_FOR.total_seconds() - 1)
    assert [key["kid"] for key in await service.here.public_keys()] == [first]
    service.clock.advance(1)
    second = await service.here.public_keys()
    assert [key["kid"] for key in second][1:] == [first]
    assert second[0]["kid"] == jwt.get_unverified_header(await service.here.sign(service.token()))["kid"] != first
    service.clock.advance(timedelta(days=1).total_seconds())
    assert [key["kid"] for key in await service.here.public_keys()] == [second[0]["kid"]]


async def test_private_keys_lie_sealed() -> None:
    service = Issuing()
    await service.here.public_keys()
    stored = (await service.store.live(service.clock.now()))[0]
    assert b"PRIVATE" not in stored.sealed
    stranger = JwtIssuer(keys=service.store, cipher=AesGcmCipher(lambda: "other " * 8), clock=service.clock)
    with pytest.raises(Misconfigured):
        await stranger.sign(service.token())


async def test_a_token_of_another_service_is_refused() -> None:
    mine, theirs = Issuing(), Issuing()
    await mine.here.public_keys()
    with pytest.raises(NotAuthenticated):
        await mine.here.read(await theirs.here.sign(theirs.token()))


@pytest.fixture
def issuer(use_cases: UseCases) -> ForeignIssuer:
    """An external one, that the service believes."""
    found = ForeignIssuer()
    trusted = TrustedIssuer(
        issuer=ISSUER, audience="aelus", algorithms=("RS256",), tenant_claim="org", roles_claim="roles", groups_claim="groups"
    )
    for asks in (use_cases.authenticate(), use_cases.revoke_token()):
        asks._providers = JwtProviders([trusted], transport=found.transport())
    return found


async def test_a_token_of_an_external_issuer_is_revoked_by_its_id(http: httpx2.AsyncClient, team: Team, issuer: ForeignIssuer) -> None:
    first, second, nameless = (issuer.sign(org=str(team.id), roles="reader", jti=name) for name in ("1", "2", None))
    assert (await http.post(f"{API}/auth/revoke", json={}, headers=bearer(first))).status_code == 204
    assert (await http.post(f"{API}/auth/revoke", json={"token": nameless}, headers=team.headers())).status_code == 422
    assert [await status(http, bearer(token)) for token in (first, second, nameless)] == [401, 200, 200]


async def test_a_refused_token_stays_refused_as_long_as_clocks_may_differ(use_cases: UseCases, team: Team, issuer: ForeignIssuer) -> None:
    late = [issuer.sign(org=str(team.id), roles="reader", jti=name, lasts=timedelta(seconds=-10)) for name in ("1", "2")]
    by = await use_cases.authenticate()(team.keys[Role.OWNER])
    for token in late:
        await use_cases.revoke_token()(by, token)
    with pytest.raises(NotAuthenticated):
        await use_cases.authenticate()(late[0])


async def test_members_of_an_external_issuer_come_in(
    use_cases: UseCases, memory_settings: Settings, team: Team, issuer: ForeignIssuer
) -> None:
    async with keyed_client(use_cases, memory_settings) as http:
        owner = team.headers()
        repository = (await http.post(f"{API}/repositories", json={"git_url": "https://git.example/shop"}, headers=owner)).json()["id"]
        group = (await http.post(f"{API}/groups", json={"name": "backend"}, headers=owner)).json()["id"]
        await http.put(f"{API}/groups/{group}/repositories", json={"repository_ids": [repository]}, headers=owner)
        org = str(team.id)
        for claims, seen in (
            ({"roles": "reader", "groups": ["backend"]}, ["shop"]),
            ({"roles": "reader", "groups": []}, []),
            ({"roles": ["admin"]}, ["shop"]),
        ):
            token = bearer(issuer.sign(org=org, **claims))
            assert [one["name"] for one in (await http.get(f"{API}/repositories", headers=token)).json()["items"]] == seen
        assert await status(http, bearer(issuer.sign(org=org))) == 403
        assert await status(http, bearer(issuer.sign(org=str(uuid4()), roles="owner"))) == 401
        ada = {"name": "ada", "role": "reader", "external": f"{ISSUER} 7"}
        await http.post(f"{API}/users", json=ada, headers=owner)
        token = bearer(issuer.sign(org=org, roles="owner"))
        assert (await http.get(f"{API}/tenants/me", headers=token)).json()["role"] == "reader"
        assert (await exchanged(http, token)).status_code == 403
