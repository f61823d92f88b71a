"""`aelus repos`."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from getpass import getpass

from aelus.application.change_secret import MOST, MOST_OF_LINES
from aelus.domain.repository import Repository
from aelus.domain.secrets import OF_LINES, SecretPurpose
from aelus.domain.source import SkippedFile
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.left_out import left_out_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import Painter, ago, printable
from aelus.entrypoints.use_cases import UseCases


async def run(given: argparse.Namespace) -> None:
    async with service() as use:
        if given.remove is not None:
            repository = await use.get_repository()(TENANT, given.remove)
            await use.remove_repository()(TENANT, repository.id)
            print(f"{repository.name} is forgotten; {printable(repository.location)} was not touched.")
            return
        if given.left_out is not None:
            repository = await use.get_repository()(TENANT, given.left_out)
            _print_left_out(await use.list_left_out().all(TENANT, repository.id), as_json=given.json)
            return
        if given.secret is not None:
            await _change_secret(use, given.secret, SecretPurpose(given.purpose), forget=given.forget)
            return
        known = await use.list_repositories().all(TENANT)
    if given.json:
        sys.stdout.buffer.writelines(json_line(repository_object(repository)) for repository in known)
        return
    print("\n".join(_block(repository, Painter()) for repository in known) or "Nothing is indexed yet: `aelus index PATH` begins.")


def _print_left_out(files: Sequence[SkippedFile], *, as_json: bool) -> None:
    if as_json:
        objects = ({"path": file.path, "reason": file.reason.value, "detail": file.detail} for file in files)
        sys.stdout.buffer.writelines(map(json_line, objects))
        return
    print("\n".join(map(left_out_line, files)) or "No file was left out.")


async def _change_secret(use: UseCases, name: str, purpose: SecretPurpose, *, forget: bool) -> None:
    repository = await use.get_repository()(TENANT, name)
    secret = None if forget else await asyncio.to_thread(_asked, purpose)
    await use.change_secret()(TENANT, repository.id, purpose, secret)
    if forget:
        print(f"The {purpose} of {repository.name} is forgotten.")
    elif purpose is SecretPurpose.WEBHOOK:
        print(f"Kept. Announce pushes to /api/v1/webhooks/PROVIDER/{repository.id} (github, gitlab or gitea), signed with it.")
    else:
        print(f"Kept. {printable(repository.location)} is fetched with it from now on.")


def _asked(purpose: SecretPurpose) -> str:
    if purpose in OF_LINES:
        return sys.stdin.read(MOST_OF_LINES + 2)
    if sys.stdin.isatty():
        return getpass(f"{purpose.capitalize()}: ")
    return sys.stdin.read(MOST + 2).removesuffix("\n").removesuffix("\r")


def repository_object(repository: Repository) -> Mapping[str, object]:
    index = repository.index
    counts = index.counts if index else None
    return {
        "name": repository.name,
        "location": repository.location,
        "branch": repository.branch,
        "commit": index.commit if index else None,
        "indexed_at": index.indexed_at.isoformat() if index else None,
        "files": counts.files if counts else 0,
        "lines": counts.lines if counts else 0,
        "nodes": counts.nodes if counts else 0,
        "edges": counts.edges if counts else 0,
        "chunks": counts.chunks if counts else 0,
        "skipped": counts.skipped if counts else 0,
        "lacks_vectors": index is not None and index.lacks_vectors,
        "vectors_error": index.vectors_error if index else "",
    }


def _block(repository: Repository, paint: Painter) -> str:
    place = paint(printable(repository.location), "path") + (f" at {printable(repository.branch)}" if repository.branch else "")
    return f"{paint(printable(repository.name), 'strong')}  {place}\n  {_freshness(repository)}"


def _freshness(repository: Repository) -> str:
    index = repository.index
    if index is None:
        return "not indexed yet"
    counts = index.counts
    commit = f", commit {index.commit[:12]}" if index.commit else ""
    behind = "; vectors are still being made" if index.lacks_vectors else ""
    if index.vectors_error:
        behind = f"; vectors cannot be made: {printable(index.vectors_error)}"
    return (
        f"indexed {ago(index.indexed_at, datetime.now(UTC))}{commit}: {counts.files:,} files, {counts.lines:,} lines, "
        f"{counts.nodes:,} nodes, {counts.edges:,} edges, {counts.chunks:,} chunks, {counts.skipped:,} left out{behind}"
    )
