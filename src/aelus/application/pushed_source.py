"""The files of a pushed repository, chosen by the same rules as those of a Git tree."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

from aelus.application.source_intake import batches
from aelus.domain.exclusions import OWN_IGNORE
from aelus.domain.graph import content_hash
from aelus.domain.pushes import PushedState
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.selection import Selection
from aelus.domain.sift import Ignore, Sift, Wanted
from aelus.domain.source import Revision, SkipReason, SourceFile, SourceLimits
from aelus.domain.tenancy import TenantId
from aelus.domain.text import decode_source
from aelus.domain.tree_kinds import FILE
from aelus.ports.errors import LimitExceeded
from aelus.ports.parser import Parser
from aelus.ports.pushed_files import PushedFiles


class PushedSource:
    """Opens the files of a repository as a source tree.

    Args:
        files: what was pushed.
        parser: names the languages.
        ignore_of: reads the texts of ignore files, by path.
        limits: what a repository may have.
    """

    def __init__(
        self, *, files: PushedFiles, parser: Parser, ignore_of: Callable[[Mapping[str, str]], Ignore], limits: SourceLimits
    ) -> None:
        self._files = files
        self._parser = parser
        self._ignore_of = ignore_of
        self._limits = limits

    @asynccontextmanager
    async def open(self, tenant: TenantId, repository: Repository) -> AsyncIterator[PushedTree]:
        """The files as they are now. Raises LimitExceeded: there are more than allowed."""
        state = await self._files.state(tenant, repository.id)
        selection = self._selection()
        ignore = self._ignore_of(await self._ignores(tenant, repository.id, state))
        wanted = list(Sift([(path, FILE) for path in state.files], ignore, selection).wanted())
        await self._take(tenant, repository.id, state, wanted, selection)
        revision = Revision(
            location=repository.location,
            branch=repository.branch,
            commit=state.commit,
            files=selection.files(),
            skipped=selection.skipped(),
        )
        yield PushedTree(self._files, tenant, repository.id, revision)

    def _selection(self) -> Selection:
        known = self._parser.traits().values()
        return Selection(
            language_of=self._parser.language_of,
            manifests={name for traits in known for name in traits.manifests},
            limits=self._limits,
            documents={traits.name for traits in known if traits.document},
        )

    async def _ignores(self, tenant: TenantId, repository: RepositoryId, state: PushedState) -> dict[str, str]:
        paths = [path for path in state.files if path.rpartition("/")[2] == OWN_IGNORE]
        contents = await self._files.read(tenant, repository, paths)
        return {path: decode_source(content or b"") or "" for path, content in zip(paths, contents, strict=True)}

    async def _take(
        self, tenant: TenantId, repository: RepositoryId, state: PushedState, wanted: Sequence[Wanted], selection: Selection
    ) -> None:
        """Look at the content of what is wanted, a batch at a time."""
        by_path = {one.path: one for one in wanted}
        sized = [
            SourceFile(path=path, size_bytes=state.files[path].size_bytes, blob_hash=state.files[path].blob_hash, language=one.language)
            for path, one in by_path.items()
            if selection.admits(path, state.files[path].size_bytes, named=one.named)
        ]
        for batch in batches(sized):
            contents = await self._files.read(tenant, repository, [file.path for file in batch])
            for file, content in zip(batch, contents, strict=True):
                if content is None:
                    selection.skip(file.path, SkipReason.UNREADABLE, "removed meanwhile")
                else:
                    selection.take(file.path, file.language, content, named=by_path[file.path].named)
            if selection.excess:
                raise LimitExceeded(f"The repository has {selection.excess}.", "Remove files, or raise the limit.")


class PushedTree:
    """The files as they were listed; one that was pushed anew since is not read."""

    def __init__(self, files: PushedFiles, tenant: TenantId, repository: RepositoryId, revision: Revision) -> None:
        self._files = files
        self._tenant = tenant
        self._repository = repository
        self._revision = revision
        self._hashes = {file.path: file.blob_hash for file in revision.files}

    @property
    def revision(self) -> Revision:
        return self._revision

    async def read(self, paths: Sequence[str]) -> Sequence[bytes | None]:
        contents = await self._files.read(self._tenant, self._repository, paths)
        return [
            content if content is not None and content_hash(content) == self._hashes.get(path) else None
            for path, content in zip(paths, contents, strict=True)
        ]
