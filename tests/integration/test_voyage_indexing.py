"""Indexing with vectors of a service, as it is set up by the settings."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from aelus import Aelus
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import Settings, load_settings
from aelus.ports.errors import Misconfigured
from sample_project import write_project
from voyage_server import KEY, VoyageServer

FUNCTIONS = 600


@pytest.fixture
async def server() -> AsyncIterator[VoyageServer]:
    async with VoyageServer() as opened:
        yield opened


@pytest.fixture
def settings(server: VoyageServer, tmp_path: Path) -> Settings:
    return load_settings(
        home=tmp_path / "home", voyage_api_key=KEY, voyage_base_url=server.url, voyage_dimensions=256, parser_processes=1, redis_url=None
    )


@pytest.fixture
def large(tmp_path: Path) -> Path:
    source = "\n\n".join(f"def function_{n}(value):\n    total = value + {n}\n    return total * {n}" for n in range(FUNCTIONS))
    return write_project(tmp_path / "large", {"functions.py": source})


def texts_of(server: VoyageServer, input_type: str = "document") -> list[str]:
    return [text for request in server.requests if request["input_type"] == input_type for text in request["input"]]


async def test_a_run_that_fails_keeps_the_vectors_that_it_has(server: VoyageServer, settings: Settings, large: Path) -> None:
    server.refuses_after = 450
    async with open_memory(settings) as use_cases:
        aelus = Aelus(use_cases)
        with pytest.raises(Misconfigured):
            await aelus.index(large)
        kept = len(texts_of(server))
        server.refuses_after, server.requests = None, []
        report = await aelus.index(large)
    again = len(texts_of(server))
    assert report.counts.chunks == FUNCTIONS
    assert again == FUNCTIONS - 384 < kept


async def test_what_is_indexed_is_found_by_its_vectors(server: VoyageServer, settings: Settings, large: Path) -> None:
    async with open_memory(settings) as use_cases:
        aelus = Aelus(use_cases)
        await aelus.index(large)
        hits = await aelus.search("function_7")
    assert hits
    assert texts_of(server, "query") == ["function_7"]
