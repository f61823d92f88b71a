"""One call of one operation: who asks, with what, and how that is checked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, get_origin

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from aelus.domain.identity import Principal
from aelus.domain.tenancy import TenantId
from aelus.entrypoints.http.access import Authenticator
from aelus.entrypoints.http.models import Answer
from aelus.entrypoints.http.problems import Refused, refused_fields
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases

P_co = TypeVar("P_co", bound=BaseModel, covariant=True)
B_co = TypeVar("B_co", covariant=True)


@dataclass(frozen=True, slots=True)
class State:
    """What all calls share."""

    use_cases: UseCases
    settings: Settings
    authenticate: Authenticator
    stop: asyncio.Event
    """Set when the server is told to stop: it ends what would go on for ever, and takes nothing new."""
    streams: Counter[TenantId] = field(default_factory=Counter)
    """Answers that go on for as long as somebody listens, by tenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[P_co, B_co]):
    request: Request
    state: State
    principal: Principal
    parameters: P_co
    """Of path and query."""
    body: B_co

    @property
    def tenant(self) -> TenantId:
        """The caller's, as they see it. Operations that are open to anyone, or to operators, have none."""
        return self.principal.view

    @property
    def use(self) -> UseCases:
        return self.state.use_cases


Handler = Callable[[Call[Any, Any]], Awaitable[Answer | Response]]


async def read_body(request: Request, model: type[BaseModel], *, max_bytes: int) -> BaseModel:
    """Check and parse a JSON body of at most `max_bytes`.

    Only JSON is taken: no other site's form can send it without the browser asking first.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise Refused(415, "The request body must be application/json.")
    try:
        return model.model_validate_json(await read_bounded(request, max_bytes))
    except ValidationError as error:
        raise refused_fields(error, "body") from error


async def read_bounded(request: Request, max_bytes: int) -> bytes:
    """The body, given up as soon as it is known to be too long."""
    announced = request.headers.get("content-length", "")
    refusal = Refused(413, f"The request body has more than {max_bytes} bytes.", headers={"Connection": "close"})
    if announced.isdecimal() and int(announced[:20]) > max_bytes:
        raise refusal
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > max_bytes:
            raise refusal
    return bytes(body)


def read_parameters(request: Request, model: type[BaseModel]) -> BaseModel:
    """Check the parameters of path and query."""
    values: dict[str, object] = {}
    for name in request.query_params:
        given = request.query_params.getlist(name)
        values[name] = given if _is_list(model, name) else _once(name, given)
    values.update(request.path_params)
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise refused_fields(error, "parameters") from error


def _is_list(model: type[BaseModel], name: str) -> bool:
    field = model.model_fields.get(name)
    return field is not None and get_origin(field.annotation) in (tuple, list)


def _once(name: str, given: list[str]) -> str:
    if len(given) > 1:
        raise Refused(422, f"The parameter {name[:100]!r} is given more than once.")
    return given[0]


def path_names(path: str) -> frozenset[str]:
    """Names in braces: `/nodes/{node_id}` has `node_id`."""
    return frozenset(part[1:-1] for part in path.split("/") if part.startswith("{") and part.endswith("}"))
