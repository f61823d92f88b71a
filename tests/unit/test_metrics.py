from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable

import httpx2
import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from aelus.application.reports import IndexReport
from aelus.entrypoints.http.metrics_port import metrics_port
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.tracing import spans_given_to, traces_sent
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker
from aelus.ports.errors import Misconfigured
from services import free_port

API = "/api/v1"


async def figures(client: httpx2.AsyncClient) -> dict[str, float]:
    """Time series → value."""
    text = (await client.get(f"{API}/metrics")).text
    return {name: float(value) for name, value in re.findall(r"^(aelus_\S+?(?:\{.*\})?) (\S+)$", text, re.MULTILINE)}


async def test_requests_are_measured_by_route(client: httpx2.AsyncClient) -> None:
    series = 'aelus_http_request_seconds_count{method="GET",route="/api/v1/nodes/{node_id}",status="404"}'
    before = (await figures(client)).get(series, 0)
    for number in range(3):
        await client.get(f"{API}/nodes/{number:032x}")
    assert (await figures(client))[series] == before + 3


async def test_what_strangers_make_up_makes_no_series(client: httpx2.AsyncClient) -> None:
    await client.get("/made-up-path")
    await client.request("MADEUP", f"{API}/stats")
    assert not [name for name in await figures(client) if "made" in name.lower()]


async def test_the_cache_is_seen_to_be_hit(client: httpx2.AsyncClient, indexed: IndexReport) -> None:
    assert indexed.counts.files
    before = await figures(client)
    for _ in range(2):
        await client.post(f"{API}/retrieve/search", json={"query": "price"})
    after = await figures(client)
    gained = {outcome: after[name] - before.get(name, 0) for outcome in ("hit", "miss") for name in [cache_series(outcome)]}
    assert gained == {"hit": 1, "miss": 1}
    assert after["aelus_cache_bytes"] > 0


def cache_series(outcome: str) -> str:
    return f'aelus_cache_requests_total{{outcome="{outcome}"}}'


async def test_the_queue_and_its_jobs_are_measured(
    client: httpx2.AsyncClient, use_cases: UseCases, memory_settings: Settings, indexed: IndexReport
) -> None:
    done = 'aelus_job_seconds_count{state="succeeded"}'
    before = (await figures(client)).get(done, 0)
    await client.post(f"{API}/ingest/repository", json={"repository_id": str(indexed.repository_id)})
    waiting = await figures(client)
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(use_cases, memory_settings, stop=stop))
    found = await figures_once(client, lambda now: now.get(done, 0) > before)
    stop.set()
    await working
    assert waiting['aelus_queue_messages{queue="parse_and_index_repository",state="waiting"}'] == 1
    assert waiting['aelus_queue_oldest_seconds{queue="parse_and_index_repository"}'] >= 0
    assert (waiting["aelus_workers"], found["aelus_workers"]) == (0, 1)


async def test_metrics_have_a_port_of_their_own(use_cases: UseCases, memory_settings: Settings) -> None:
    port = free_port()
    async with metrics_port(use_cases, memory_settings.model_copy(update={"metrics_port": port})), httpx2.AsyncClient() as client:
        found = await until_answered(client, f"http://127.0.0.1:{port}/metrics")
        other = await client.get(f"http://127.0.0.1:{port}{API}/stats")
    assert "aelus_workers" in found.text
    assert other.status_code == 404


async def figures_once(client: httpx2.AsyncClient, reached: Callable[[dict[str, float]], bool]) -> dict[str, float]:
    async with asyncio.timeout(20):
        while True:
            found = await figures(client)
            if reached(found):
                return found
            await asyncio.sleep(0.05)


async def until_answered(client: httpx2.AsyncClient, address: str) -> httpx2.Response:
    async with asyncio.timeout(10):
        while True:
            with contextlib.suppress(httpx2.TransportError):
                return await client.get(address)
            await asyncio.sleep(0.02)


async def test_a_trace_shows_the_request_and_what_was_done_for_it(client: httpx2.AsyncClient) -> None:
    spans = InMemorySpanExporter()
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    with spans_given_to(SimpleSpanProcessor(spans)):
        await client.post(f"{API}/retrieve/search", json={"query": "price"}, headers={"traceparent": parent, "X-Request-ID": "abc"})
    inner, outer = spans.get_finished_spans()
    assert (inner.name, outer.name) == ("cached_search", "POST /api/v1/retrieve/search")
    assert inner.parent is not None
    assert inner.parent.span_id == outer.context.span_id
    assert f"{outer.context.trace_id:032x}" in parent
    assert (outer.attributes or {})["aelus.request_id"] == "abc"


def test_nothing_is_traced_without_an_address() -> None:
    with traces_sent(None):
        pass


@pytest.mark.parametrize("port", [1])
async def test_a_port_that_cannot_be_had_is_named(use_cases: UseCases, memory_settings: Settings, port: int) -> None:
    settings = memory_settings.model_copy(update={"metrics_port": port, "metrics_host": "192.0.2.1"})
    with pytest.raises(Misconfigured, match="AELUS_METRICS_PORT"):
        async with metrics_port(use_cases, settings):
            pass
