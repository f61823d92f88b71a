"""A full run with secrets planted wherever one can be, and a search for them in everything that was written or answered."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import redirect_stderr
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
import structlog

from aelus.entrypoints.container import open_service
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.logging import configure_logging
from aelus.entrypoints.settings import Settings, load_settings
from aelus.entrypoints.worker import run_worker
from sample_project import write_project
from services import free_port
from voyage_server import VoyageServer

API = "/api/v1"
PLANTED = {
    "master key": "planted-master-key-0123456789abcdef",
    "voyage key": "pa-planted-voyage-key-0123456789",
    "git password": "planted-git-password",
    "git user": "planted-git-user",
    "webhook secret": "planted-webhook-secret",
    "api key": "aelus_plantedkey0123456789abcdef",
    "token": "planted.bearer.token",
}


@pytest.fixture
async def voyage() -> AsyncIterator[VoyageServer]:
    """An embedder that refuses the key."""
    async with VoyageServer() as server:
        yield server


@pytest.fixture
def settings(voyage: VoyageServer, database_address: str, tmp_path: Path) -> Settings:
    return load_settings(
        home=tmp_path / "home",
        database_url=database_address,
        secret_key=PLANTED["master key"],
        voyage_api_key=PLANTED["voyage key"],
        voyage_base_url=voyage.url,
        git_private_hosts=("127.0.0.1",),
        path_roots=(tmp_path,),
        parser_processes=1,
    )


@pytest.fixture
def written(settings: Settings, capfd: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """All that this process and its own write, with a log that tells everything."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    with open(2, "w", buffering=1, closefd=False) as error_output, redirect_stderr(error_output):
        configure_logging("debug", secrets=settings.secrets())
        yield lambda: "".join(capfd.readouterr())
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


async def all_tried(client: httpx2.AsyncClient, voyage: VoyageServer) -> str:
    """The jobs, once one of them has failed for good or for now, and the vectors of the other were asked for."""
    async with asyncio.timeout(60):
        while True:
            answer = await client.get(f"{API}/ingest/jobs")
            asked = any(request["input_type"] == "document" for request in voyage.requests)
            if asked and any(job["error"] for job in answer.json()["items"]):
                return answer.text
            await asyncio.sleep(0.1)


async def calls(client: httpx2.AsyncClient, folder: Path) -> str:
    """Every way in which a secret comes in; returns all that was answered."""
    answers: list[httpx2.Response] = []

    async def call(method: str, path: str, **more: object) -> httpx2.Response:
        answers.append(await client.request(method, f"{API}{path}", **more))  # type: ignore[arg-type] # what httpx2 takes
        return answers[-1]

    local = (await call("POST", "/repositories", json={"git_url": str(folder)})).json()["id"]
    remote = (await call("POST", "/repositories", json={"git_url": f"https://127.0.0.1:{free_port()}/team/shop.git"})).json()["id"]
    credential = f"{PLANTED['git user']}:{PLANTED['git password']}"
    for repository in (local, remote):
        await call("PUT", f"/repositories/{repository}/secrets/credential", json={"secret": credential})
        await call("PUT", f"/repositories/{repository}/secrets/webhook", json={"secret": PLANTED["webhook secret"]})
        await call("PUT", f"/repositories/{repository}/secrets/webhook", json={"secret": {"secret": PLANTED["webhook secret"]}})
        await call("POST", "/ingest/repository", json={"repository_id": repository})
        for key in (PLANTED["webhook secret"], "wrong"):
            body = json.dumps({"ref": "refs/heads/main", "after": "a" * 40}).encode()
            signature = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
            signed = {"X-Hub-Signature-256": f"sha256={signature}", "X-GitHub-Event": "push", "Content-Type": "application/json"}
            await call("POST", f"/webhooks/github/{repository}", content=body, headers=signed)
    await call("POST", "/repositories", json={"git_url": f"https://{credential}@127.0.0.1/team/shop.git"})
    await call("GET", "/stats", headers={"X-API-Key": PLANTED["api key"]})
    await call("GET", "/stats", headers={"Authorization": f"Bearer {PLANTED['token']}"})
    await call("GET", f"/nodes?name={PLANTED['token']}&kind={PLANTED['api key']}")
    await call("POST", "/retrieve/search", json={"query": "price"})
    await call("GET", "/metrics")
    return "\n".join(answer.text + str(answer.headers) for answer in answers)


async def test_no_planted_secret_is_written_or_answered(
    settings: Settings, voyage: VoyageServer, written: Callable[[], str], tmp_path: Path
) -> None:
    assert settings.database_url is not None
    password = urlsplit(settings.database_url.get_secret_value()).password
    assert password
    async with open_service(settings) as use_cases:
        transport = httpx2.ASGITransport(app=create_app(use_cases, settings))
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=60) as client:
            answered = await calls(client, write_project(tmp_path / "project"))
            stop = asyncio.Event()
            working = asyncio.create_task(run_worker(use_cases, settings, stop=stop))
            answered += await all_tried(client, voyage)
            stop.set()
            await working
    output = written()
    assert {"run_job", "request_ingestion", "embed_backlog"} <= set(output.replace('"', " ").split())
    found = {name for name, secret in {**PLANTED, "database password": password}.items() if secret in output + answered}
    assert found == set()
