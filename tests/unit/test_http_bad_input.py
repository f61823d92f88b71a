"""Every field of every operation is sent what it cannot take: the answer is a problem document that names the field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

import httpx2
import pytest
from pydantic import BaseModel, ValidationError

from aelus.entrypoints.http.calls import path_names
from aelus.entrypoints.http.operation import PREFIX, Operation
from aelus.entrypoints.http.operations import OPERATIONS

IDENTIFIER = "00000000-0000-4000-8000-00000000dead"
IN_BODIES: tuple[Any, ...] = (None, "", "\0", "x" * 20_000, "\ud800", -1, 10**30, 1.5, True, [], [[]], [None], {}, {"": 0}, ["x"] * 2000)
NO_OBJECTS = (b"", b"null", b"[]", b"1", b'"x"', b"{", b"\xff", b"{" * 5000, b'{"a":' * 5000)
IN_PARAMETERS = ("", "%00", "x" * 3000, "-1", "9" * 30, "1e9", "null", "[]", "../..", "' or 1=1 --", "%F0%9F%92%A9", "%ff")


class Sent(NamedTuple):
    method: str
    path: str
    body: Any
    place: str
    field: str
    value: Any


def errs_at(model: type[BaseModel], values: dict[str, Any], field: str) -> bool:
    """Whether the field itself is what is wrong."""
    try:
        model.model_validate(values)
    except ValidationError as error:
        return any(detail["loc"][:1] == (field,) for detail in error.errors())
    return False


def path_of(operation: Operation, given: dict[str, str]) -> str:
    """With something well-formed in the place of each name, or what is given."""
    fill = {name: "0" * 32 if "node" in name else IDENTIFIER for name in path_names(operation.path)}
    fill |= {"provider": "github", "purpose": "webhook"}
    return PREFIX + re.sub(r"\{(\w+)\}", lambda found: given.get(found[1], fill.get(found[1], "x")), operation.path)


def bad_bodies(operation: Operation) -> Iterator[Sent]:
    assert operation.body is not None
    for field in [*operation.body.model_fields, "unknown_field"]:
        for value in IN_BODIES:
            yield Sent(operation.method, path_of(operation, {}), {field: value}, "body", field, value)


def bad_parameters(operation: Operation) -> Iterator[Sent]:
    in_path = path_names(operation.path)
    for field in [*operation.parameters.model_fields, "unknown_field"]:
        for value in IN_PARAMETERS:
            if field not in in_path:
                yield Sent(operation.method, f"{path_of(operation, {})}?{field}={quote(value, safe='%')}", None, "parameters", field, value)
            elif value and "/" not in value:
                yield Sent(operation.method, path_of(operation, {field: quote(value, safe="%")}), None, "parameters", field, value)


async def answer_to(client: httpx2.AsyncClient, sent: Sent) -> httpx2.Response:
    if sent.place == "parameters":
        return await client.request(sent.method, sent.path, json={} if sent.method != "GET" else None)
    try:
        return await client.request(sent.method, sent.path, json=sent.body)
    except UnicodeEncodeError:
        return await client.request(sent.method, sent.path, content=b'{"query": "\\ud800"}', headers={"Content-Type": "application/json"})


def check(response: httpx2.Response, sent: Sent) -> dict[str, Any]:
    """No defect, and a problem document for every refusal."""
    assert response.status_code < 500, sent
    if response.status_code < 400:
        return {}
    problem: dict[str, Any] = response.json()
    assert response.headers["content-type"] == "application/problem+json", sent
    assert (problem["status"], problem["request_id"]) == (response.status_code, response.headers["x-request-id"])
    return problem


def names(problem: dict[str, Any], sent: Sent) -> bool:
    located = any(error["loc"][:2] == [sent.place, sent.field] for error in problem.get("errors", ()))
    return located or sent.field in problem.get("detail", "")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.body is not None], ids=lambda one: str(one.name))
async def test_a_body_that_cannot_be_is_refused_by_field(client: httpx2.AsyncClient, operation: Operation) -> None:
    assert operation.body is not None
    for sent in bad_bodies(operation):
        problem = check(await answer_to(client, sent), sent)
        if sent.value != "\ud800" and errs_at(operation.body, sent.body, sent.field):
            assert problem.get("status") == 422, sent
            assert names(problem, sent), (sent, problem)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: str(one.name))
async def test_parameters_that_cannot_be_are_refused_by_name(client: httpx2.AsyncClient, operation: Operation) -> None:
    for sent in bad_parameters(operation):
        problem = check(await answer_to(client, sent), sent)
        if sent.field == "unknown_field":
            assert problem.get("status") == 422, sent
            assert names(problem, sent), (sent, problem)


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.body is not None], ids=lambda one: str(one.name))
async def test_what_is_no_object_is_refused(client: httpx2.AsyncClient, operation: Operation) -> None:
    for content in NO_OBJECTS:
        sent = Sent(operation.method, path_of(operation, {}), content, "body", "", content[:10])
        response = await client.request(sent.method, sent.path, content=content, headers={"Content-Type": "application/json"})
        assert check(response, sent)["status"] in (400, 422)
