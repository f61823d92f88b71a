"""Writing down what was asked for at the doors: everything that changes something, and everything that was forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Self
from uuid import UUID

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response

from aelus.application.audit_trail import AuditTrail
from aelus.domain.audit import AuditEntry, Outcome
from aelus.domain.identity import ANONYMOUS, Principal, Scope
from aelus.entrypoints.http import audit_models as models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.operation import Operation
from aelus.entrypoints.http.problems import status_of
from aelus.ports.errors import PortError

TOLD = ("id", "job_id", "repository_id")
"""Fields of an answer that say what was made."""


class Auditor:
    """Of one operation.

    Args:
        action: its name.
        changes: whether it changes something; of one that only reads, what was forbidden is written down.
    """

    def __init__(self, action: str, trail: AuditTrail, *, changes: bool) -> None:
        self._action = action
        self._trail = trail
        self._changes = changes

    @classmethod
    def of(cls, operation: Operation, trail: AuditTrail) -> Self:
        return cls(operation.name, trail, changes=operation.method != "GET" and operation.admission is not Scope.READ)

    async def tell(self, request: Request, outcome: Response | BaseException) -> None:
        """Write it down, if it is to be: also that a request was given up, which may have been done or not.

        What could not be written is in the process' log, with all that it would have said.
        """
        status = _status(outcome)
        tenant, actor = _who(request)
        forbidden = status == HTTPStatus.FORBIDDEN
        if actor == ANONYMOUS.subject or not (self._changes or forbidden) or status == HTTPStatus.TOO_MANY_REQUESTS:
            return
        told = {**request.path_params, **(_made(outcome) if isinstance(outcome, Response) else {})}
        subject = " ".join(f"{name}={value}" for name, value in told.items())
        origin = request.client.host if request.client else ""
        try:
            await self._trail.record(
                tenant,
                actor=actor,
                action=self._action,
                subject=subject,
                origin=origin,
                outcome=_outcome(status),
                status=status,
            )
        except PortError as away:
            fields = {"actor": actor, "action": self._action, "object": subject, "origin": origin, "status_code": status}
            structlog.get_logger("aelus").error("audit_not_written", reason=str(away), **fields)


def _who(request: Request) -> tuple[UUID | None, str]:
    """Whose log it goes into, and who acted. A webhook acts for the tenant of its repository."""
    acting = request.scope.get("aelus.acting")
    if acting is not None:
        tenant, subject = acting
        return tenant, subject
    principal = request.scope.get("aelus.principal", ANONYMOUS)
    assert isinstance(principal, Principal)
    return principal.tenant, principal.subject


def _made(response: Response) -> Mapping[str, object]:
    if response.media_type != "application/json" or not response.body:
        return {}
    answer = orjson.loads(response.body)
    return {name: answer[name] for name in TOLD if answer.get(name)} if isinstance(answer, dict) else {}


def _status(outcome: Response | BaseException) -> int:
    """What the caller is told; a request that was given up is answered for the door by whoever gave it up."""
    if isinstance(outcome, Response):
        return outcome.status_code
    return status_of(outcome) if isinstance(outcome, Exception) else HTTPStatus.SERVICE_UNAVAILABLE


def _outcome(status: int) -> Outcome:
    if status < HTTPStatus.BAD_REQUEST:
        return Outcome.DONE
    return Outcome.REFUSED if status < HTTPStatus.INTERNAL_SERVER_ERROR else Outcome.FAILED


async def page(call: Call[models.AuditParameters, None]) -> models.AuditAnswer:
    return await _page(call, call.tenant)


async def operators_page(call: Call[models.AuditParameters, None]) -> models.AuditAnswer:
    return await _page(call, None)


async def _page(call: Call[models.AuditParameters, None], tenant: UUID | None) -> models.AuditAnswer:
    asked = call.parameters
    read = call.use.audit_trail().page
    found = await read(tenant, since=asked.since, until=asked.until, after=asked.cursor, limit=asked.limit)
    items = [entry_answer(entry) for entry in found]
    return models.AuditAnswer(items=items, next_cursor=items[-1].id if len(items) == asked.limit else None)


def entry_answer(entry: AuditEntry) -> models.AuditEntryAnswer:
    return models.AuditEntryAnswer(
        id=entry.id,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        object=entry.object,
        origin=entry.origin,
        outcome=entry.outcome,
        status=entry.status,
        request_id=entry.request_id,
    )
