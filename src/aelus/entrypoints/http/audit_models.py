"""What travels over HTTP about who did what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, Field

from aelus.application.audit_trail import BEGINNING, END
from aelus.domain.audit import Outcome
from aelus.entrypoints.http.models import Answer, Request


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is before or behind all days that there are") from error


Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


class AuditParameters(Request):
    since: Moment = BEGINNING
    until: Moment = END
    cursor: UUID | None = None
    """`next_cursor` of the page before."""
    limit: int = Field(50, ge=1, le=100)


class AuditEntryAnswer(Answer):
    id: UUID
    at: datetime
    actor: str
    action: str
    object: str
    origin: str
    outcome: Outcome
    status: int
    request_id: str


class AuditAnswer(Answer):
    items: list[AuditEntryAnswer]
    """Oldest first."""
    next_cursor: UUID | None
