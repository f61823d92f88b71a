"""Who did what: entries that are written once and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    """Not by the caller's fault; it may have been done in part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    id: UUID
    at: datetime
    actor: str
    """The subject of a principal, `user:ID`, or what else has acted, `webhook:github`."""
    action: str
    """Name of the operation."""
    object: str
    """What it was done to: `name=id`, several with a space between them."""
    origin: str
    """Address that it was asked for from; empty at the machine itself."""
    outcome: Outcome
    status: int
    """Of HTTP; 0 where there was none."""
    request_id: str
