"""Structured logs: JSON lines to standard error, and one canonical line for each use case."""

from __future__ import annotations

import functools
import logging
import re
import sys
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import structlog

from aelus.application.reports import IndexReport
from aelus.ports.errors import PortError

T = TypeVar("T")


def configure_logging(level: str) -> None:
    """Write Aelus' own events at or above `level`, and other libraries' warnings, as JSON lines to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


def observed(use_case: type[T]) -> type[T]:
    """The same use case, which logs one line for each call: its name, milliseconds, outcome and counts. Never what was asked.

    Silent inside programs that have not configured structlog.
    """
    event = re.sub(r"(?<!^)(?=[A-Z])", "_", use_case.__name__).lower()
    call = use_case.__call__

    @functools.wraps(call)
    async def watched(self: T, *args: Any, **kwargs: Any) -> Any:
        if not structlog.is_configured():
            return await call(self, *args, **kwargs)
        log = structlog.get_logger("aelus")
        started = time.perf_counter()
        try:
            result = await call(self, *args, **kwargs)
        except BaseException as error:
            _log_failure(log, event, error, _since(started))
            raise
        log.info(event, outcome="ok", ms=_since(started), **_figures(result))
        return result

    return type(use_case.__name__, (use_case,), {"__call__": watched, "__doc__": use_case.__doc__, "__module__": use_case.__module__})


def _log_failure(log: Any, event: str, error: BaseException, ms: float) -> None:
    """A refusal is part of the day's work, a service that is away is a warning, a defect is an error with its traceback."""
    outcome = type(error).__name__
    if isinstance(error, PortError):
        (log.warning if error.retryable else log.info)(event, outcome=outcome, ms=ms)
    elif isinstance(error, Exception):
        log.error(event, outcome=outcome, ms=ms, exc_info=error)
    else:
        log.info(event, outcome=outcome, ms=ms)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def _figures(result: object) -> Mapping[str, object]:
    if not isinstance(result, IndexReport):
        return {"results": len(result)} if isinstance(result, (list, tuple)) else {}
    counts, written = result.counts, result.written
    return {
        "repository_id": str(result.repository_id),
        "files": counts.files,
        "lines": counts.lines,
        "skipped": counts.skipped,
        "written_nodes": written.nodes,
        "written_edges": written.edges,
        "written_chunks": written.chunks,
    }
