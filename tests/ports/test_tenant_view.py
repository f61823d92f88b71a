"""One suite for every store: to some only some of a tenant's repositories are open, and all the others are not there."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from aelus.domain.jobs import Job, JobState, Progress, Stage
from aelus.domain.pushes import FilePush
from aelus.domain.repository import Repository
from aelus.domain.search import SearchFilter
from aelus.domain.secrets import SecretPurpose
from aelus.domain.source import SourceLimits
from aelus.domain.tenancy import TenantView, visible_repositories, whole
from aelus.ports.errors import Conflict, NotFound
from index_builder import MODEL, NOW, change, identifier, small, vector
from stores import Stores

EVERYWHERE = SearchFilter()
STAGES = ("nearest", "matching", "named", "alike")


class Tenancy:
    """A tenant with two repositories of the same content, one of them open."""

    def __init__(self, stores: Stores, tenant: UUID, shown: Repository, hidden: Repository) -> None:
        self.stores, self.tenant, self.open, self.hidden = stores, tenant, shown, hidden
        self.view = TenantView(tenant, [shown.id])
        self.nobody = TenantView(tenant, [])
        self.jobs: dict[UUID, Job] = {}

    async def chunks(self, tenant: UUID, where: SearchFilter = EVERYWHERE) -> dict[str, set[UUID]]:
        """Whose chunks each stage of a search finds."""
        vectors = self.stores.vectors
        found = (
            await vectors.nearest(tenant, vector(1.0, 1.0), model=MODEL, where=where, limit=10),
            await vectors.matching(tenant, {"pay": 1.0}, where=where, limit=10),
            await vectors.named(tenant, ["pay"], where=where, limit=10),
            await vectors.alike(tenant, "pay", where=where, limit=10),
        )
        return {stage: {one.repository_id for one in hits} for stage, hits in zip(STAGES, found, strict=True)}


@pytest.fixture
async def tenancy(stores: Stores) -> Tenancy:
    tenant = await stores.tenant()
    shown, hidden = await stores.repository(tenant, "open"), await stores.repository(tenant, "hidden")
    for one in (shown, hidden):
        await stores.write(tenant, one, change(small(one.id)))
        await stores.secrets.put(tenant, one.id, SecretPurpose.CREDENTIAL, "secret")
        await stores.deliveries.remember(tenant, one.id, "delivery", at=NOW)
    made = Tenancy(stores, tenant, shown, hidden)
    made.jobs = {one.id: await stores.jobs.add(tenant, job(one)) for one in (shown, hidden)}
    return made


async def test_pushed_files_of_hidden_repositories_are_not_there(tenancy: Tenancy) -> None:
    pushed, limits = tenancy.stores.pushed_files, SourceLimits()
    push = FilePush(files={"a.py": b"x = 1"}, commit="one")
    for one in (tenancy.open, tenancy.hidden):
        await pushed.apply(tenancy.tenant, one.id, push, limits=limits)
    states = [await pushed.state(tenancy.view, one.id) for one in (tenancy.open, tenancy.hidden)]
    assert [(state.commit, list(state.files)) for state in states] == [("one", ["a.py"]), ("", [])]
    assert list(await pushed.read(tenancy.view, tenancy.hidden.id, ["a.py"])) == [None]
    await refused([pushed.apply(tenancy.view, tenancy.hidden.id, push, limits=limits)])


def job(repository: Repository) -> Job:
    return Job(
        id=uuid4(),
        repository_id=repository.id,
        state=JobState.QUEUED,
        stage=Stage.READ,
        progress=Progress(),
        attempts=0,
        error="",
        file_errors=(),
        created_at=NOW,
        started_at=None,
        ended_at=None,
    )


async def refused(attempts: Sequence[Awaitable[object]], kind: type[Exception] = NotFound) -> None:
    for attempt in attempts:
        with pytest.raises(kind):
            await attempt


async def test_every_stage_of_search_finds_what_is_open(tenancy: Tenancy) -> None:
    shown, hidden = tenancy.open.id, tenancy.hidden.id
    found = [
        await tenancy.chunks(tenancy.tenant),
        await tenancy.chunks(tenancy.view),
        await tenancy.chunks(tenancy.view, SearchFilter(repositories=(hidden,))),
        await tenancy.chunks(tenancy.nobody),
    ]
    for stage in STAGES:
        assert [one[stage] for one in found] == [{shown, hidden}, {shown}, set(), set()], stage


async def test_the_score_of_words_tells_nothing_of_what_is_not_open(tenancy: Tenancy) -> None:
    """Rarity is counted over what is open: a word that others have too weighs as if they had not."""
    vectors, terms = tenancy.stores.vectors, {"pay": 1.0, "total": 1.0}
    alone = SearchFilter(repositories=(tenancy.open.id,))
    within = await vectors.matching(tenancy.tenant, terms, where=alone, limit=10)
    seen = await vectors.matching(tenancy.view, terms, where=EVERYWHERE, limit=10)
    assert [(one.chunk.id, one.score) for one in seen] == [(one.chunk.id, one.score) for one in within]


async def test_the_graph_ends_where_what_is_open_ends(tenancy: Tenancy) -> None:
    graph = tenancy.stores.graph
    mine, theirs = (identifier(one.id, "cart.py", "pay") for one in (tenancy.open, tenancy.hidden))
    assert [stored.node.id for stored in await graph.nodes(tenancy.view, [mine, theirs])] == [mine]
    assert [stored.repository_id for stored in await graph.find(tenancy.view, "pay")] == [tenancy.open.id]
    assert [edge.src for edge in await graph.edges(tenancy.view, [mine, theirs])] == [mine]
    prices = [identifier(one.id, "prices.py", "price_of") for one in (tenancy.open, tenancy.hidden)]
    assert set((await graph.ties(tenancy.view, [mine, theirs, *prices])).uses) == {prices[0]}
    assert [item async for item in graph.export(tenancy.view, tenancy.hidden.id)] == []


async def test_other_repositories_are_not_there(tenancy: Tenancy) -> None:
    store, hidden = tenancy.stores.repositories, tenancy.hidden
    assert [one.name for one in await store.list(tenancy.view)] == ["open"]
    assert [stamp.repository_id for stamp in await store.stamps(tenancy.view)] == [tenancy.open.id]
    assert await store.stamps(tenancy.view, [hidden.id]) == []
    assert await store.find(tenancy.view, "hidden") is None
    attempts = (store.get, store.skipped, store.remove)
    await refused([*(attempt(tenancy.view, hidden.id) for attempt in attempts), store.update(tenancy.view, replace(hidden, name="mine"))])
    await refused([store.update(tenancy.view, replace(tenancy.open, name="hidden"))], Conflict)
    assert len(await tenancy.stores.vectors.of_file(tenancy.tenant, hidden.id, "cart.py")) == 1
    assert len(await tenancy.stores.vectors.of_file(tenancy.view, hidden.id, "cart.py")) == 0
    assert len(await store.list(tenancy.nobody)) == 0


async def test_jobs_secrets_and_deliveries_of_others_are_not_there(tenancy: Tenancy) -> None:
    stores, view, hidden = tenancy.stores, tenancy.view, tenancy.hidden
    theirs = tenancy.jobs[hidden.id]
    assert [one.repository_id for one in await stores.jobs.list(view)] == [tenancy.open.id]
    await refused([stores.jobs.get(view, theirs.id), stores.jobs.update(view, theirs)])
    assert await stores.secrets.get(view, hidden.id, SecretPurpose.CREDENTIAL) is None
    await stores.secrets.forget(view, hidden.id, SecretPurpose.CREDENTIAL)
    assert await stores.secrets.get(tenancy.tenant, hidden.id, SecretPurpose.CREDENTIAL) == "secret"
    assert not await stores.deliveries.knows(view, hidden.id, "delivery")


async def test_writing_one_that_is_open_leaves_what_the_others_share_with_it(tenancy: Tenancy) -> None:
    """Facts and vectors belong to the tenant: nobody drops them as unused because they do not see who uses them."""
    stores, view = tenancy.stores, tenancy.view
    await refused([stores.write(view, tenancy.hidden, change(small()))])
    await stores.write(view, tenancy.open, change([], ["cart.py", "prices.py"]))
    assert (await tenancy.chunks(tenancy.tenant))["nearest"] == {tenancy.hidden.id}
    await stores.repositories.remove(view, tenancy.open.id)
    assert (await tenancy.chunks(tenancy.tenant))["nearest"] == {tenancy.hidden.id}
    async with stores.indexes.session(tenancy.tenant, tenancy.hidden.id) as session:
        assert len(await session.facts([identifier("cart.py", "1")], parser_version="p1")) == 1


def test_a_view_stays_one_wherever_it_goes() -> None:
    tenant, repository = uuid4(), uuid4()
    view = TenantView(tenant, [repository])
    for copied in (view, pickle.loads(pickle.dumps(view)), copy.copy(view), copy.deepcopy(view)):
        assert visible_repositories(copied) == frozenset((repository,))
        assert (copied, hash(copied), str(copied)) == (tenant, hash(tenant), str(tenant))
    assert visible_repositories(tenant) is visible_repositories(whole(view)) is None
