"""Every operation that takes an id, with the ids of another tenant's objects, from everybody to whom they are not open."""

from __future__ import annotations

import hashlib
import hmac
import json

from aelus.domain.identity import Caller, Scope
from aelus.entrypoints.http.operation import Operation
from aelus.entrypoints.http.operations import OPERATIONS
from isolation_world import Tally, World, shape
from keyed_service import API
from request_samples import asks_for_objects, nobodys, sample

ASKING = [operation for operation in OPERATIONS if asks_for_objects(operation)]
REFUSED = (401, 403, 404, 422)
DESTRUCTIVE = ("DELETE", "rotateApiKey", "changeTenant")


async def test_what_is_another_tenants_is_not_there(world: World) -> None:
    """The answer is the same as for what nobody has, and tells nothing: not even that there is something."""
    tally, theirs, nobodys_ids = Tally("foreign objects"), world.theirs, nobodys()
    for operation in ASKING:
        if operation.admission is Caller.OPERATOR:
            continue
        for name, headers in world.strangers.items():
            foreign = await world.ask(sample(operation, theirs.ids), headers)
            unknown = await world.ask(sample(operation, nobodys_ids), headers)
            where = f"{operation.name} by {name}: {foreign.status_code} {foreign.text[:200]}"
            tally.check(foreign.status_code in REFUSED or _finds_nothing(foreign.status_code, foreign.text), where)
            tally.check(shape(foreign, theirs.ids) == shape(unknown, nobodys_ids), f"differs from unknown: {where}")
            tally.check(not world.traces(foreign.text, sent=frozenset(theirs.ids.values())), f"tells: {where}")
    tally.close()


async def test_what_was_not_granted_is_not_there_either(world: World) -> None:
    """Within a tenant: somebody to whom no repository is open, with the ids of what their own tenant has."""
    ids, unknown_ids = {**nobodys(), **world.mine.ids}, nobodys()
    asked = [operation for operation in ASKING if isinstance(operation.admission, Scope)]
    assert len(asked) > 20
    for operation in asked:
        hidden = await world.ask(sample(operation, ids), world.mine.callers["restricted"])
        unknown = await world.ask(sample(operation, unknown_ids), world.mine.callers["restricted"])
        assert shape(hidden, ids) == shape(unknown, unknown_ids), operation.name
        assert world.mine.marker not in hidden.text.lower(), operation.name


async def test_the_same_requests_reach_what_is_there(world: World) -> None:
    """Otherwise the attacks above would prove nothing. What removes its object is left out."""
    for operation in ASKING:
        if {operation.method, operation.name} & set(DESTRUCTIVE) or operation.admission in (Caller.OPERATOR, Caller.ANYONE):
            continue
        response = await world.ask(sample(operation, world.theirs.ids), world.theirs.callers["owner"])
        assert response.status_code in (200, 201, 202, 204, 409), (operation.name, response.text)


async def test_operators_run_tenants_and_see_nothing_of_theirs(world: World) -> None:
    for operation in OPERATIONS:
        if operation.admission is Caller.OPERATOR and operation.method == "GET" and operation.path != "/metrics":
            response = await world.ask(sample(operation, world.theirs.ids), world.operator)
            assert response.status_code == 200
            text = response.text.replace(f"team {world.theirs.marker}", "")
            assert not world.traces(text, sent=world.theirs.all_ids), "but for ids that they tried themselves, which their own log holds"


async def test_naming_another_tenant_grants_nothing(world: World) -> None:
    tally = Tally("named tenants")
    named = {"X-Tenant-ID": world.theirs.ids["tenant"]}
    for operation in OPERATIONS:
        for name, headers in world.strangers.items():
            if operation.admission is Caller.ANYONE or _ends_something(operation):
                continue
            response = await world.ask(sample(operation, world.mine.ids), headers | named)
            tally.check(response.status_code == (401 if name == "nobody" else 403), f"{operation.name} by {name}: {response.status_code}")
    tally.close()


async def test_a_webhook_is_signed_with_the_secret_of_its_own_repository(world: World) -> None:
    body = json.dumps({"ref": "refs/heads/main", "after": "1" * 40, "repository": {"default_branch": "main"}}).encode()
    statuses = []
    for side, secret_of in ((world.theirs, world.mine), (world.theirs, world.theirs), (world.mine, world.theirs)):
        secret = f"the webhook secret of {secret_of.marker}".encode()
        signature = hmac.new(secret, body, hashlib.sha256).hexdigest()
        headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={signature}", "Content-Type": "application/json"}
        response = await world.http.post(f"{API}/webhooks/github/{side.ids['repository']}", content=body, headers=headers)
        statuses.append(response.status_code)
    assert statuses == [401, 202, 401]


def _finds_nothing(status: int, text: str) -> bool:
    """An answer that lists nothing, or that had nothing to do."""
    return status == 204 or (status == 200 and not any(json.loads(text).values()))


def _ends_something(operation: Operation) -> bool:
    return operation.name == "revokeToken"
