"""Texts that would mean something to a database, in every field that takes a text: they are data, and change nothing."""

from __future__ import annotations

import time
from dataclasses import replace

from aelus.domain.identity import Caller
from aelus.entrypoints.http.operations import OPERATIONS
from isolation_world import Tally, World, rows
from keyed_service import API
from request_samples import Sample, sample, text_fields

PAYLOADS = (
    "'",
    "' or '1'='1",
    "'; drop table aelus.nodes; --",
    "' union select null, digest, null from aelus.api_keys --",
    "1); select pg_sleep(5); --",
    "'; set local aelus.tenant_id = '{tenant}'; --",
    "{{{tenant}}}",
    "%' escape '!",
    "\\",
    "$$; select 1; $$",
    "(?R)*)(((",
    "\u0000",
    "'||(select current_setting('aelus.tenant_id'))||'",
)
SLOW_S = 4.0


def placed(one: Sample, place: str, name: str, text: str) -> Sample:
    if place == "query":
        return replace(one, query={**one.query, name: text})
    value = [text] if isinstance(one.body.get(name), list) else text
    return replace(one, body={**one.body, name: value})


async def test_texts_for_the_database_are_texts(world: World) -> None:
    tally, before = Tally("injection"), await rows(world.owner_address, world.theirs.team.id)
    for operation in OPERATIONS:
        if operation.admission is Caller.ANYONE or operation.name in ("addTenant", "changeTenant", "revokeToken"):
            continue
        one = sample(operation, world.third.ids)
        fields = [
            ("query", name) for name in text_fields(operation.parameters) if name not in one.path and f"{{{name}}}" not in operation.path
        ]
        fields += [("body", name) for name in text_fields(operation.body)] if operation.body else []
        for place, name in fields:
            for payload in PAYLOADS:
                text = payload.format(tenant=world.theirs.ids["tenant"]) if "{tenant}" in payload else payload
                began = time.monotonic()
                response = await world.ask(placed(one, place, name, text), world.third.callers["owner"])
                where = f"{operation.name} {place} {name} {payload!r}: {response.status_code} {response.text[:200]}"
                tally.check(response.status_code < 500, where)
                tally.check(time.monotonic() - began < SLOW_S, f"slow: {where}")
                tally.check(not world.traces(response.text, sent=frozenset((world.theirs.ids["tenant"],))), f"tells: {where}")
    after = await rows(world.owner_address, world.theirs.team.id)
    tally.check(before == after, f"rows of the other tenant: {before} became {after}")
    tally.close()


async def test_texts_in_paths_are_refused(world: World) -> None:
    for path in ("/repositories/{}", "/nodes/{}", "/ingest/jobs/{}", "/users/{}", "/groups/{}/members"):
        for payload in ("' or 1=1 --", "%00", "..%2f..%2fusers", "%27", "1%3Bselect%201"):
            response = await world.http.get(API + path.format(payload), headers=world.third.callers["owner"])
            assert response.status_code in (404, 422), (path, payload)
