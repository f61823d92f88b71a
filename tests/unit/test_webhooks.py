"""Announcements of pushes: whose they are and what they ask for."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from aelus.domain.secrets import Credential, read_credential
from aelus.domain.webhooks import Provider, is_signed, read_push

API = "/api/v1"
SECRET = "a secret of many words"
MAIN: dict[str, Any] = {"ref": "refs/heads/main", "after": "1" * 40, "repository": {"default_branch": "main"}}


def signature(body: bytes) -> str:
    return hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def headers(provider: str, body: bytes, *, delivery: str = "1", event: str = "push") -> dict[str, str]:
    if provider == "github":
        return {"X-Hub-Signature-256": f"sha256={signature(body)}", "X-GitHub-Event": event, "X-GitHub-Delivery": delivery}
    if provider == "gitea":
        return {"X-Gitea-Signature": signature(body), "X-Gitea-Event": event, "X-Gitea-Delivery": delivery}
    return {"X-Gitlab-Token": SECRET, "X-Gitlab-Event": "Push Hook" if event == "push" else event, "Idempotency-Key": delivery}


@pytest.fixture
async def repository(client: httpx2.AsyncClient, project: Path) -> str:
    made = await client.post(f"{API}/repositories", json={"git_url": str(project), "name": "shop"})
    identifier = str(made.json()["id"])
    kept = await client.put(f"{API}/repositories/{identifier}/secrets/webhook", json={"secret": SECRET})
    assert kept.status_code == 204
    return identifier


async def send(client: httpx2.AsyncClient, repository: str, payload: object, provider: str = "github", **given: str) -> httpx2.Response:
    body = json.dumps(payload).encode()
    return await client.post(f"{API}/webhooks/{provider}/{repository}", content=body, headers=headers(provider, body, **given))


def test_a_signature_is_the_one_that_github_documents() -> None:
    signed = {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}
    assert is_signed(Provider.GITHUB, signed, b"Hello, World!", "It's a Secret to Everybody")
    assert not is_signed(Provider.GITHUB, signed, b"Hello, World?", "It's a Secret to Everybody")


@pytest.mark.parametrize("provider", list(Provider))
def test_without_a_signature_nothing_is_signed(provider: Provider) -> None:
    assert not is_signed(provider, {}, b"{}", SECRET)


@pytest.mark.parametrize("payload", [None, [], "x", {}, {"ref": 1}, {"ref": "refs/tags/v1"}])
def test_what_is_no_push_to_a_branch_is_none(payload: object) -> None:
    assert read_push(payload) is None


def test_a_credential_is_a_pair_or_a_token_and_not_shown() -> None:
    assert read_credential("me:a:b") == Credential(username="me", password="a:b")
    assert read_credential("token") == Credential(username="git", password="token")
    assert "token" not in repr(read_credential("token"))


@pytest.mark.parametrize("provider", list(Provider))
async def test_a_push_to_the_branch_that_is_indexed_makes_a_job(client: httpx2.AsyncClient, repository: str, provider: Provider) -> None:
    answer = await send(client, repository, MAIN, provider.value)
    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    job = await client.get(f"{API}/ingest/jobs/{answer.json()['job_id']}")
    assert job.json()["repository_id"] == repository


async def test_a_push_to_a_further_branch_makes_a_job_for_it_alone(client: httpx2.AsyncClient, repository: str) -> None:
    asked = await client.post(f"{API}/ingest/repository", json={"repository_id": repository, "branch": "next"})
    branch = (await client.get(f"{API}/ingest/jobs/{asked.json()['job_id']}")).json()["repository_id"]
    answer = await send(client, repository, {**MAIN, "ref": "refs/heads/next"})
    job = (await client.get(f"{API}/ingest/jobs/{answer.json()['job_id']}")).json()
    assert job["repository_id"] == branch != repository
    assert (await client.get(f"{API}/repositories/{branch}")).json()["branch_of"] == repository


@pytest.mark.parametrize("provider", list(Provider))
async def test_a_delivery_that_comes_again_is_ignored(client: httpx2.AsyncClient, repository: str, provider: Provider) -> None:
    await send(client, repository, MAIN, provider.value)
    again = await send(client, repository, MAIN, provider.value)
    assert again.json() == {"job_id": None, "status": "ignored", "reason": "This delivery has come before."}
    assert (await send(client, repository, {**MAIN, "after": "2" * 40}, provider.value, delivery="2")).json()["status"] == "accepted"


@pytest.mark.parametrize("provider", ["github", "gitea"])
async def test_what_is_signed_does_not_come_again_under_another_number(client: httpx2.AsyncClient, repository: str, provider: str) -> None:
    await send(client, repository, MAIN, provider)
    assert (await send(client, repository, MAIN, provider, delivery="2")).json()["status"] == "ignored"


OTHERS: dict[str, tuple[object, dict[str, str]]] = {
    "another branch": ({**MAIN, "ref": "refs/heads/topic"}, {}),
    "a tag": ({**MAIN, "ref": "refs/tags/v1"}, {}),
    "a branch that was deleted": ({**MAIN, "after": "0" * 40}, {}),
    "another event": ({"zen": "Keep it logically awesome."}, {"event": "ping"}),
    "no object": ([1, 2], {}),
}


@pytest.mark.parametrize("case", OTHERS)
async def test_what_does_not_concern_the_index_is_ignored(client: httpx2.AsyncClient, repository: str, case: str) -> None:
    payload, given = OTHERS[case]
    answer = await send(client, repository, payload, **given)
    assert (answer.status_code, answer.json()["status"], bool(answer.json()["reason"])) == (202, "ignored", True)


async def test_a_wrong_signature_and_an_unknown_repository_look_the_same(client: httpx2.AsyncClient, repository: str) -> None:
    wrong = await client.post(f"{API}/webhooks/github/{repository}", content=b"{}", headers={"X-Hub-Signature-256": "sha256=00"})
    unknown = await send(client, "00000000-0000-4000-8000-000000000000", MAIN)
    assert [(answer.status_code, answer.json()["detail"]) for answer in (wrong, unknown)] == [(401, wrong.json()["detail"])] * 2


async def test_a_forgotten_secret_admits_nobody(client: httpx2.AsyncClient, repository: str) -> None:
    assert (await client.delete(f"{API}/repositories/{repository}/secrets/webhook")).status_code == 204
    assert (await send(client, repository, MAIN)).status_code == 401


async def test_what_is_no_json_is_refused(client: httpx2.AsyncClient, repository: str) -> None:
    body = b"payload=%7B%7D"
    answer = await client.post(f"{API}/webhooks/github/{repository}", content=body, headers=headers("github", body))
    assert (answer.status_code, "application/json" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize("secret", ["short", "with\nline break in the middle"])
async def test_what_cannot_be_a_secret_is_refused_and_not_repeated(client: httpx2.AsyncClient, repository: str, secret: str) -> None:
    answer = await client.put(f"{API}/repositories/{repository}/secrets/webhook", json={"secret": secret})
    assert (answer.status_code, secret in answer.text) == (422, False)
