"""Repositories over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from aelus.application.update_repository import RepositoryChange
from aelus.entrypoints.http import models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.presentation import repository_answer, stats_answer, total_counts
from aelus.entrypoints.http.problems import Refused


async def add(call: Call[models.NoParameters, models.NewRepository]) -> models.RepositoryAnswer:
    body, register = call.body, call.use.register_repository()
    if body.pushed == (body.git_url is not None):
        raise Refused(422, "Give either git_url, or pushed and a name.")
    if body.git_url is None:
        return repository_answer(await register.for_pushes(call.tenant, body.name or "", branch=body.branch, kind=body.repo_type))
    check_location(call, body.git_url)
    repository = await register(call.tenant, body.git_url, name=body.name or "", branch=body.branch, kind=body.repo_type)
    return repository_answer(repository)


async def page(call: Call[models.PageParameters, None]) -> models.RepositoryPageAnswer:
    found = await call.use.list_repositories()(call.tenant, after=call.parameters.cursor, limit=call.parameters.limit)
    return models.RepositoryPageAnswer(items=[repository_answer(item) for item in found.items], next_cursor=found.next_after or None)


async def one(call: Call[models.RepositoryParameters, None]) -> models.RepositoryAnswer:
    return repository_answer(await call.use.get_repository()(call.tenant, call.parameters.repository_id))


async def left_out(call: Call[models.LeftOutParameters, None]) -> models.LeftOutPageAnswer:
    asked = call.parameters
    found = await call.use.list_left_out()(call.tenant, asked.repository_id, after=asked.cursor, limit=asked.limit)
    items = [models.LeftOutFileAnswer(path=file.path, reason=file.reason, detail=file.detail) for file in found.items]
    return models.LeftOutPageAnswer(items=items, next_cursor=found.next_after or None)


async def change(call: Call[models.RepositoryParameters, models.RepositoryPatch]) -> models.RepositoryAnswer:
    body = call.body
    if body.git_url is not None:
        check_location(call, body.git_url)
    wanted = RepositoryChange(
        name=body.name, location=body.git_url, branch=body.branch, kind=body.repo_type, file_patterns=body.file_patterns
    )
    return repository_answer(await call.use.update_repository()(call.tenant, call.parameters.repository_id, wanted))


async def remove(call: Call[models.RepositoryParameters, None]) -> Response:
    await call.use.remove_repository()(call.tenant, call.parameters.repository_id)
    return Response(status_code=204)


async def keep_secret(call: Call[models.SecretParameters, models.NewSecret]) -> Response:
    where = call.parameters
    await call.use.change_secret()(call.tenant, where.repository_id, where.purpose, call.body.secret.get_secret_value())
    return Response(status_code=204)


async def forget_secret(call: Call[models.SecretParameters, None]) -> Response:
    await call.use.change_secret()(call.tenant, call.parameters.repository_id, call.parameters.purpose, None)
    return Response(status_code=204)


async def stats(call: Call[models.StatsParameters, None]) -> models.StatsAnswer:
    named = call.parameters.repository_id
    get = call.use.get_repository()
    found = [await get(call.tenant, one) for one in named] if named else await call.use.list_repositories().all(call.tenant)
    freshness = call.use.read_freshness()
    states = [stats_answer(one, await freshness(call.tenant, one)) for one in found]
    return models.StatsAnswer(repositories=states, totals=total_counts(found))


def check_location(call: Call[Any, Any], location: str) -> None:
    """Refuse addresses of kinds, and places on this machine, that its owner has not opened to callers."""
    settings = call.state.settings
    schemes = {"https://": True, "http://": settings.git_allow_http, "ssh://": settings.git_allow_ssh}
    if any(allowed and location.startswith(scheme) for scheme, allowed in schemes.items()):
        return
    roots = [root.resolve() for root in settings.path_roots]
    path = unquote(location.removeprefix("file://"))
    if path.startswith("/") and "\0" not in path and any(Path(path).resolve().is_relative_to(root) for root in roots):
        return
    raise Refused(
        422,
        "git_url must be an https:// address (ssh:// with AELUS_GIT_ALLOW_SSH), or a path or file:// address below one of the folders in "
        "AELUS_PATH_ROOTS.",
    )
