"""Who may call: every route stands behind one of these doors, which says whom it lets in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from starlette.requests import Request
from structlog.contextvars import bind_contextvars

from aelus.application.authenticate import Authenticate
from aelus.application.limit_requests import LimitRequests
from aelus.domain.identity import ANONYMOUS, LOCAL, Admission, Caller, Principal
from aelus.entrypoints.http.problems import Refused
from aelus.ports.errors import NotAuthenticated, NotFound
from aelus.ports.rate_limiter import Verdict
from aelus.ports.tenant_store import TenantStore

WANTED: Mapping[Admission, str] = {
    Caller.OPERATOR: "Only operators may do this.",
    Caller.MEMBER: "This needs a credential of a tenant.",
}
TENANT_HEADER = "x-tenant-id"
MAX_CREDENTIAL = 8 * 1024
"""Characters of a credential that are looked at."""
FAILURES = "credentials that are not good"


UNLIMITED = ("GET", "HEAD", "OPTIONS")
"""What strangers ask in these ways costs nothing: whether the process is alive, and pages."""


class Authenticator(Protocol):
    async def __call__(self, request: Request) -> Principal:
        """Who asks. Raises Refused with 401 or 403."""
        ...


class LocalAccess:
    """Takes every caller for the one person at this machine. Safe only where other machines cannot reach the server.

    They may act for another tenant of theirs by naming it in `X-Tenant-ID`.
    """

    def __init__(self, tenants: TenantStore) -> None:
        self._tenants = tenants

    async def __call__(self, request: Request) -> Principal:
        asked = request.headers.get(TENANT_HEADER)
        if asked is None or asked.lower() == str(LOCAL.tenant):
            return LOCAL
        try:
            return replace(LOCAL, tenant=(await self._tenants.get(UUID(asked))).id)
        except (ValueError, NotFound) as error:
            raise Refused(403, "X-Tenant-ID names a tenant that this service does not have.") from error


class KeyAccess:
    """Asks everybody for a credential: `Authorization: Bearer`, or `X-API-Key`.

    An address that shows too many bad ones is refused before the next is looked up. Who was found there a moment ago goes on.
    """

    def __init__(self, authenticate: Authenticate, limit: LimitRequests) -> None:
        self._authenticate = authenticate
        self._limit = limit

    async def __call__(self, request: Request) -> Principal:
        credential = credential_of(request)
        principal = self._authenticate.remembered(credential) or await self._look_up(request, credential)
        if {asked.lower() for asked in request.headers.getlist(TENANT_HEADER)} - {str(principal.tenant)}:
            raise Refused(403, "X-Tenant-ID names another tenant than that of the credential.")
        return principal

    async def _look_up(self, request: Request, credential: str) -> Principal:
        address = _address(request)
        hold_to(request, self._limit.barred(address), of=FAILURES)
        try:
            return await self._authenticate(credential)
        except NotAuthenticated:
            hold_to(request, await self._limit.failed(address), of=FAILURES)
            raise


def credential_of(request: Request) -> str:
    """The one credential that is shown, in whichever header. Raises Refused with 401."""
    shown = set(request.headers.getlist("x-api-key"))
    for value in request.headers.getlist("authorization"):
        scheme, _, token = value.partition(" ")
        if scheme.lower() != "bearer":
            raise _asked(request, "Only Bearer credentials are taken.")
        shown.add(token.strip())
    if len(shown) > 1:
        raise _asked(request, "Several credentials are shown.")
    if not shown or not (token := shown.pop()) or len(token) > MAX_CREDENTIAL:
        raise _asked(request, "This needs a credential: an API key, or an access token.")
    return token


def _asked(request: Request, detail: str) -> Refused:
    """Says where it is told who gives credentials out."""
    metadata = f"{str(request.base_url).rstrip('/')}/.well-known/oauth-protected-resource"
    return Refused(401, detail, headers={"WWW-Authenticate": f'Bearer realm="aelus", resource_metadata="{metadata}"'})


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def admitted(request: Request, authenticate: Authenticator, limit: LimitRequests, admission: Admission) -> Principal:
    """The caller, when the door is open to them. Nothing of the request is looked at before this.

    Raises Refused with 401, 403 or 429.
    """
    if admission is Caller.ANYONE:
        if request.method not in UNLIMITED:
            hold_to(request, await limit.stranger(_address(request)))
        return ANONYMOUS
    principal = await authenticate(request)
    request.scope["aelus.principal"] = principal
    if principal.tenant is not None:
        request.scope["aelus.tenant"] = str(principal.tenant)
        bind_contextvars(tenant_id=str(principal.tenant))
    hold_to(request, await limit(principal))
    if not principal.may(admission):
        wanted = WANTED.get(admission) or f"This needs the scope {str(admission)!r} in a tenant."
        raise Refused(403, wanted, headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{admission}"'})
    return principal


def check_whole(principal: Principal) -> None:
    """Raises Refused with 403: only some of the tenant's repositories are open to them."""
    if principal.repositories is not None:
        raise Refused(403, "Only those may do this to whom all repositories of the tenant are open.")


def hold_to(request: Request, verdict: Verdict | None, *, of: str = "requests") -> None:
    """Have the answer tell what is left of the limit. Raises Refused with 429 when nothing is."""
    if verdict is None:
        return
    request.scope["aelus.limit"] = limit_headers(verdict)
    if not verdict.allowed:
        window = verdict.window
        raise Refused(
            429,
            f"The limit of {window.limit:,} {of} in {window.seconds:g} s is reached.",
            headers={"Retry-After": str(max(1, math.ceil(verdict.retry_after_s)))},
        )


def limit_headers(verdict: Verdict) -> dict[str, str]:
    window = verdict.window
    return {
        "RateLimit-Limit": str(window.limit),
        "RateLimit-Remaining": str(verdict.remaining),
        "RateLimit-Reset": str(math.ceil(verdict.reset_s)),
        "RateLimit-Policy": f"{window.limit};w={window.seconds:g}",
    }
