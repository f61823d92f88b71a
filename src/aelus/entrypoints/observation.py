"""What is seen of every use case from outside: one line in the log, a measurement, a span of the trace."""

from __future__ import annotations

import functools
import re
import time
from collections.abc import Mapping
from typing import Any, TypeVar

import structlog

from aelus.application.reports import IndexReport
from aelus.entrypoints import tracing
from aelus.entrypoints.metrics import measured
from aelus.ports.errors import PortError

T = TypeVar("T")


def observed(use_case: type[T]) -> type[T]:
    """The same use case, which tells of each call: its name, milliseconds, outcome and counts. Never what was asked.

    Silent inside programs that have not configured structlog, and without measurements unless they were asked for.
    """
    event = re.sub(r"(?<!^)(?=[A-Z])", "_", use_case.__name__).lower()
    call = use_case.__call__

    @functools.wraps(call)
    async def watched(self: T, *args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            with tracing.span(event):
                result = await call(self, *args, **kwargs)
        except BaseException as error:
            _record(event, time.perf_counter() - started, error)
            raise
        _record(event, time.perf_counter() - started, None, result)
        return result

    return type(use_case.__name__, (use_case,), {"__call__": watched, "__doc__": use_case.__doc__, "__module__": use_case.__module__})


def _record(event: str, seconds: float, error: BaseException | None, result: object = None) -> None:
    outcome = type(error).__name__ if error else "ok"
    metrics = measured()
    if metrics is not None:
        metrics.use_cases.labels(event, outcome).observe(seconds)
    if not structlog.is_configured():
        return
    log, duration_ms = structlog.get_logger("aelus"), round(seconds * 1000, 1)
    if isinstance(error, PortError):
        (log.warning if error.retryable else log.info)(event, outcome=outcome, duration_ms=duration_ms)
    elif isinstance(error, Exception):
        log.error(event, outcome=outcome, duration_ms=duration_ms, exc_info=error)
    else:
        log.info(event, outcome=outcome, duration_ms=duration_ms, **_figures(result))


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
