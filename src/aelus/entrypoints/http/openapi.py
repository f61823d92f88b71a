"""The OpenAPI 3.1 document, made from the table of operations and the models that validate."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from aelus.domain.identity import Caller
from aelus.entrypoints.http.calls import path_names
from aelus.entrypoints.http.models import Problem
from aelus.entrypoints.http.operation import PREFIX, Operation
from aelus.entrypoints.http.operations import OPERATIONS
from aelus.entrypoints.http.problems import MEDIA_TYPE
from aelus.entrypoints.release import release

REF = "#/components/schemas/{model}"
EVERYWHERE = (400, 413, 415, 422, 500)
IDENTIFIED = (401, 403)
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An access token, or an API key."},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
}

Json = dict[str, Any]


@cache
def openapi_document() -> Json:
    paths: Json = {}
    for operation in OPERATIONS:
        paths.setdefault(PREFIX + operation.path, {})[operation.method.lower()] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Aelus",
            "version": release(),
            "summary": "Code intelligence over many repositories",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {"schemas": _schemas(OPERATIONS), "securitySchemes": SCHEMES},
    }


def _describe(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [_tag(operation)],
        "security": [] if operation.admission is Caller.ANYONE else [{name: [str(operation.admission)]} for name in SCHEMES],
        "responses": {str(operation.status): _answer(operation)} | {str(status): _problem(status) for status in _problems(operation)},
    }
    if parameters := list(_parameters(operation)):
        described["parameters"] = parameters
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": _reference(operation.body)}}}
    return described


def _tag(operation: Operation) -> str:
    """Heading of the operation on the page: the first part of its path, or `service`."""
    first = operation.path.split("/")[1]
    return "service" if operation.admission is Caller.ANYONE or first == "stats" else first


def _answer(operation: Operation) -> Json:
    answer: Json = {"description": HTTPStatus(operation.status).phrase, "headers": {"X-Request-ID": {"schema": {"type": "string"}}}}
    if operation.answer is not None:
        answer["content"] = {operation.media_type: {"schema": _reference(operation.answer)}}
    elif operation.status != HTTPStatus.NO_CONTENT:
        answer["content"] = {operation.media_type: {"schema": {"type": "string"}}}
    return answer


def _problems(operation: Operation) -> list[int]:
    everywhere = EVERYWHERE if operation.body is not None else tuple(status for status in EVERYWHERE if status not in (400, 413, 415))
    identified = () if operation.admission is Caller.ANYONE else IDENTIFIED
    return sorted({*everywhere, *identified, *operation.problems})


def _problem(status: int) -> Json:
    return {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _reference(Problem)}}}


def _parameters(operation: Operation) -> Iterable[Json]:
    """Each field of the parameters' model: in the path where the path names it, else in the query."""
    schema = operation.parameters.model_json_schema(ref_template=REF)
    in_path = path_names(operation.path)
    for name, field in schema.get("properties", {}).items():
        place = "path" if name in in_path else "query"
        parameter: Json = {"name": name, "in": place, "required": name in schema.get("required", ()), "schema": field}
        if description := field.pop("description", None):
            parameter["description"] = description
        yield parameter


def _schemas(operations: Iterable[Operation]) -> Json:
    used: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {(Problem, "serialization"): None}
    for operation in operations:
        used[(operation.parameters, "validation")] = None
        if operation.body is not None:
            used[(operation.body, "validation")] = None
        if operation.answer is not None:
            used[(operation.answer, "serialization")] = None
    _, definitions = models_json_schema(list(used), ref_template=REF)
    return {name: schema for name, schema in sorted(definitions["$defs"].items()) if not name.endswith("Parameters")}


def _reference(model: type[BaseModel]) -> Json:
    return {"$ref": REF.format(model=model.__name__)}
