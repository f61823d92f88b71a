from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from aelus.adapters.memory import MemoryDatabase, MemoryQuotaStore, MemoryRateLimiter, MemoryRequestTally, MemoryUsageStore, SystemClock
from aelus.application.known_quotas import KnownQuotas
from aelus.application.limit_requests import LimitRequests
from aelus.application.meter_requests import MeterRequests
from aelus.domain.credentials import PREFIX_DIGITS, SECRET_DIGITS, StoredKey, write_token
from aelus.domain.identity import Principal, Role
from aelus.domain.quotas import Metric, Quota
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import QuotaExceeded, Unavailable
from aelus.ports.key_store import KeyStore
from aelus.ports.rate_limiter import Verdict, Window
from keyed_service import API, Team, bearer, keyed_client, make_team, operator_key


@pytest.fixture
async def team(use_cases: UseCases) -> Team:
    return await make_team(use_cases, "one")


@pytest.fixture
async def keyed(use_cases: UseCases, memory_settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    async with keyed_client(use_cases, memory_settings) as opened:
        yield opened


async def allow(use_cases: UseCases, team: Team, **limits: int) -> None:
    await use_cases.change_quotas()(team.id, {Quota(name): limit for name, limit in limits.items()})


async def test_every_answer_tells_what_is_left_of_the_limit(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    await allow(use_cases, team, requests_per_second=3)
    answers = [await keyed.get(f"{API}/stats", headers=team.headers()) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert (answers[0].headers["ratelimit-limit"], answers[0].headers["ratelimit-policy"]) == ("3", "3;w=1")
    assert (answers[-1].headers["retry-after"], answers[-1].json()["status"]) == ("1", 429)


async def test_a_burst_is_not_let_in_beyond_the_limit(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    await allow(use_cases, team, requests_per_second=20)
    answers = await asyncio.gather(*(keyed.get(f"{API}/tenants/me", headers=team.headers()) for _ in range(100)))
    assert sum(answer.status_code == 200 for answer in answers) <= 40


async def test_one_key_may_be_held_to_its_share(use_cases: UseCases, memory_settings: Settings, team: Team) -> None:
    own = MemoryRateLimiter()
    known = use_cases.known_quotas()
    await allow(use_cases, team, requests_per_second=10)
    limit = LimitRequests(limiter=own, own=own, quotas=known, meter=use_cases.meter_requests(), key_share=0.5, strangers=1)
    who = [Principal(tenant=team.id, subject=name, credential=name, role=Role.READER) for name in ("a", "b")]
    verdicts = [await limit(principal) for principal in who for _ in range(7)]
    assert [bool(verdict and verdict.allowed) for verdict in verdicts] == ([True] * 5 + [False] * 2) * 2
    assert memory_settings.key_share == 1


async def test_a_machine_of_one_s_own_is_not_limited(client: httpx2.AsyncClient) -> None:
    answers = [await client.get(f"{API}/stats") for _ in range(80)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit-limit" not in answers[0].headers


async def test_strangers_are_limited_by_address(use_cases: UseCases, memory_settings: Settings) -> None:
    async with keyed_client(use_cases, memory_settings) as opened:
        path = f"{API}/webhooks/github/{UUID(int=1)}"
        use_cases.limit_requests()._strangers = 2
        statuses = [(await opened.post(path, json={})).status_code for _ in range(4)]
    assert statuses == [401, 401, 429, 429]


class Counted:
    """A key store that counts how often it is asked."""

    def __init__(self, keys: KeyStore) -> None:
        self._keys = keys
        self.asked = 0

    async def find(self, prefix: str) -> StoredKey | None:
        self.asked += 1
        return await self._keys.find(prefix)


async def test_a_flood_of_bad_keys_is_refused_without_looking_for_them(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    authenticate, limit, stats, now = use_cases.authenticate(), use_cases.limit_requests(), f"{API}/stats", [0.0]
    keys = Counted(authenticate._keys)
    authenticate._keys = keys  # type: ignore[assignment] # finds, and does nothing else
    authenticate._remembered_s = 3600
    limit._strangers, limit._monotonic, limit._limiter = 3, lambda: now[0], MemoryRateLimiter(lambda: now[0])
    bad = [bearer(write_token(f"{number:0{PREFIX_DIGITS}d}", "0" * SECRET_DIGITS)) for number in range(40)]
    assert (await keyed.get(stats, headers=team.headers())).status_code == 200
    answers = [await keyed.get(stats, headers=headers) for headers in bad]
    assert [answer.status_code for answer in answers] == [401] * 3 + [429] * 37
    assert keys.asked == 1 + 3 + 1, "the one too many is what bars"
    assert (answers[-1].headers["retry-after"], "not good" in answers[-1].json()["detail"]) == ("1", True)
    assert (await keyed.get(stats, headers=team.headers())).status_code == 200, "they are known"
    assert (await keyed.get(stats, headers=team.headers(Role.READER))).status_code == 429, "they are not"
    assert limit.barred("elsewhere") is None
    now[0] = 1.05
    assert (await keyed.get(stats, headers=team.headers(Role.READER))).status_code == 200


class Away:
    """A limiter whose server is down."""

    def __init__(self) -> None:
        self.asked = 0

    async def take(self, tenant: UUID, windows: tuple[Window, ...]) -> Verdict:
        self.asked += 1
        raise Unavailable(f"Redis does not answer, and counts nothing in {len(windows)} windows of {tenant}.")


async def test_while_redis_is_down_each_process_counts_for_itself() -> None:
    database, away = MemoryDatabase(), Away()
    meter = MeterRequests(usage=MemoryUsageStore(database), tally=MemoryRequestTally(), clock=SystemClock())
    known = KnownQuotas(quotas=MemoryQuotaStore(database))
    limit = LimitRequests(limiter=away, own=MemoryRateLimiter(), quotas=known, meter=meter, key_share=1.0, strangers=1)  # type: ignore[arg-type] # takes tuples only
    somebody = Principal(tenant=UUID(int=9), subject="key:1", credential="1", role=Role.READER)
    verdicts = [await limit(somebody) for _ in range(60)]
    assert sum(bool(verdict and verdict.allowed) for verdict in verdicts) == 50
    assert away.asked == 1


async def test_a_quota_that_is_used_up_names_itself_its_limit_and_the_usage(
    keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team, tmp_path: Path
) -> None:
    await allow(use_cases, team, repositories=1)
    answers = [
        await keyed.post(f"{API}/repositories", json={"git_url": str(tmp_path / name)}, headers=team.headers()) for name in ("a", "b")
    ]
    assert [answer.status_code for answer in answers] == [201, 403]
    problem = answers[1].json()
    assert (problem["type"], problem["quota"], problem["limit"], problem["usage"]) == (
        "urn:aelus:problem:quota-exceeded",
        "repositories",
        1,
        1,
    )


async def test_repositories_that_take_pushed_files_count_too(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    await allow(use_cases, team, repositories=1)
    bodies = [{"pushed": True, "name": name} for name in ("a", "b")]
    answers = [await keyed.post(f"{API}/repositories", json=body, headers=team.headers()) for body in bodies]
    assert [answer.status_code for answer in answers] == [201, 403]


async def test_usage_of_a_tenant_that_is_gone_is_no_obstacle_for_others(use_cases: UseCases, team: Team) -> None:
    gone = await make_team(use_cases, "gone")
    meter = use_cases.meter_requests()
    for one in (gone, team):
        meter.count(one.id)
    await use_cases.change_tenants()(gone.id, deleted=True)
    await use_cases.purge_tenants().one(gone.id)
    await meter.flush()
    today = SystemClock().now().date()
    assert len(await use_cases.ports().usage.days(team.id, since=today, until=today)) == 1


async def test_unfinished_jobs_are_held_to_their_quota(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team, tmp_path: Path) -> None:
    await allow(use_cases, team, jobs=1)
    bodies = [{"git_url": str(tmp_path / name)} for name in ("a", "a", "b")]
    answers = [await keyed.post(f"{API}/ingest/repository", json=body, headers=team.headers()) for body in bodies]
    assert [answer.status_code for answer in answers] == [202, 202, 429]
    assert answers[2].json()["quota"] == "jobs"


@pytest.mark.parametrize("limits", [{"vectors": 2}, {"storage_gb": 0}])
async def test_an_index_that_would_be_too_large_is_refused_before_it_is_made(
    use_cases: UseCases, team: Team, project: Path, limits: dict[str, int]
) -> None:
    await allow(use_cases, team, **limits)
    repository = await use_cases.register_repository()(team.id, str(project))
    with pytest.raises(QuotaExceeded):
        await use_cases.index_repository()(team.id, repository.id)
    holdings = await use_cases.ports().quotas.holdings(team.id)
    assert (holdings.vectors, holdings.storage_bytes) == (0, 0)


async def test_an_index_within_its_quota_is_made_and_kept_up_to_date(use_cases: UseCases, team: Team, project: Path) -> None:
    repository = await use_cases.register_repository()(team.id, str(project))
    report = await use_cases.index_repository()(team.id, repository.id)
    await allow(use_cases, team, vectors=report.counts.chunks)
    (project / "shop/prices.py").write_text("def net_price(gross: float) -> float:\n    return gross / 1.2\n")
    again = await use_cases.index_repository()(team.id, repository.id)
    assert again.counts.chunks == report.counts.chunks
    assert (await use_cases.ports().quotas.holdings(team.id)).vectors == report.counts.chunks


async def test_a_tenant_sees_its_quotas_and_cannot_change_them(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team) -> None:
    operator = bearer(await operator_key(use_cases))
    changed = await keyed.patch(f"{API}/admin/tenants/{team.id}/quotas", json={"vectors": 7, "jobs": 3}, headers=operator)
    forbidden = await keyed.patch(f"{API}/admin/tenants/{team.id}/quotas", json={"vectors": 10**7}, headers=team.headers())
    seen = await keyed.get(f"{API}/tenants/me/quota", headers=team.headers(Role.READER))
    assert (changed.json()["vectors"], changed.json()["repositories"], forbidden.status_code) == (7, 10, 403)
    assert {one["quota"]: one["limit"] for one in seen.json()["items"]}["vectors"] == 7


@pytest.mark.parametrize("body", [{"vectors": -1}, {"vectors": 10_000_001}, {"repositories": 1001}, {"storage_gb": 1.5}, {"cores": 1}])
async def test_a_quota_out_of_range_names_the_field(
    keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team, body: dict[str, object]
) -> None:
    operator = bearer(await operator_key(use_cases))
    answer = await keyed.patch(f"{API}/admin/tenants/{team.id}/quotas", json=body, headers=operator)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["loc"] == ["body", *body]


async def test_usage_is_shown_by_day(keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team, project: Path) -> None:
    repository = await use_cases.register_repository()(team.id, str(project))
    report = await use_cases.index_repository()(team.id, repository.id)
    for _ in range(3):
        await keyed.get(f"{API}/stats", headers=team.headers())
    shown = (await keyed.get(f"{API}/tenants/me/usage", headers=team.headers())).json()
    assert len(shown["items"]) == 1
    assert shown["totals"] | {"embeddings": 0} == {
        "requests": 4,
        "jobs": 0,
        "files_indexed": report.counts.files,
        "chunks_written": report.counts.chunks,
        "embeddings": 0,
    }


async def test_ranking_texts_is_limited_and_counted_as_other_requests_are(
    keyed: httpx2.AsyncClient, use_cases: UseCases, team: Team
) -> None:
    await allow(use_cases, team, requests_per_second=2)
    body = {"query": "a", "texts": ["a", "b"]}
    answers = [await keyed.post(f"{API}/rerank", json=body, headers=team.headers(Role.READER)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    today = SystemClock().now().date()
    (day,) = await use_cases.read_usage()(team.id, since=today, until=today)
    assert day.amounts[Metric.REQUESTS] == 2


@pytest.mark.parametrize("query", ["since=x", "since=2026-02-01&until=2026-01-01", "since=2020-01-01&until=2026-01-01"])
async def test_a_time_that_cannot_be_shown_is_refused(keyed: httpx2.AsyncClient, team: Team, query: str) -> None:
    answer = await keyed.get(f"{API}/tenants/me/usage?{query}", headers=team.headers())
    assert answer.status_code == 422
