"""Tenants, members and keys over HTTP, where everybody shows a credential."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx2
import pytest

from aelus.domain.identity import Caller, Role, Scope
from aelus.entrypoints.http.operations import OPERATIONS
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from keyed_service import API, Team, bearer, keyed_client, make_key, make_team, operator_key

NO_ID = "00000000-0000-4000-8000-00000000dead"


@pytest.fixture
async def http(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    async with keyed_client(use_cases, memory_settings) as client:
        yield client


@pytest.fixture
async def team(use_cases: UseCases) -> Team:
    return await make_team(use_cases, "team")


@pytest.fixture
async def operator(use_cases: UseCases) -> dict[str, str]:
    return bearer(await operator_key(use_cases))


IDS = dict.fromkeys(("repository_id", "job_id", "tenant_id", "user_id", "group_id", "key_id"), NO_ID)


async def status_of(http: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]) -> int:
    filled = path.format(**IDS, node_id="0" * 32, purpose="webhook", provider="github")
    return (await http.request(method, API + filled, headers=headers)).status_code


async def test_every_operation_decides_before_it_looks_at_anything(http: httpx2.AsyncClient, team: Team, operator: dict[str, str]) -> None:
    """Each operation for nobody, a wrong key, each role, an operator: 401 and 403 exactly where the table says so."""
    for operation in OPERATIONS:
        if operation.admission is Caller.ANYONE:
            continue
        for headers in ({}, bearer("aelus_" + "0" * 12 + "_" + "0" * 64), bearer("x.y.z")):
            assert await status_of(http, operation.method, operation.path, headers) == 401, operation.name
        for role in Role:
            allowed = operation.admission in (Caller.MEMBER, *role.scopes)
            status = await status_of(http, operation.method, operation.path, team.headers(role))
            assert (status not in (401, 403)) is allowed, (operation.name, role, status)
        status = await status_of(http, operation.method, operation.path, operator)
        assert (status not in (401, 403)) is (operation.admission is Caller.OPERATOR), operation.name


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic YWVsdXM6YWVsdXM="},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer"},
        {"X-API-Key": ""},
        {"X-API-Key": "x" * 10_000},
        {"Authorization": "Bearer a", "X-API-Key": "b"},
    ],
)
async def test_who_shows_nothing_is_asked_for_a_credential(http: httpx2.AsyncClient, headers: dict[str, str]) -> None:
    response = await http.get(f"{API}/stats", headers=headers)
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer ")


async def test_a_key_may_come_in_either_header_or_both(http: httpx2.AsyncClient, team: Team) -> None:
    key = team.keys[Role.READER]
    for headers in (bearer(key), {"X-API-Key": key}, bearer(key) | {"X-API-Key": key}, {"Authorization": f"bearer {key}"}):
        assert (await http.get(f"{API}/stats", headers=headers)).status_code == 200


async def test_the_tenant_that_is_named_must_be_that_of_the_key(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    other = await make_team(use_cases, "other")
    for named, status in ((str(team.id), 200), (str(team.id).upper(), 200), (str(other.id), 403), (NO_ID, 403), ("", 403)):
        response = await http.get(f"{API}/stats", headers=team.headers() | {"X-Tenant-ID": named})
        assert response.status_code == status
    both = [*team.headers().items(), ("X-Tenant-ID", str(team.id)), ("X-Tenant-ID", str(other.id))]
    assert (await http.get(f"{API}/stats", headers=both)).status_code == 403


async def test_a_scope_that_is_missing_is_named(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    key = await make_key(use_cases, team.id, Role.OWNER, scopes=frozenset((Scope.INDEX,)))
    response = await http.get(f"{API}/stats", headers=bearer(key))
    assert (response.status_code, response.headers["www-authenticate"]) == (403, 'Bearer error="insufficient_scope", scope="read"')


async def test_an_operator_makes_renames_deletes_and_brings_back_a_tenant(http: httpx2.AsyncClient, operator: dict[str, str]) -> None:
    made = (await http.post(f"{API}/admin/tenants", json={"name": "new"}, headers=operator)).json()
    key, place = bearer(made["api_key"]["key"]), f"{API}/admin/tenants/{made['id']}"
    own = (await http.get(f"{API}/tenants/me", headers=key)).json()
    assert (own["id"], own["name"], own["role"], own["all_repositories"]) == (made["id"], "new", "owner", True)
    assert (await http.patch(place, json={"name": "newer"}, headers=operator)).json()["name"] == "newer"
    assert (await http.delete(place, headers=operator)).status_code == 204
    assert (await http.get(f"{API}/tenants/me", headers=key)).status_code == 401
    assert (await http.get(place, headers=operator)).json()["deleted_at"]
    assert (await http.patch(place, json={"deleted": False}, headers=operator)).json()["deleted_at"] is None
    assert (await http.get(f"{API}/tenants/me", headers=key)).status_code == 200
    listed = (await http.get(f"{API}/admin/tenants", headers=operator)).json()["items"]
    assert [tenant["name"] for tenant in listed] == ["local", "newer"]
    assert "key" not in str(listed)


async def test_a_key_is_made_shown_once_rotated_and_revoked(http: httpx2.AsyncClient, team: Team) -> None:
    admin = team.headers(Role.ADMIN)
    made = (await http.post(f"{API}/api-keys", json={"name": "ci", "role": "member", "expires_in_days": 30}, headers=admin)).json()
    assert (await http.get(f"{API}/stats", headers=bearer(made["key"]))).status_code == 200
    listed = (await http.get(f"{API}/api-keys", headers=admin)).text
    assert made["prefix"] in listed
    assert made["key"] not in listed
    rotated = (await http.post(f"{API}/api-keys/{made['id']}/rotate", headers=admin)).json()
    assert [(await http.get(f"{API}/stats", headers=bearer(one["key"]))).status_code for one in (made, rotated)] == [401, 200]
    for _ in range(2):
        assert (await http.delete(f"{API}/api-keys/{made['id']}", headers=admin)).status_code == 204
    assert (await http.get(f"{API}/stats", headers=bearer(rotated["key"]))).status_code == 401


async def test_nobody_gives_a_role_above_their_own(http: httpx2.AsyncClient, team: Team) -> None:
    response = await http.post(f"{API}/api-keys", json={"name": "x", "role": "owner"}, headers=team.headers(Role.ADMIN))
    assert response.status_code == 403


async def test_members_groups_and_grants_are_kept(http: httpx2.AsyncClient, team: Team) -> None:
    owner = team.headers()
    repository = (await http.post(f"{API}/repositories", json={"git_url": "https://git.example/shop"}, headers=owner)).json()["id"]
    user = (await http.post(f"{API}/users", json={"name": "ada", "all_repositories": False}, headers=owner)).json()
    group = (await http.post(f"{API}/groups", json={"name": "backend"}, headers=owner)).json()
    mine, ours = f"{API}/users/{user['id']}", f"{API}/groups/{group['id']}"
    for place, name, body in ((mine, "repositories", [repository]), (ours, "repositories", [repository]), (ours, "members", [user["id"]])):
        field = "user_ids" if name == "members" else "repository_ids"
        assert (await http.put(f"{place}/{name}", json={field: body}, headers=owner)).status_code == 204
        assert (await http.get(f"{place}/{name}", headers=owner)).json() == {field: body}
    changed = (await http.patch(mine, json={"role": "member", "name": "ada l"}, headers=owner)).json()
    assert (changed["role"], changed["name"], changed["all_repositories"]) == ("member", "ada l", False)
    assert (await http.get(f"{API}/users", headers=owner)).json() == {"items": [changed], "next_cursor": None}
    for place in (mine, ours):
        assert (await http.delete(place, headers=owner)).status_code == 204
        assert (await http.delete(place, headers=owner)).status_code == 404


async def test_lists_go_on_where_a_page_ended(http: httpx2.AsyncClient, team: Team) -> None:
    owner = team.headers()
    for kind, names in (("users", ("a", "b", "c")), ("groups", ("a", "b", "c"))):
        for name in names:
            await http.post(f"{API}/{kind}", json={"name": name}, headers=owner)
    for kind, wanted in (("users", 3), ("groups", 3), ("api-keys", 5)):
        found: list[str] = []
        page = (await http.get(f"{API}/{kind}?limit=2", headers=owner)).json()
        found += [item["id"] for item in page["items"]]
        while page["next_cursor"]:
            page = (await http.get(f"{API}/{kind}?limit=2&cursor={page['next_cursor']}", headers=owner)).json()
            found += [item["id"] for item in page["items"]]
        assert (len(found), len(set(found))) == (wanted, wanted), kind


async def test_the_page_and_the_document_are_open(http: httpx2.AsyncClient) -> None:
    for path in ("/", f"{API}/docs", f"{API}/openapi.json", f"{API}/health"):
        assert (await http.get(path)).status_code == 200


async def test_agents_show_a_credential_too(http: httpx2.AsyncClient, team: Team, use_cases: UseCases) -> None:
    call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": "list_repositories", "arguments": {}}}
    accept = {"Accept": "application/json, text/event-stream", "MCP-Protocol-Version": "2025-06-18"}
    blind = await make_key(use_cases, team.id, Role.OWNER, scopes=frozenset((Scope.INDEX,)))
    statuses = [
        (await http.post("/mcp", json=call, headers=accept | headers)).status_code
        for headers in ({}, bearer(blind), team.headers(Role.READER), team.headers(Role.READER) | {"X-Tenant-ID": str(uuid4())})
    ]
    assert statuses == [401, 403, 200, 403]


async def test_a_member_who_sees_some_repositories_sees_no_trace_of_the_others(
    http: httpx2.AsyncClient, team: Team, use_cases: UseCases
) -> None:
    owner = team.headers()
    shown, hidden = [
        (await http.post(f"{API}/repositories", json={"git_url": f"https://git.example/{name}"}, headers=owner)).json()["id"]
        for name in ("shown", "hidden")
    ]
    user = (await http.post(f"{API}/users", json={"name": "ada", "role": "member", "all_repositories": False}, headers=owner)).json()["id"]
    await http.put(f"{API}/users/{user}/repositories", json={"repository_ids": [shown]}, headers=owner)
    ada = bearer(await make_key(use_cases, team.id, Role.MEMBER, user_id=UUID(user)))
    assert [one["name"] for one in (await http.get(f"{API}/repositories", headers=ada)).json()["items"]] == ["shown"]
    assert (await http.get(f"{API}/tenants/me", headers=ada)).json()["all_repositories"] is False
    asked = {"repository_id": hidden}
    statuses = [
        (await http.get(f"{API}/repositories/{hidden}", headers=ada)).status_code,
        (await http.post(f"{API}/ingest/repository", json=asked, headers=ada)).status_code,
        (await http.post(f"{API}/retrieve/search", json={"query": "x", "repository_ids": [hidden]}, headers=ada)).status_code,
        (await http.post(f"{API}/ingest/repository", json={"git_url": "https://git.example/hidden"}, headers=ada)).status_code,
        (await http.post(f"{API}/repositories", json={"git_url": "https://git.example/hidden"}, headers=ada)).status_code,
        (await http.patch(f"{API}/repositories/{shown}", json={"name": "hidden"}, headers=ada)).status_code,
        (await http.delete(f"{API}/repositories/{shown}", headers=ada)).status_code,
        (await http.post(f"{API}/ingest/repository", json={"repository_id": shown}, headers=ada)).status_code,
        (await http.post(f"{API}/ingest/repository", json={"repository_id": shown, "branch": "next"}, headers=ada)).status_code,
        (await http.get(f"{API}/tenants/me/quota", headers=ada)).status_code,
        (await http.get(f"{API}/tenants/me/usage", headers=ada)).status_code,
    ]
    assert statuses == [404, 404, 404, 403, 403, 403, 403, 202, 403, 403, 403]
    await http.put(f"{API}/users/{user}/repositories", json={"repository_ids": []}, headers=owner)
    assert (await http.get(f"{API}/repositories", headers=ada)).json()["items"] == []


async def following(
    http: httpx2.AsyncClient, owner: dict[str, str], reader: dict[str, str]
) -> tuple[str, str, asyncio.Task[httpx2.Response]]:
    """A repository, a job of it that waits, and somebody who follows the job."""
    asked = await http.post(f"{API}/repositories", json={"git_url": "https://git.example/shop"}, headers=owner)
    accepted = await http.post(f"{API}/ingest/repository", json={"repository_id": asked.json()["id"]}, headers=owner)
    place = f"{API}/ingest/jobs/{accepted.json()['job_id']}"
    stream = asyncio.create_task(http.get(f"{place}/events", headers=reader))
    await asyncio.sleep(0.1)
    return f"{API}/repositories/{asked.json()['id']}", place, stream


async def test_who_follows_a_job_is_told_no_more_when_their_key_ends(http: httpx2.AsyncClient, team: Team) -> None:
    made = (await http.post(f"{API}/api-keys", json={"name": "ci", "role": "reader"}, headers=team.headers())).json()
    _, job, stream = await following(http, team.headers(), bearer(made["key"]))
    await http.delete(f"{API}/api-keys/{made['id']}", headers=team.headers())
    await http.post(f"{job}/cancel", headers=team.headers())
    assert [line for line in (await stream).text.splitlines() if line.startswith("event")] == ["event: progress"]


async def test_a_stream_ends_with_the_repository_of_its_job(http: httpx2.AsyncClient, team: Team) -> None:
    repository, _, stream = await following(http, team.headers(), team.headers())
    await http.delete(repository, headers=team.headers())
    assert [line for line in (await stream).text.splitlines() if line.startswith("event")] == ["event: progress"]


async def test_no_tenant_takes_all_the_streams(use_cases: UseCases, memory_settings: Settings, team: Team) -> None:
    async with keyed_client(use_cases, memory_settings.model_copy(update={"max_requests": 20})) as http:
        _, job, first = await following(http, team.headers(), team.headers())
        second = asyncio.create_task(http.get(f"{job}/events", headers=team.headers()))
        await asyncio.sleep(0.1)
        assert (await http.get(f"{job}/events", headers=team.headers())).status_code == 429
        await http.post(f"{job}/cancel", headers=team.headers())
        assert [(await stream).status_code for stream in (first, second)] == [200, 200]
        assert (await http.get(f"{job}/events", headers=team.headers())).status_code == 200


async def test_an_admin_gets_no_key_in_the_name_of_an_owner(http: httpx2.AsyncClient, team: Team) -> None:
    boss = (await http.post(f"{API}/users", json={"name": "boss", "role": "owner"}, headers=team.headers())).json()["id"]
    wanted = {"name": "phone", "role": "reader", "user_id": boss}
    key = (await http.post(f"{API}/api-keys", json=wanted, headers=team.headers())).json()["id"]
    admin = team.headers(Role.ADMIN)
    assert (await http.post(f"{API}/api-keys", json=wanted, headers=admin)).status_code == 403
    assert (await http.post(f"{API}/api-keys/{key}/rotate", headers=admin)).status_code == 403
    assert (await http.post(f"{API}/api-keys/{key}/rotate", headers=team.headers())).status_code == 200
