from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from dependency_injector import providers

from aelus.domain.identity import Role, Scope
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from keyed_service import API, Team, bearer, keyed_client, make_key, make_team, operator_key


@pytest.fixture
async def team(use_cases: UseCases) -> Team:
    return await make_team(use_cases, "one")


@pytest.fixture
async def keyed(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    async with keyed_client(use_cases, memory_settings) as opened:
        yield opened


async def entries(keyed: httpx2.AsyncClient, team: Team) -> list[dict[str, object]]:
    found: list[dict[str, object]] = (await keyed.get(f"{API}/audit", headers=team.headers())).json()["items"]
    return found


async def test_whatever_changes_something_is_written_down(keyed: httpx2.AsyncClient, team: Team, tmp_path: Path) -> None:
    headers = {**team.headers(Role.MEMBER), "X-Request-ID": "the-request"}
    added = await keyed.post(f"{API}/repositories", json={"git_url": str(tmp_path)}, headers=headers)
    await keyed.get(f"{API}/repositories", headers=headers)
    await keyed.post(f"{API}/retrieve/search", json={"query": "x"}, headers=headers)
    [one] = await entries(keyed, team)
    assert (one["action"], one["outcome"], one["status"], one["request_id"]) == ("addRepository", "done", 201, "the-request")
    assert one["object"] == f"id={added.json()['id']}"
    assert one["origin"] == "127.0.0.1"
    assert str(one["actor"]).startswith("key:")


async def test_what_was_forbidden_is_written_down(keyed: httpx2.AsyncClient, team: Team) -> None:
    for method, path in (("POST", "/repositories"), ("GET", "/users"), ("GET", "/admin/tenants")):
        assert (await keyed.request(method, f"{API}{path}", headers=team.headers(Role.READER))).status_code == 403
    found = await entries(keyed, team)
    assert [(one["action"], one["outcome"], one["status"]) for one in found] == [
        ("addRepository", "refused", 403),
        ("listUsers", "refused", 403),
        ("listTenants", "refused", 403),
    ]


async def test_what_was_forbidden_to_an_agent_is_written_down(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    key = await make_key(use_cases, team.id, Role.MEMBER, scopes=frozenset((Scope.INDEX,)))
    assert (await keyed.post("/mcp", json={}, headers=bearer(key))).status_code == 403
    [one] = await entries(keyed, team)
    assert (one["action"], one["outcome"]) == ("mcp", "refused")


async def test_what_came_to_nothing_is_written_down_with_its_status(keyed: httpx2.AsyncClient, team: Team) -> None:
    unknown = "00000000-0000-4000-8000-00000000dead"
    await keyed.delete(f"{API}/repositories/{unknown}", headers=team.headers())
    [one] = await entries(keyed, team)
    assert (one["object"], one["status"]) == (f"repository_id={unknown}", 404)


async def test_a_request_that_was_given_up_is_written_down(use_cases: UseCases, memory_settings: Settings, team: Team) -> None:
    never = asyncio.Event()

    async def waits(*_: object) -> object:
        await never.wait()
        return None

    with use_cases.change_groups.override(providers.Object(waits)):
        async with keyed_client(use_cases, memory_settings.model_copy(update={"request_timeout_s": 0.05})) as hurried:
            response = await hurried.post(f"{API}/groups", json={"name": "late"}, headers=team.headers())
            [one] = await entries(hurried, team)
    assert response.status_code == 503
    assert (one["action"], one["outcome"], one["status"]) == ("addGroup", "failed", 503)


async def test_a_push_is_written_down_for_the_tenant_of_its_repository(keyed: httpx2.AsyncClient, team: Team, tmp_path: Path) -> None:
    added = await keyed.post(f"{API}/repositories", json={"git_url": str(tmp_path)}, headers=team.headers())
    identifier = added.json()["id"]
    await keyed.put(f"{API}/repositories/{identifier}/secrets/webhook", json={"secret": "a secret of webhooks"}, headers=team.headers())
    body = json.dumps({"ref": "refs/heads/main", "after": "a" * 40}).encode()
    signature = hmac.new(b"a secret of webhooks", body, hashlib.sha256).hexdigest()
    signed = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push", "Content-Type": "application/json"}
    answer = await keyed.post(f"{API}/webhooks/github/{identifier}", content=body, headers=signed)
    last = (await entries(keyed, team))[-1]
    assert (last["actor"], last["action"], last["status"]) == ("webhook:github", "receivePush", 202)
    assert f"job_id={answer.json()['job_id']}" in str(last["object"])


async def test_operators_have_a_log_of_their_own(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    operator = bearer(await operator_key(use_cases))
    made = await keyed.post(f"{API}/admin/tenants", json={"name": "two"}, headers=operator)
    shown = await keyed.get(f"{API}/admin/audit", headers=operator)
    assert [(one["action"], one["object"]) for one in shown.json()["items"]] == [("addTenant", f"id={made.json()['id']}")]
    assert await entries(keyed, team) == []
    assert made.json()["api_key"]["key"] not in shown.text


async def test_only_those_who_administer_may_read_it(keyed: httpx2.AsyncClient, team: Team) -> None:
    statuses = [(await keyed.get(f"{API}/audit", headers=team.headers(role))).status_code for role in Role]
    assert statuses == [200, 200, 403, 403]


@pytest.mark.parametrize(
    "query", ["since=yesterday", "limit=0", "cursor=1", "since=2026-01-01T00:00:00", "since=0001-01-01T00:00:00%2B14:00"]
)
async def test_a_wrong_page_names_the_field(keyed: httpx2.AsyncClient, team: Team, query: str) -> None:
    answer = await keyed.get(f"{API}/audit?{query}", headers=team.headers())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["parameters", query.partition("=")[0]]
