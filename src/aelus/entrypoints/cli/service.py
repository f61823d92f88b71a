"""The use cases as a command needs them: opened by the environment's settings, for the one local tenant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_service
from aelus.entrypoints.settings import load_settings
from aelus.entrypoints.use_cases import UseCases

TENANT = LOCAL_TENANT


@asynccontextmanager
async def service() -> AsyncIterator[UseCases]:
    """The local index, or a server's where AELUS_URL names one."""
    settings = load_settings()
    if settings.url is not None:
        from aelus.entrypoints.cli.remote import remote_service

        async with remote_service(settings.url, settings.api_key) as use_cases:
            yield use_cases
        return
    async with open_service(settings) as use_cases:
        yield use_cases
