"""Operations on quotas and usage. A tenant reads its own; operators set them."""

from __future__ import annotations

from aelus.domain.identity import Caller, Scope
from aelus.entrypoints.http import quota_models as models
from aelus.entrypoints.http import quotas
from aelus.entrypoints.http.identity_models import TenantParameters
from aelus.entrypoints.http.operation import Operation

QUOTA_OPERATIONS = (
    Operation(
        method="PATCH",
        path="/admin/tenants/{tenant_id}/quotas",
        name="changeQuotas",
        summary="Set how much a tenant may have; quotas that are not named stay",
        handler=quotas.change,
        admission=Caller.OPERATOR,
        parameters=TenantParameters,
        body=models.QuotasPatch,
        answer=models.QuotasAnswer,
        problems=(404,),
    ),
    Operation(
        method="GET",
        path="/tenants/me/quota",
        name="readQuotas",
        summary="What the own tenant may have, and what it has",
        handler=quotas.own,
        admission=Scope.READ,
        whole_tenant=True,
        answer=models.QuotaStateAnswer,
    ),
    Operation(
        method="GET",
        path="/tenants/me/usage",
        name="readUsage",
        summary="What the own tenant has used, by day",
        handler=quotas.usage,
        admission=Scope.READ,
        whole_tenant=True,
        parameters=models.UsageParameters,
        answer=models.UsageAnswer,
    ),
)
