"""Requests of every operation with whatever hypothesis thinks of: a refusal names the field, and nothing is a defect.

A few hundred in the suite; ten thousand with `pytest tests/isolation/test_fuzzing.py --hypothesis-profile fuzz`.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from aelus.domain.identity import Caller
from aelus.entrypoints.http.calls import path_names
from aelus.entrypoints.http.operation import PREFIX, Operation
from aelus.entrypoints.http.operations import OPERATIONS
from isolation_world import World
from request_samples import OF_KIND, nobodys

LEFT_OUT = ("revokeToken", "followJob", "removeTenant", "changeTenant", "readyz")
"""What would end the world, or go on for as long as a job does; and what says rightly that no worker is there."""
ASKED = [operation for operation in OPERATIONS if operation.name not in LEFT_OUT]
WORDS = st.sampled_from(
    ["", " ", "a", "shop", "net_price", "0", "-1", "null", "%", "é", "\u2028", "'", "[", "a" * 9000, "lang:x", "../..", "\x7f"]
)
TEXTS = WORDS | st.text(max_size=30)
SCALARS = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6)
EACH = 3
"""Requests of one example."""
SIMPLE: dict[str, st.SearchStrategy[Any]] = {"boolean": st.booleans(), "null": st.none()}
METHODS = ("HEAD", "OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE")


def values(name: str, field: dict[str, Any], schema: dict[str, Any], ids: list[str]) -> st.SearchStrategy[Any]:
    """Mostly what the field takes, to come past the first check, and sometimes anything."""
    return st.one_of(_right(name, field, schema, ids), _right(name, field, schema, ids), JSON)


def _right(name: str, field: dict[str, Any], schema: dict[str, Any], ids: list[str]) -> st.SearchStrategy[Any]:
    if "anyOf" in field:
        return st.one_of([_right(name, one, schema, ids) for one in field["anyOf"]])
    if "$ref" in field:
        named = schema["$defs"][field["$ref"].rpartition("/")[2]]
        return st.sampled_from(named["enum"]) if "enum" in named else _object(named | {"$defs": schema["$defs"]}, ids)
    if field.get("type") == "array":
        return st.lists(_right(name, field.get("items", {}), schema, ids), max_size=4)
    if name in OF_KIND or field.get("format") == "uuid":
        return st.sampled_from(ids)
    if field.get("type") in ("integer", "number"):
        least = int(field.get("minimum", field.get("exclusiveMinimum", -5)))
        return st.integers(least, min(int(field.get("maximum", 100)), least + 100))
    return SIMPLE.get(field.get("type", ""), TEXTS)


def fields(model: type[BaseModel], ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    return _object(model.model_json_schema(), ids)


def _object(schema: dict[str, Any], ids: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    known = {name: values(name, field, schema, ids) for name, field in schema.get("properties", {}).items()}
    required = {name: known.pop(name) for name in schema.get("required", ())}
    whole = st.fixed_dictionaries(required, optional=known)
    return st.one_of(whole, whole, st.dictionaries(st.sampled_from([*known, *required, "other"]), JSON, max_size=4))


@st.composite
def requests(draw: st.DrawFn, operation: Operation, ids: list[str]) -> dict[str, Any]:
    given_ = draw(fields(operation.parameters, ids))
    places = {name: quote(str(given_.pop(name, "x")), safe="") or "x" for name in path_names(operation.path)}
    body = draw(st.one_of(fields(operation.body, ids), fields(operation.body, ids), JSON)) if operation.body else None
    query = {name: value if isinstance(value, list) else [value] for name, value in given_.items()}
    pairs = [(name, one if isinstance(one, str) else repr(one)) for name, found in query.items() for one in found]
    method = draw(st.sampled_from([operation.method] * 20 + list(METHODS)))
    return {"method": method, "url": PREFIX + operation.path.format(**places), "params": pairs, "json": body}


async def ask(world: World, request: dict[str, Any], caller: dict[str, str]) -> None:
    response = await world.http.request(**request, headers=caller)
    assert response.status_code < 500, (request, response.text)
    if response.status_code >= 400 and request["method"] != "HEAD":
        assert response.headers["content-type"] == "application/problem+json", (request, response.text)
        problem = response.json()
        assert problem["status"] == response.status_code
        assert response.status_code != 422 or problem.get("errors") or len(problem["detail"]) > 20, (request, problem)
    assert not world.traces(response.text.replace(f"team {world.theirs.marker}", ""), sent=world.theirs.all_ids), request


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_no_request_finds_a_defect(world: World, data: st.DataObject) -> None:
    """Ids are the caller's own, another tenant's, and nobody's."""
    ids = [*world.third.ids.values(), *world.theirs.ids.values(), *nobodys().values()]
    for _ in range(EACH):
        operation = data.draw(st.sampled_from(ASKED))
        caller = world.operator if operation.admission is Caller.OPERATOR else world.third.callers["admin"]
        await ask(world, data.draw(requests(operation, ids)), caller)
