"""Errors as RFC 9457 problem details."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aelus.domain.quotas import Quota
from aelus.entrypoints.http.models import FieldError, Problem, QuotaProblem
from aelus.entrypoints.logging import without_credentials
from aelus.ports import errors

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:aelus:problem:"
MAX_FIELD_ERRORS = 20
CHALLENGE: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="aelus", error="invalid_token"'}

_STATUS: Mapping[type[errors.PortError], int] = {
    errors.NotAuthenticated: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.InvalidRequest: 422,
    errors.Unavailable: 503,
    errors.Misconfigured: 503,
}


class Refused(Exception):
    """A request that is turned away at the door. `status` is an HTTP status, `detail` is for the caller."""

    def __init__(self, status: int, detail: str, *, fields: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail
        self.fields = tuple(fields)
        self.headers = headers or {}


def problem_response(
    request_id: str, status: int, detail: str, *, fields: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """What the caller sent may be in the detail, but no credentials."""
    title = HTTPStatus(status).phrase
    problem = Problem(
        type=TYPE_PREFIX + title.lower().replace(" ", "-"),
        title=title,
        status=status,
        detail=without_credentials(detail),
        request_id=request_id,
        errors=list(fields) or None,
    )
    return Response(problem.model_dump_json(exclude_none=True), status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def refused_fields(error: ValidationError, place: str) -> Refused:
    """Say which fields are wrong. What was sent is not repeated."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    if any(detail["type"] == "json_invalid" for detail in details):
        return Refused(400, "The request body is not JSON.")
    return Refused(
        422, "The request has fields that cannot be used.", fields=[_field(detail, place) for detail in details[:MAX_FIELD_ERRORS]]
    )


def _field(detail: ErrorDetails, place: str) -> FieldError:
    return FieldError(loc=[place, *detail["loc"]], msg=detail["msg"].removeprefix("Value error, "))


async def on_refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return problem_response(request_id(request), error.status, error.detail, fields=error.fields, headers=error.headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    details = {404: f"There is nothing at {request.url.path[:200]}.", 405: f"{request.url.path[:200]} does not answer to {request.method}."}
    return problem_response(request_id(request), error.status_code, details.get(error.status_code, error.detail), headers=error.headers)


def status_of(error: Exception) -> int:
    """Which status an error becomes."""
    if isinstance(error, Refused):
        return error.status
    if isinstance(error, errors.QuotaExceeded):
        return 429 if error.quota is Quota.JOBS else 403
    return next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 500)


async def on_port_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.PortError)
    if isinstance(error, errors.QuotaExceeded):
        return _quota_response(request, error)
    status = status_of(error)
    detail = str(error)
    if isinstance(error, errors.Misconfigured):
        detail = "The service is not set up rightly; its log says what is missing."
    headers = CHALLENGE if isinstance(error, errors.NotAuthenticated) else _retry_after(error)
    return problem_response(request_id(request), status, detail, headers=headers)


def _quota_response(request: Request, error: errors.QuotaExceeded) -> Response:
    """403, or 429 where waiting helps: jobs end by themselves."""
    status = status_of(error)
    problem = QuotaProblem(
        type=TYPE_PREFIX + "quota-exceeded",
        title="Quota exceeded",
        status=status,
        detail=str(error),
        request_id=request_id(request),
        quota=error.quota,
        limit=error.limit,
        usage=error.usage,
    )
    headers = {"Retry-After": "5"} if status == HTTPStatus.TOO_MANY_REQUESTS else {}
    return Response(problem.model_dump_json(exclude_none=True), problem.status, headers=headers, media_type=MEDIA_TYPE)


def _retry_after(error: errors.PortError) -> dict[str, str]:
    if not error.retryable:
        return {}
    seconds = error.retry_after_s if isinstance(error, errors.RateLimited) else 0.0
    return {"Retry-After": str(max(1, round(seconds)))}


def request_id(request: Request) -> str:
    """The id that the outermost layer gave to this request."""
    value = request.scope.get("aelus.request_id", "")
    assert isinstance(value, str)
    return value
