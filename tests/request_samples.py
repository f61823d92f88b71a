"""A request for every operation, made from the models that check it: new operations are attacked without anybody thinking of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from aelus.entrypoints.http.calls import path_names
from aelus.entrypoints.http.operation import PREFIX, Operation

NO_ID = "00000000-0000-4000-8000-00000000dead"
OF_KIND = {
    "repository_id": "repository",
    "repository_ids": "repository",
    "job_id": "job",
    "job_ids": "job",
    "user_id": "user",
    "user_ids": "user",
    "group_id": "group",
    "key_id": "key",
    "tenant_id": "tenant",
    "node_id": "node",
    "start": "node",
}
"""What the ids in a field of this name are of."""
WORDS = {
    "query": "net price",
    "symbol": "net_price",
    "name": "sample",
    "git_url": "https://git.example/sample",
    "secret": "a secret of some length",
    "purpose": "webhook",
    "provider": "github",
}

Ids = Mapping[str, str]
"""Kind → id."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Enough to ask with; `sent` are the ids in it."""

    method: str
    path: str
    query: Mapping[str, Any]
    body: Any
    sent: frozenset[str]


def nobodys() -> dict[str, str]:
    """Ids that nobody has."""
    return {kind: "0" * 32 if kind == "node" else NO_ID for kind in OF_KIND.values()}


def asks_for_objects(operation: Operation) -> bool:
    """Whether a request can name somebody's object at all."""
    fields = {*operation.parameters.model_fields, *(operation.body.model_fields if operation.body else ())}
    return bool(fields & OF_KIND.keys())


def sample(operation: Operation, ids: Ids) -> Sample:
    """A request with what it must have, and with every id that it may have."""
    in_path = path_names(operation.path)
    given = _fields(operation.parameters, ids)
    path = PREFIX + operation.path.format(**{name: given[name] for name in in_path})
    return Sample(
        method=operation.method,
        path=path,
        query={name: value for name, value in given.items() if name not in in_path},
        body=_fields(operation.body, ids) if operation.body else None,
        sent=frozenset(ids.values()),
    )


def text_fields(model: type[BaseModel]) -> list[str]:
    """Fields that take a text, or several."""
    schema = model.model_json_schema()
    return [name for name, field in schema.get("properties", {}).items() if _takes_text(field)]


def _takes_text(field: Mapping[str, Any]) -> bool:
    if field.get("type") == "string":
        return True
    inner = [field["items"]] if "items" in field else field.get("anyOf", ())
    return any(_takes_text(one) for one in inner)


def _fields(model: type[BaseModel], ids: Ids) -> dict[str, Any]:
    schema = model.model_json_schema()
    required = schema.get("required", ())
    return {
        name: _value(name, field, schema, ids)
        for name, field in schema.get("properties", {}).items()
        if name in required or name in OF_KIND
    }


def _value(name: str, field: Mapping[str, Any], schema: Mapping[str, Any], ids: Ids) -> Any:
    if name in OF_KIND:
        return [ids[OF_KIND[name]]] if field.get("type") == "array" else ids[OF_KIND[name]]
    if "$ref" in field:
        named = schema["$defs"][field["$ref"].rpartition("/")[2]]
        return named["enum"][0] if "enum" in named else dict.fromkeys(named["required"], "sample")
    if field.get("type") == "array":
        return [_value(name.removesuffix("s"), field.get("items", {}), schema, ids)] if field.get("minItems") else []
    if name in WORDS or field.get("type") == "string":
        return WORDS.get(name, "sample")
    return field.get("minimum", 1)


def is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False
