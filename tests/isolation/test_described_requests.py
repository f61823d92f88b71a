"""A client that knows the OpenAPI document and nothing else: each answer is one that the document describes, and refuses what it forbids.

Some hundred requests in the suite; ten thousand with `pytest tests/isolation/test_described_requests.py --hypothesis-profile fuzz`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import schemathesis
import structlog
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from aelus.entrypoints.http.operation import PREFIX
from isolation_world import World
from keyed_service import listening

EACH: Final = max(6, (settings.default.max_examples if settings.default else 100) // 20)
"""Requests of each operation: some 170 of each in the profile `fuzz`."""
LEFT_OUT: Final = ("revokeToken", "followJob", "removeTenant", "changeTenant", "readyz")
"""What would end the world, or go on for as long as a job does; and what says rightly that no worker is there."""
CREDENTIALS: Final = ("authorization", "x-api-key")
UNDECIDED: Final = [ignored_auth, positive_data_acceptance]
"""What the answers are not held to: every request here shows a good credential, and rules between two fields are not in the document."""


def shown(case: schemathesis.Case[Any], credential: Mapping[str, str]) -> schemathesis.Case[Any]:
    """The request with a good credential in place of whatever was made up."""
    made = {name: value for name, value in (case.headers or {}).items() if name.lower() not in CREDENTIALS}
    case.headers = type(case.headers)({**made, **credential})
    return case


def ask_everything(address: str, world: World) -> dict[str, list[int]]:
    """Ask each operation with made requests and check the answers; the statuses of each."""
    document = schemathesis.openapi.from_url(f"{address}{PREFIX}/openapi.json")
    statuses: dict[str, list[int]] = {}
    operations: list[Any] = [found.ok() for found in document.get_all_operations()]  # type: ignore[union-attr] # or it raises
    for operation in operations:
        name = operation.definition.raw["operationId"]
        if name not in LEFT_OUT:
            credential = world.operator if f"{PREFIX}/admin/" in operation.path else world.third.callers["admin"]
            statuses[name] = ask(operation, credential)
    return statuses


def ask(operation: Any, credential: Mapping[str, str]) -> list[int]:
    statuses = []

    @settings(max_examples=EACH, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def each(case: schemathesis.Case[Any]) -> None:
        response = shown(case, credential).call(timeout=60)
        case.validate_response(response, excluded_checks=UNDECIDED)
        statuses.append(response.status_code)

    each()
    return statuses


async def test_every_answer_is_one_that_the_document_describes(world: World) -> None:
    async with listening(world.use_cases) as address:
        with structlog.testing.capture_logs() as logs:
            statuses = await asyncio.to_thread(ask_everything, address, world)
    assert len(statuses) > 50
    assert sum(len(found) for found in statuses.values()) >= 300
    assert {status for found in statuses.values() for status in found} >= {200, 404, 422}
    assert not [line for line in logs if line["log_level"] in ("error", "critical")]
