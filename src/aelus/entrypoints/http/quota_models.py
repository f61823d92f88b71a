"""What travels over HTTP about quotas and usage."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from pydantic import Field

from aelus.domain.quotas import HIGHEST, Metric, Quota
from aelus.entrypoints.http.models import Answer, Request

DAYS_SHOWN = 30


def _today() -> date:
    return datetime.now(UTC).date()


class QuotasPatch(Request):
    """Those that are named are set."""

    vectors: int | None = Field(None, ge=0, le=HIGHEST.vectors)
    requests_per_second: int | None = Field(None, ge=0, le=HIGHEST.requests_per_second)
    storage_gb: int | None = Field(None, ge=0, le=HIGHEST.storage_gb)
    repositories: int | None = Field(None, ge=0, le=HIGHEST.repositories)
    jobs: int | None = Field(None, ge=0, le=HIGHEST.jobs)


class UsageParameters(Request):
    since: date = Field(default_factory=lambda: _today() - timedelta(days=DAYS_SHOWN - 1))
    """First day, UTC."""
    until: date = Field(default_factory=_today)
    """Last day."""


class QuotasAnswer(Answer):
    vectors: int
    requests_per_second: int
    storage_gb: int
    repositories: int
    jobs: int


class QuotaAnswer(Answer):
    quota: Quota
    limit: int | None
    """None where there is no limit."""
    usage: float | None
    """In the unit of the quota; none for requests, which are counted by the second."""


class QuotaStateAnswer(Answer):
    items: list[QuotaAnswer]


class DayUsageAnswer(Answer):
    day: date
    amounts: dict[Metric, int]


class UsageAnswer(Answer):
    items: list[DayUsageAnswer]
    totals: dict[Metric, int]
