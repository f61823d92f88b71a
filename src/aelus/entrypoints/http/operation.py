"""One operation: how it is called, whom it lets in, what it takes and answers."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from aelus.domain.identity import Admission
from aelus.entrypoints.http import models
from aelus.entrypoints.http.calls import Handler

PREFIX = "/api/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    method: str
    path: str
    """Below `PREFIX`."""
    name: str
    """Unique; the `operationId`."""
    summary: str
    handler: Handler
    admission: Admission
    """Whom it lets in."""
    parameters: type[BaseModel] = models.NoParameters
    """Of path and query."""
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    """None for an answer without content, or of another media type."""
    media_type: str = "application/json"
    status: int = 200
    problems: tuple[int, ...] = ()
    """Statuses of refusals beside those that every operation may give."""
    confidential: bool = False
    """Whether its answer holds a secret; it is not compressed then."""
    whole_tenant: bool = False
    """Whether those are kept out to whom only some repositories are open: what it does would tell of the others, or touch them."""
