"""Structured logs: JSON lines to standard error, all with the same seven fields.

`timestamp, level, request_id, tenant_id, message, duration_ms, status_code`; those that a line has nothing for are null. The message begins
with the name of the event, and what else is known of it follows as `name=value`.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import structlog
from structlog.typing import Processor

from aelus.domain.origin import on_behalf_of, request_id

FIELDS: Final = ("timestamp", "level", "request_id", "tenant_id", "message", "duration_ms", "status_code")
HIDDEN: Final = "***"
_CREDENTIALS: Final = re.compile(
    r"(?<=://)(?!git@)[^/\s@\"']+@"
    r"|\baelus_[A-Za-z0-9_-]{16,}"
    r"|(?<=[Bb]earer )[\w.~+/-]{8,}=*"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"
)
"""Addresses' users (but `git`, whom hosts have in common) and passwords, API keys, tokens."""
_PLAIN: Final = re.compile(r"[\w./:+-]+")
_SHORTEST_SECRET: Final = 6

Event = MutableMapping[str, Any]


def without_credentials(text: str) -> str:
    return _CREDENTIALS.sub(HIDDEN, text)


def configure_logging(level: str, *, secrets: Iterable[str] = ()) -> None:
    """Write Aelus' own events at or above `level`, and other libraries' warnings, as JSON lines to standard error.

    `secrets` are never written, whoever lets them slip into a message.
    """
    known = sorted({secret for secret in secrets if len(secret) >= _SHORTEST_SECRET}, key=len, reverse=True)
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    shape: list[Processor] = [stamp, structlog.processors.format_exc_info, _with_origin, _in_seven_fields, _Concealer(known)]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level, *shape],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.contextvars.merge_contextvars, structlog.processors.add_log_level],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *shape],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


@contextmanager
def traced(request: str, tenant: UUID | None) -> Iterator[None]:
    """Lines that are written while the context is open name this request and this tenant."""
    with on_behalf_of(request), structlog.contextvars.bound_contextvars(tenant_id=tenant and str(tenant)):
        yield


def _with_origin(_logger: Any, _method: str, event: Event) -> Event:
    event["request_id"] = request_id() or None
    return event


def _in_seven_fields(_logger: Any, _method: str, event: Event) -> Event:
    message = [str(event.pop("event", ""))]
    traceback = event.pop("exception", None)
    message += [f"{name}={_shown(event.pop(name))}" for name in sorted(event.keys() - set(FIELDS))]
    text = " ".join(message) + (f"\n{traceback}" if traceback else "")
    return {name: text if name == "message" else event.get(name) for name in FIELDS}


def _shown(value: object) -> str:
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


class _Concealer:
    """Renders a line as JSON, without the secrets that are known, and without whatever has the form of one."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._secrets = tuple(secrets)

    def __call__(self, _logger: Any, _method: str, event: Event) -> str:
        message = without_credentials(event["message"])
        for secret in self._secrets:
            message = message.replace(secret, HIDDEN)
        return json.dumps({**event, "message": message}, ensure_ascii=False, default=str)
