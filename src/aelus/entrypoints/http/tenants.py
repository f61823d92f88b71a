"""The life of tenants over HTTP, for operators."""

from __future__ import annotations

from starlette.responses import Response

from aelus.domain.tenancy import Tenant
from aelus.entrypoints.http import identity_models as models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.members import issued_answer
from aelus.entrypoints.http.models import NoParameters


async def add(call: Call[NoParameters, models.NewTenant]) -> models.NewTenantAnswer:
    made = await call.use.change_tenants().create(call.body.name)
    return models.NewTenantAnswer(api_key=issued_answer(made.key), **tenant_answer(made.tenant).model_dump())


async def everyone(call: Call[NoParameters, None]) -> models.TenantsAnswer:
    return models.TenantsAnswer(items=[tenant_answer(tenant) for tenant in await call.use.read_tenants()()])


async def one(call: Call[models.TenantParameters, None]) -> models.TenantAnswer:
    return tenant_answer(await call.use.read_tenants().one(call.parameters.tenant_id))


async def change(call: Call[models.TenantParameters, models.TenantPatch]) -> models.TenantAnswer:
    body = call.body
    return tenant_answer(await call.use.change_tenants()(call.parameters.tenant_id, name=body.name, deleted=body.deleted))


async def remove(call: Call[models.TenantParameters, None]) -> Response:
    """Its credentials open nothing from now on; a worker purges it when it cannot be brought back any more."""
    await call.use.change_tenants()(call.parameters.tenant_id, deleted=True)
    return Response(status_code=204)


def tenant_answer(tenant: Tenant) -> models.TenantAnswer:
    return models.TenantAnswer(id=tenant.id, name=tenant.name, created_at=tenant.created_at, deleted_at=tenant.deleted_at)
