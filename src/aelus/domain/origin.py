"""Which request the work at hand belongs to. Set at the doors, and read where it is written down: in logs, jobs and database sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")
_request: ContextVar[str] = ContextVar("aelus_request", default="")


def request_id() -> str:
    """Id of the request; empty where there is none."""
    return _request.get()


@contextmanager
def on_behalf_of(request: str) -> Iterator[None]:
    """What is done while the context is open belongs to this request. An id that is not well-formed stands for none."""
    token = _request.set(request if WELL_FORMED.fullmatch(request) else "")
    try:
        yield
    finally:
        _request.reset(token)
