"""Who may call. One person on one machine, for now: whoever reaches the loopback address is that person."""

from __future__ import annotations

from starlette.requests import Request

from aelus.domain.tenancy import LOCAL_TENANT, TenantId
from aelus.entrypoints.http.problems import Refused


class LocalAccess:
    """Takes every caller for the one local tenant. Safe only where other machines cannot reach the server."""

    async def __call__(self, request: Request) -> TenantId:
        asked = request.headers.get("x-tenant-id")
        if asked is not None and asked.lower() != str(LOCAL_TENANT):
            raise Refused(403, "This service runs for one local tenant; X-Tenant-ID names another.")
        return LOCAL_TENANT
