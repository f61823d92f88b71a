from __future__ import annotations

from uuid import uuid4

import httpx2
from starlette.routing import Route

from aelus.domain.identity import Caller, Scope
from aelus.domain.tenancy import Tenant
from aelus.entrypoints.http.app import create_app
from aelus.entrypoints.http.openapi import openapi_document
from aelus.entrypoints.http.operation import PREFIX
from aelus.entrypoints.http.operations import OPERATIONS
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from index_builder import NOW

OPEN = {
    ("GET", "/"),
    ("GET", "/assets/{name}"),
    *(("GET", f"{PREFIX}{path}") for path in ("/docs", "/openapi.json", "/health", "/healthz", "/readyz")),
    *(("GET", f"/.well-known/{name}") for name in ("jwks.json", "oauth-protected-resource", "oauth-protected-resource/mcp")),
    ("POST", f"{PREFIX}/webhooks/{{provider}}/{{repository_id}}"),
}
"""All that is answered without a credential. An entry more is a decision, and a line here."""


def test_every_route_says_whom_it_lets_in(use_cases: UseCases, memory_settings: Settings) -> None:
    routes = [route for route in create_app(use_cases, memory_settings).routes if isinstance(route, Route)]
    assert len(routes) == len(create_app(use_cases, memory_settings).routes) > len(OPERATIONS)
    admissions = {(method, route.path): getattr(route.endpoint, "admission", None) for route in routes for method in route.methods or ()}
    assert {place for place, admission in admissions.items() if not isinstance(admission, (Caller, Scope))} == set()
    assert {place for place, admission in admissions.items() if admission is Caller.ANYONE and place[0] != "HEAD"} == OPEN


def test_the_document_tells_what_needs_a_credential() -> None:
    for operation in OPERATIONS:
        described = openapi_document()["paths"][PREFIX + operation.path][operation.method.lower()]
        assert bool(described["security"]) is (operation.admission is not Caller.ANYONE), operation.name
        assert ("401" in described["responses"]) is (operation.admission is not Caller.ANYONE or 401 in operation.problems)


async def test_the_person_at_the_machine_may_name_a_tenant_that_is_there(client: httpx2.AsyncClient, use_cases: UseCases) -> None:
    other = Tenant(id=uuid4(), name="other", created_at=NOW)
    await use_cases.ports().tenants.ensure(other)
    answers = [await client.get(f"{PREFIX}/stats", headers={"X-Tenant-ID": named}) for named in (str(other.id), str(uuid4()), "x")]
    assert [answer.status_code for answer in answers] == [200, 403, 403]
