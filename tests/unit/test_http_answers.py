from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from uuid import UUID

import httpx2
import pytest
from dependency_injector import providers

from aelus import Aelus
from aelus.application.check_readiness import CheckReadiness
from aelus.application.reports import IndexReport
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker
from sample_project import write_project

API = "/api/v1"


async def add(client: httpx2.AsyncClient, project: Path, **more: str) -> dict[str, object]:
    response = await client.post(f"{API}/repositories", json={"git_url": str(project), **more})
    assert response.status_code == 201
    answer: dict[str, object] = response.json()
    return answer


async def node_named(client: httpx2.AsyncClient, name: str) -> str:
    answer = await client.get(f"{API}/nodes", params={"name": name})
    return str(answer.json()["items"][0]["id"])


async def test_a_repository_is_added_and_read(client: httpx2.AsyncClient, project: Path) -> None:
    added = await add(client, project, repo_type="backend")
    read = await client.get(f"{API}/repositories/{added['id']}")
    assert read.json() == added
    assert (added["name"], added["repo_type"], added["index"]) == ("project", "backend", None)


async def test_a_name_that_is_taken_is_a_conflict(client: httpx2.AsyncClient, project: Path) -> None:
    await add(client, project)
    response = await client.post(f"{API}/repositories", json={"git_url": str(project)})
    assert response.status_code == 409


async def test_a_change_leaves_the_other_fields(client: httpx2.AsyncClient, project: Path) -> None:
    added = await add(client, project)
    changed = await client.patch(f"{API}/repositories/{added['id']}", json={"name": "renamed"})
    assert changed.json() == added | {"name": "renamed"}


async def test_a_removed_repository_is_gone(client: httpx2.AsyncClient, project: Path) -> None:
    added = await add(client, project)
    removed = await client.delete(f"{API}/repositories/{added['id']}")
    again = await client.get(f"{API}/repositories/{added['id']}")
    assert (removed.status_code, removed.content, again.status_code) == (204, b"", 404)


async def test_pages_follow_each_other(client: httpx2.AsyncClient, project: Path) -> None:
    for name in ("a", "b", "c"):
        await add(client, project, name=name)
    first = (await client.get(f"{API}/repositories?limit=2")).json()
    second = (await client.get(f"{API}/repositories", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [item["name"] for item in first["items"] + second["items"]] == ["a", "b", "c"]
    assert second["next_cursor"] is None


@pytest.mark.usefixtures("indexed")
async def test_a_search_shows_where_and_why(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", json={"query": "take the tax off a price", "top_k": 1})
    (hit,) = response.json()["results"]
    assert (hit["repository"], hit["path"], hit["start_line"]) == ("project", "shop/prices.py", 1)
    assert "lexical" in hit["why"]


@pytest.mark.usefixtures("indexed")
async def test_a_search_may_show_each_file_once(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", json={"query": "price", "group": "file"})
    paths = [result["path"] for result in response.json()["results"]]
    assert len(paths) == len(set(paths)) > 1


async def test_a_search_within_a_repository_knows_no_other(client: httpx2.AsyncClient, indexed: IndexReport, tmp_path: Path) -> None:
    other = await add(client, write_project(tmp_path / "other"))
    response = await client.post(f"{API}/retrieve/search", json={"query": "price", "repository_ids": [other["id"]]})
    assert indexed.counts.chunks > 0
    assert response.json() == {"results": [], "note": "Not indexed yet, and not searched: other."}


@pytest.mark.usefixtures("indexed")
async def test_the_impact_of_a_change_reaches_its_dependants(client: httpx2.AsyncClient) -> None:
    answer = (await client.post(f"{API}/intelligence/impact", json={"symbol": "net_price"})).json()
    reached = {one["node"]["qualified_name"]: one["depth"] for one in answer["dependants"]}
    assert answer["verdict"] == "yes"
    assert (reached["shop.cart.Cart.total"], reached["shop.checkout.pay"]) == (1, 1)
    shallow = (await client.post(f"{API}/intelligence/impact", json={"symbol": "Cart.total", "max_depth": 1})).json()
    assert "shop.checkout.pay" in {one["node"]["qualified_name"] for one in shallow["dependants"]}


@pytest.mark.usefixtures("indexed")
async def test_callers_and_callees_of_a_node(client: httpx2.AsyncClient) -> None:
    callers = (await client.get(f"{API}/nodes/{await node_named(client, 'net_price')}/callers")).json()
    callees = (await client.get(f"{API}/nodes/{await node_named(client, 'pay')}/callees")).json()
    assert {call["node"]["name"] for call in callers["calls"]} == {"pay", "total"}
    assert {"total", "net_price"} <= {call["node"]["name"] for call in callees["calls"]}


@pytest.mark.usefixtures("indexed")
async def test_nodes_are_filtered_by_kind(client: httpx2.AsyncClient) -> None:
    answer = await client.get(f"{API}/nodes?name=Cart&kind=Function&kind=Method")
    assert answer.json() == {"items": [], "suggestions": []}


@pytest.mark.usefixtures("indexed")
async def test_nodes_are_filtered_by_path_and_language(client: httpx2.AsyncClient) -> None:
    found = [
        (await client.get(f"{API}/nodes?name=Cart&kind=Class&{where}")).json()["items"]
        for where in ("path=shop/**", "path=docs", "language=go")
    ]
    assert [len(items) for items in found] == [1, 0, 0]


async def test_a_section_is_found_by_name_only_where_its_kind_is_asked_for(client: httpx2.AsyncClient, aelus: Aelus) -> None:
    await aelus.push("guide", {"README.md": "# Install\n\nSee below.\n"})
    found = [(await client.get(f"{API}/nodes?name=Install{kinds}")).json()["items"] for kinds in ("", "&kind=Section")]
    assert [[item["kind"] for item in items] for items in found] == [[], ["Section"]]


@pytest.mark.usefixtures("indexed")
async def test_source_of_a_node(client: httpx2.AsyncClient) -> None:
    answer = (await client.get(f"{API}/nodes/{await node_named(client, 'pay')}/source")).json()
    assert answer["text"].startswith("def pay() -> float:")
    assert answer["node"]["path"] == "shop/checkout.py"


@pytest.mark.usefixtures("indexed")
async def test_a_traversal_answers_nodes_and_edges(client: httpx2.AsyncClient) -> None:
    start = await node_named(client, "pay")
    body = {"start": start, "edge_kinds": ["CALLS"], "max_depth": 2}
    answer = (await client.post(f"{API}/retrieve/graph", json=body)).json()
    assert answer["nodes"][0]["id"] == start
    assert all(edge["kind"] == "CALLS" for edge in answer["edges"])


@pytest.mark.usefixtures("indexed")
async def test_references_of_a_node_are_more_than_its_calls(client: httpx2.AsyncClient) -> None:
    answer = (await client.get(f"{API}/nodes/{await node_named(client, 'net_price')}/references")).json()
    assert {"CALLS", "IMPORTS"} <= {call["edge"]["kind"] for call in answer["calls"]}


@pytest.mark.usefixtures("indexed")
async def test_a_context_is_packed_with_citations(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/context", json={"query": "take the tax off a price", "max_tokens": 1000})
    answer = response.json()
    assert answer["passages"][0]["citation"] == "shop/prices.py:1-3@v1"
    assert answer["tokens"] <= 1000
    assert answer["sources"][0]["repository"] == "project"


async def test_a_budget_out_of_range_is_a_wrong_field(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/context", json={"query": "x", "max_tokens": 1})
    assert (response.status_code, response.json()["errors"][0]["loc"]) == (422, ["body", "max_tokens"])


async def test_statistics_add_up(client: httpx2.AsyncClient, indexed: IndexReport) -> None:
    answer = (await client.get(f"{API}/stats")).json()
    assert answer["totals"]["chunks"] == answer["repositories"][0]["index"]["counts"]["chunks"] == indexed.counts.chunks


async def test_statistics_of_one_repository_say_what_it_lacks(client: httpx2.AsyncClient, aelus: Aelus, indexed: IndexReport) -> None:
    await aelus.push("other", {"a.py": "x = 1\n", "b.bin": "?"})
    (other,) = [one for one in await aelus.repositories() if one.name == "other"]
    answer = (await client.get(f"{API}/stats", params={"repository_id": str(other.id)})).json()
    assert [(one["name"], one["skipped"], one["unread"]) for one in answer["repositories"]] == [("other", {"unknown_language": 1}, [])]
    assert answer["totals"]["files"] == 1 != indexed.counts.files
    assert (await client.get(f"{API}/stats", params={"repository_id": str(UUID(int=7))})).status_code == 404


async def test_ingestion_runs_in_the_background(
    client: httpx2.AsyncClient, use_cases: UseCases, memory_settings: Settings, project: Path
) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(use_cases, memory_settings, stop=stop))
    accepted = await client.post(f"{API}/ingest/repository", json={"git_url": str(project)})
    followed = await client.get(f"{API}/ingest/jobs/{accepted.json()['job_id']}/events")
    stop.set()
    await working
    last = json.loads(followed.text.strip().rpartition("data: ")[2])
    assert (accepted.status_code, last["status"], last["progress"]["files_processed"]) == (202, "succeeded", 4)
    assert "event: end" in followed.text


async def test_a_dry_run_answers_with_what_would_change(
    client: httpx2.AsyncClient, use_cases: UseCases, memory_settings: Settings, project: Path
) -> None:
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(use_cases, memory_settings, stop=stop))
    asked = {"git_url": str(project), "dry_run": True, "file_patterns": ["shop/**"]}
    accepted = await client.post(f"{API}/ingest/repository", json=asked)
    await client.get(f"{API}/ingest/jobs/{accepted.json()['job_id']}/events")
    stop.set()
    await working
    job = (await client.get(f"{API}/ingest/jobs/{accepted.json()['job_id']}")).json()
    assert (job["status"], job["dry_run"], job["result"]["files_added"]) == ("succeeded", True, len(job["result"]["added"]))
    assert all(path.startswith("shop/") for path in job["result"]["added"])
    (known,) = (await client.get(f"{API}/repositories")).json()["items"]
    assert (known["index"], known["file_patterns"]) == (None, [])


async def test_a_file_address_below_an_open_folder_is_taken(client: httpx2.AsyncClient, project: Path) -> None:
    made = await client.post(f"{API}/repositories", json={"git_url": f"file://{project}", "name": "bare"})
    assert (made.status_code, made.json()["git_url"]) == (201, f"file://{project}")


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("https://one.example/team/a", "token"),
        ("https://ONE.example:443/team/a.git/", "token"),
        ("https://one.example/team/b.git", None),
        ("https://one.example/Team/a.git", None),
        ("https://one.example/team/a.git?to=b", None),
        ("https://one.example:8443/team/a.git", None),
        ("https://two.example/team/a.git", None),
    ],
)
async def test_a_credential_stays_with_the_address_that_it_was_kept_for(
    use_cases: UseCases, client: httpx2.AsyncClient, address: str, left: str | None
) -> None:
    made = (await client.post(f"{API}/repositories", json={"git_url": "https://one.example/team/a.git"})).json()["id"]
    await client.put(f"{API}/repositories/{made}/secrets/credential", json={"secret": "token"})
    assert (await client.patch(f"{API}/repositories/{made}", json={"git_url": address})).status_code == 200
    assert await use_cases.ports().secrets.get(LOCAL_TENANT, UUID(made), SecretPurpose.CREDENTIAL) == left


async def test_a_waiting_job_is_cancelled(client: httpx2.AsyncClient, project: Path) -> None:
    accepted = await client.post(f"{API}/ingest/repository", json={"git_url": str(project)})
    job = accepted.json()["job_id"]
    cancelled = await client.post(f"{API}/ingest/jobs/{job}/cancel")
    assert (cancelled.status_code, cancelled.json()["status"]) == (200, "cancelled")
    retried = await client.post(f"{API}/admin/dlq/retry", json={"job_ids": [job]})
    assert (retried.status_code, retried.json()["detail"].partition(" has")[0]) == (409, f"Job {job}")
    assert (await client.get(f"{API}/admin/dlq")).json() == {"items": []}


async def test_jobs_are_listed(client: httpx2.AsyncClient, project: Path) -> None:
    accepted = await client.post(f"{API}/ingest/repository", json={"git_url": str(project)})
    listed = await client.get(f"{API}/ingest/jobs")
    assert [job["job_id"] for job in listed.json()["items"]] == [accepted.json()["job_id"]]


async def test_readiness_names_its_checks(client: httpx2.AsyncClient) -> None:
    answer = (await client.get(f"{API}/readyz")).json()
    assert answer["status"] == "ready"
    assert "queue" in answer["checks"]


async def test_a_failed_check_is_named(client: httpx2.AsyncClient, use_cases: UseCases) -> None:
    async def away() -> bool:
        return False

    use_cases.check_readiness.override(providers.Object(CheckReadiness(checks={"database": away})))
    response = await client.get(f"{API}/readyz")
    assert (response.status_code, response.json()["detail"]) == (503, "Not ready: database.")


@pytest.mark.parametrize("page", ["/", f"{API}/docs"])
async def test_pages_load_nothing_from_elsewhere(client: httpx2.AsyncClient, page: str) -> None:
    text = (await client.get(page)).text
    addresses = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert addresses
    assert all(address.startswith(("/", "data:")) for address in addresses)
    statuses = [(await client.get(address)).status_code for address in addresses if address.startswith("/")]
    assert set(statuses) == {200}


@pytest.mark.parametrize("page", ["/", f"{API}/docs"])
async def test_pages_obey_their_own_security_policy(client: httpx2.AsyncClient, page: str) -> None:
    text = (await client.get(page)).text
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", text)


async def test_the_document_is_served(client: httpx2.AsyncClient) -> None:
    assert (await client.get(f"{API}/openapi.json")).json()["openapi"] == "3.1.0"
