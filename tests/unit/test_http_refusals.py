from __future__ import annotations

import httpx2
import pytest

API = "/api/v1"
UNKNOWN = "00000000-0000-4000-8000-00000000dead"
NO_NODE = "0" * 32


def check_problem(response: httpx2.Response, status: int) -> dict[str, object]:
    problem: dict[str, object] = response.json()
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert (problem["status"], problem["request_id"]) == (status, response.headers["x-request-id"])
    assert {"type", "title", "detail"} <= problem.keys()
    return problem


@pytest.mark.parametrize("path", ["/nothing", f"{API}/nothing", f"{API}/health/", "/assets/../app.py", "/assets/app.py"])
async def test_an_unknown_path_is_not_found(client: httpx2.AsyncClient, path: str) -> None:
    check_problem(await client.get(path), 404)


async def test_a_wrong_method_says_which_are_right(client: httpx2.AsyncClient) -> None:
    response = await client.delete(f"{API}/retrieve/search")
    check_problem(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "path",
    [f"{API}/repositories/{UNKNOWN}", f"{API}/ingest/jobs/{UNKNOWN}", f"{API}/ingest/jobs/{UNKNOWN}/events"]
    + [f"{API}/nodes/{NO_NODE}{part}" for part in ("", "/source", "/callers", "/callees")],
)
async def test_an_unknown_object_is_not_found(client: httpx2.AsyncClient, path: str) -> None:
    check_problem(await client.get(path), 404)


async def test_a_body_that_is_no_json_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", content=b"{", headers={"Content-Type": "application/json"})
    check_problem(response, 400)


async def test_a_deeply_nested_body_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", content=b"[" * 100_000, headers={"Content-Type": "application/json"})
    check_problem(response, 400)


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_a_body_of_another_type_is_refused(client: httpx2.AsyncClient, media_type: str) -> None:
    response = await client.post(f"{API}/retrieve/search", content=b'{"query": "x"}', headers={"Content-Type": media_type})
    check_problem(response, 415)


async def test_a_body_above_the_limit_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", json={"query": "x" * (11 * 1024 * 1024)})
    check_problem(response, 413)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"query": ""}, "query"),
        ({"query": " \n"}, "query"),
        ({"query": "x" * 100_000}, "query"),
        ({"query": "é" * 5000}, "query"),
        ({"query": "a\0b"}, "query"),
        ({"query": "x", "top_k": 0}, "top_k"),
        ({"query": "x", "top_k": 101}, "top_k"),
        ({"query": "x", "mode": "magic"}, "mode"),
        ({"query": "x", "repository_ids": ["1"]}, "repository_ids"),
        ({"query": "x", "tenant": "me"}, "tenant"),
        ({}, "query"),
    ],
)
async def test_a_wrong_search_names_the_field(client: httpx2.AsyncClient, body: dict[str, object], field: str) -> None:
    problem = check_problem(await client.post(f"{API}/retrieve/search", json=body), 422)
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert errors[0]["loc"][:2] == ["body", field]


async def test_a_refused_value_is_not_repeated(client: httpx2.AsyncClient) -> None:
    response = await client.post(f"{API}/retrieve/search", json={"query": "x", "top_k": "hunter2"})
    assert "hunter2" not in response.text


@pytest.mark.parametrize(
    "change", [{"max_depth": 0}, {"max_depth": 11}, {"limit": 0}, {"limit": 2001}, {"start": "x"}, {"edge_kinds": ["LIKES"]}]
)
async def test_a_traversal_out_of_range_is_refused(client: httpx2.AsyncClient, change: dict[str, object]) -> None:
    check_problem(await client.post(f"{API}/retrieve/graph", json={"start": NO_NODE, **change}), 422)


async def test_a_traversal_from_nowhere_is_not_found(client: httpx2.AsyncClient) -> None:
    check_problem(await client.post(f"{API}/retrieve/graph", json={"start": NO_NODE}), 404)


@pytest.mark.parametrize("query", ["", "limit=0", "limit=101", "limit=1&limit=2", "unknown=1", "limit=x", "cursor=%00"])
async def test_a_wrong_page_is_refused(client: httpx2.AsyncClient, query: str) -> None:
    response = await client.get(f"{API}/repositories?{query}")
    if query:
        check_problem(response, 422)
    else:
        assert response.json() == {"items": [], "next_cursor": None}


@pytest.mark.parametrize("path", [f"{API}/repositories/1", f"{API}/nodes/xyz", f"{API}/nodes", f"{API}/ingest/jobs/%00"])
async def test_malformed_parameters_are_refused(client: httpx2.AsyncClient, path: str) -> None:
    check_problem(await client.get(path), 422)


@pytest.mark.parametrize(
    "location",
    [
        "/etc",
        "file:///etc",
        "http://example.org/x",
        "ssh://git@example.org/x",
        "git@example.org:x",
        "relative",
        "",
        "https://" + "x" * 3000,
    ],
)
async def test_a_location_that_callers_may_not_name_is_refused(client: httpx2.AsyncClient, location: str) -> None:
    check_problem(await client.post(f"{API}/repositories", json={"git_url": location}), 422)


@pytest.mark.parametrize("body", [{}, {"repository_id": UNKNOWN, "git_url": "https://example.org/x"}])
async def test_ingestion_wants_one_of_two(client: httpx2.AsyncClient, body: dict[str, object]) -> None:
    check_problem(await client.post(f"{API}/ingest/repository", json=body), 422)


async def test_ingestion_of_an_unknown_repository_is_not_found(client: httpx2.AsyncClient) -> None:
    check_problem(await client.post(f"{API}/ingest/repository", json={"repository_id": UNKNOWN}), 404)


async def test_another_tenant_is_forbidden(client: httpx2.AsyncClient) -> None:
    check_problem(await client.get(f"{API}/stats", headers={"X-Tenant-ID": UNKNOWN}), 403)


@pytest.mark.parametrize("host", ["attacker.example", "127.0.0.1.attacker.example", "localhost.attacker.example:8765", ""])
async def test_a_foreign_host_name_is_turned_away(client: httpx2.AsyncClient, host: str) -> None:
    check_problem(await client.get(f"{API}/health", headers={"Host": host}), 421)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8765", "[::1]:8765"])
async def test_loopback_names_are_answered(client: httpx2.AsyncClient, host: str) -> None:
    response = await client.get(f"{API}/health", headers={"Host": host})
    assert response.json() == {"status": "ok"}


async def test_a_well_formed_request_id_is_kept(client: httpx2.AsyncClient) -> None:
    response = await client.get(f"{API}/health", headers={"X-Request-ID": "abc-123"})
    assert response.headers["x-request-id"] == "abc-123"


async def test_a_malformed_request_id_is_replaced(client: httpx2.AsyncClient) -> None:
    response = await client.get(f"{API}/health", headers={"X-Request-ID": "a b<script>"})
    assert len(response.headers["x-request-id"]) == 32


async def test_every_answer_has_the_security_headers(client: httpx2.AsyncClient) -> None:
    for path in ("/", f"{API}/health", "/nothing"):
        headers = (await client.get(path)).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
