"""`aelus jobs`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aelus.domain.jobs import Job, JobState, StageError, unended_stages
from aelus.domain.repository import Repository, RepositoryId
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, ago, printable
from aelus.entrypoints.use_cases import UseCases

ROLES = {JobState.SUCCEEDED: "good", JobState.FAILED: "bad", JobState.CANCELLED: "warn"}


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        found = await _act(use, given)
        names = {repository.id: repository for repository in await use.list_repositories().all(TENANT)}
    if given.json:
        sys.stdout.buffer.writelines(json_line(job_object(job, names)) for job in found)
        return
    print("\n".join(_block(job, names, Painter()) for job in found) or "There are no jobs: `aelus serve` takes them over HTTP.")


async def _act(use: UseCases, given: argparse.Namespace) -> Sequence[Job]:
    if given.cancel is not None:
        return [await use.cancel_job()(TENANT, given.cancel)]
    if given.retry is not None:
        return await use.retry_jobs()(TENANT, given.retry)
    return await use.read_jobs()(TENANT)


def job_object(job: Job, repositories: Mapping[RepositoryId, Repository]) -> Mapping[str, object]:
    progress = job.progress
    return {
        "id": str(job.id),
        "repository": repositories[job.repository_id].name if job.repository_id in repositories else None,
        "status": job.state.value,
        "stage": job.stage.value,
        "files_processed": progress.files_processed,
        "files_total": progress.files_total,
        "attempts": job.attempts,
        "error": job.error,
        "stage_errors": [{"stage": error.stage.value, "detail": error.detail} for error in _stage_errors(job, repositories)],
        "next_try_at": job.next_try_at and job.next_try_at.isoformat(),
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at and job.started_at.isoformat(),
        "ended_at": job.ended_at and job.ended_at.isoformat(),
    }


def _block(job: Job, repositories: Mapping[RepositoryId, Repository], paint: Painter) -> str:
    name = repositories[job.repository_id].name if job.repository_id in repositories else "a removed repository"
    state = paint(job.state.value, ROLES.get(job.state, "strong"))
    stage = f" ({job.stage.value}, {job.progress.files_processed:,}/{job.progress.files_total:,} files)" if not job.state.ended else ""
    asked = ago(job.created_at, datetime.now(UTC))
    told = [job.error, *(f"{error.stage.value}: {error.detail}" for error in _stage_errors(job, repositories))]
    reasons = "".join(f"\n  {printable(reason)}" for reason in told if reason)
    return f"{job.id}  {paint(name, 'strong')}  {state}{stage}, asked for {asked}{reasons}"


def _stage_errors(job: Job, repositories: Mapping[RepositoryId, Repository]) -> Sequence[StageError]:
    repository = repositories.get(job.repository_id)
    return () if repository is None else unended_stages(job, repository)
