from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from typing import Any
from uuid import UUID

import httpx2
import pytest
import structlog

from aelus.application.reports import IndexReport
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.logging import FIELDS, configure_logging, traced
from aelus.entrypoints.settings import Settings
from aelus.entrypoints.use_cases import UseCases
from aelus.entrypoints.worker import run_worker

TENANT = UUID(int=7)
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def logged() -> Iterator[Lines]:
    """What is written to the log of a service, as it reads."""
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    written = io.StringIO()
    with redirect_stderr(written):
        configure_logging("debug", secrets=["hunter2hunter2", "", "x"])
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.reset_defaults()
    root.handlers[:] = before
    root.setLevel(level)


def test_every_line_has_the_same_fields(logged: Lines) -> None:
    with traced("request-1", TENANT):
        structlog.get_logger("aelus").info("search_code", duration_ms=1.5, results=3, outcome="ok")
        structlog.get_logger("aelus").warning("cache_away", error="Time out")
        logging.getLogger("another.library").warning("it %s", "warns")
    logging.getLogger("another.library").error("apart")
    lines = logged()
    assert [tuple(line) for line in lines] == [FIELDS] * 4
    assert lines[0] | {"timestamp": ""} == {
        "timestamp": "",
        "level": "info",
        "request_id": "request-1",
        "tenant_id": str(TENANT),
        "message": "search_code outcome=ok results=3",
        "duration_ms": 1.5,
        "status_code": None,
    }
    assert [line["message"] for line in lines[1:]] == ['cache_away error="Time out"', "it warns", "apart"]
    assert [line["request_id"] for line in lines[2:]] == ["request-1", None]


def test_a_traceback_is_a_part_of_the_message(logged: Lines) -> None:
    structlog.get_logger("aelus").error("request_failed", exc_info=ZeroDivisionError())
    message = logged()[0]["message"]
    assert message.startswith("request_failed\n")
    assert "ZeroDivisionError" in message


@pytest.mark.parametrize(
    "secret",
    [
        "hunter2hunter2",
        "postgresql://aelus:hunter3@host/db",
        "aelus_abcdefghij0123456789",
        "Bearer opaque-token-0123",
        "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_no_secret_is_written_whoever_lets_it_slip(logged: Lines, secret: str) -> None:
    structlog.get_logger("aelus").info("slipped", what=f"it is {secret} indeed")
    logging.getLogger("another.library").warning("it is %s", secret)
    structlog.get_logger("aelus").error("failed", exc_info=ValueError(secret))
    shown = json.dumps(logged())
    hidden = secret.removeprefix("Bearer ").replace("postgresql://aelus:", "").removesuffix("@host/db")
    assert shown.count("***") >= 3
    assert hidden not in shown


async def test_a_request_is_one_line_with_its_id_tenant_status_and_time(logged: Lines, client: httpx2.AsyncClient) -> None:
    await client.get("/api/v1/stats", headers={"X-Request-ID": "abc-123"})
    line = logged()[-1]
    assert (line["request_id"], line["status_code"], line["tenant_id"]) == ("abc-123", 200, "00000000-0000-4000-8000-000000000001")
    assert line["message"] == "http_request method=GET route=/api/v1/stats"
    assert line["duration_ms"] >= 0


async def test_a_request_s_id_follows_its_job_into_the_worker(
    logged: Lines, client: httpx2.AsyncClient, use_cases: UseCases, memory_settings: Settings, indexed: IndexReport
) -> None:
    body = {"repository_id": str(indexed.repository_id)}
    await client.post("/api/v1/ingest/repository", json=body, headers={"X-Request-ID": "the-push"})
    stop = asyncio.Event()
    working = asyncio.create_task(run_worker(use_cases, memory_settings, stop=stop))
    async with asyncio.timeout(20):
        while not any(line["message"].startswith("run_job") for line in logged()):  # noqa: ASYNC110 - the log is all there is to watch
            await asyncio.sleep(0.05)
    stop.set()
    await working
    events = {line["message"].partition(" ")[0] for line in logged() if line["request_id"] == "the-push"}
    assert {"http_request", "request_ingestion", "index_repository", "run_job"} <= events
    assert {line["tenant_id"] for line in logged() if line["message"].startswith("run_job")} == {str(LOCAL_TENANT)}
