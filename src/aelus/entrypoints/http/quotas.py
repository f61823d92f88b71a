"""Quotas and usage over HTTP."""

from __future__ import annotations

from aelus.domain.quotas import GIGABYTE, Holdings, Metric, Quota
from aelus.entrypoints.http import quota_models as models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.identity_models import TenantParameters
from aelus.entrypoints.http.models import NoParameters


async def change(call: Call[TenantParameters, models.QuotasPatch]) -> models.QuotasAnswer:
    wanted = {Quota(name): limit for name, limit in call.body.model_dump(exclude_none=True).items()}
    changed = await call.use.change_quotas()(call.parameters.tenant_id, wanted)
    return models.QuotasAnswer(**{quota.value: changed.of(quota) for quota in Quota})


async def own(call: Call[NoParameters, None]) -> models.QuotaStateAnswer:
    state = await call.use.read_quotas()(call.tenant)
    used = _used(state.holdings)
    limits = {quota: None if state.quotas is None else state.quotas.of(quota) for quota in Quota}
    return models.QuotaStateAnswer(items=[models.QuotaAnswer(quota=quota, limit=limits[quota], usage=used[quota]) for quota in Quota])


async def usage(call: Call[models.UsageParameters, None]) -> models.UsageAnswer:
    days = await call.use.read_usage()(call.tenant, since=call.parameters.since, until=call.parameters.until)
    totals = {metric: sum(day.amounts.get(metric, 0) for day in days) for metric in Metric}
    return models.UsageAnswer(items=[models.DayUsageAnswer(day=day.day, amounts=dict(day.amounts)) for day in days], totals=totals)


def _used(holdings: Holdings) -> dict[Quota, float | None]:
    return {
        Quota.VECTORS: holdings.vectors,
        Quota.REQUESTS_PER_SECOND: None,
        Quota.STORAGE_GB: round(holdings.storage_bytes / GIGABYTE, 6),
        Quota.REPOSITORIES: holdings.repositories,
        Quota.JOBS: holdings.jobs,
    }
