"""What is asked of, and answered about, the consequences of changes."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import Field

from aelus.entrypoints.http.models import Answer, EdgeAnswer, NodeAnswer, Request, SymbolName


class ImpactRequest(Request):
    symbol: SymbolName
    """Simple name, its last parts (`Class.method`) or the full qualified name of what changes."""
    repository_ids: tuple[UUID, ...] = Field((), max_length=100)
    """All, when none is named."""
    max_depth: int = Field(3, ge=1, le=8)
    limit: int = Field(100, ge=1, le=500)
    """Dependants in the answer."""


class DependantAnswer(Answer):
    node: NodeAnswer
    depth: int
    """Steps from what changes; 1 for what names it itself."""
    edge: EdgeAnswer
    """The last step of the surest way."""
    confidence: float
    """Of the whole way."""


class ImpactAnswer(Answer):
    verdict: Literal["yes", "no", "unknown"]
    """Whether anything depends on it. `no` only where nothing else can name it; `unknown` where a use may have left no edge."""
    definitions: list[NodeAnswer]
    """What the name may mean."""
    dependants: list[DependantAnswer]
    """Nearest first, then the surest."""
    bounds: list[str]
    """Why there may be more; empty when the answer is complete."""
