"""Consequences of changes over HTTP."""

from __future__ import annotations

from aelus.application.assess_impact import Dependant
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.intelligence_models import DependantAnswer, ImpactAnswer, ImpactRequest
from aelus.entrypoints.http.models import NoParameters
from aelus.entrypoints.http.presentation import edge_answer, node_answer


async def impact(call: Call[NoParameters, ImpactRequest]) -> ImpactAnswer:
    body = call.body
    assess = call.use.assess_impact()
    found = await assess(call.tenant, body.symbol, repositories=body.repository_ids, max_depth=body.max_depth, limit=body.limit)
    return ImpactAnswer(
        verdict=found.verdict.value,
        definitions=[node_answer(stored) for stored in found.definitions],
        dependants=[_dependant(one) for one in found.dependants],
        bounds=list(found.bounds),
    )


def _dependant(one: Dependant) -> DependantAnswer:
    return DependantAnswer(node=node_answer(one.node), depth=one.depth, edge=edge_answer(one.edge), confidence=round(one.confidence, 3))
