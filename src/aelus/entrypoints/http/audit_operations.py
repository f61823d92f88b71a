"""Operations on the audit log."""

from __future__ import annotations

from aelus.domain.identity import Caller, Scope
from aelus.entrypoints.http import audit
from aelus.entrypoints.http import audit_models as models
from aelus.entrypoints.http.operation import Operation

AUDIT_OPERATIONS = (
    Operation(
        method="GET",
        path="/audit",
        name="readAudit",
        summary="Who did what in the own tenant, and what was forbidden; oldest first",
        handler=audit.page,
        admission=Scope.ADMINISTER,
        whole_tenant=True,
        parameters=models.AuditParameters,
        answer=models.AuditAnswer,
    ),
    Operation(
        method="GET",
        path="/admin/audit",
        name="readOperatorsAudit",
        summary="What operators did; oldest first",
        handler=audit.operators_page,
        admission=Caller.OPERATOR,
        parameters=models.AuditParameters,
        answer=models.AuditAnswer,
    ),
)
