"""What a run of indexing has to do: the files of a revision against what the index holds."""

from __future__ import annotations

from dataclasses import dataclass

from aelus.application.reports import nothing_to_index
from aelus.domain.graph import content_hash
from aelus.domain.repository import Repository
from aelus.domain.source import PASSING, FileChanges, Revision, SkippedFile, SourceFile, compare_files
from aelus.ports.index_store import IndexSnapshot

RULES = "3"
"""Grows when linking, chunking or hashing change what is written for the same facts: every index is then compared anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexRules:
    """What, beside the files themselves, decides about an index."""

    parser_version: str
    graph: str
    """Fingerprint of what decides about the graph. Kept as the blob hash of the entry with path `""`."""
    selection: str
    """Fingerprint of what decides which files of a commit are taken; empty where a commit does not tell. Kept in the same entry."""

    def hold_for(self, before: IndexSnapshot) -> bool:
        """Whether the stored graph was made by them."""
        return before.parser_version == self.parser_version and "" in before.files and before.files[""].blob_hash == self.graph

    @property
    def kept_selection(self) -> str:
        """As it is kept: behind a number of chunks."""
        return f"0:{self.selection}"


def rules_of(repository: Repository, *, parser_version: str, selection: str) -> IndexRules:
    return IndexRules(
        parser_version=parser_version,
        graph=content_hash(f"{RULES}\x00{parser_version}\x00{repository.branch}".encode()),
        selection=selection and content_hash("\x00".join((selection, *repository.file_patterns)).encode("utf-8", "surrogatepass")),
    )


def known_revision(before: IndexSnapshot, repository: Repository, rules: IndexRules) -> Revision | None:
    """What the index was made of, where the same commit would give the same files again."""
    state = before.files.get("")
    if state is None or not before.commit or not rules.selection or state.chunk_hash != rules.kept_selection or not rules.hold_for(before):
        return None
    files = tuple(
        SourceFile(path=path, size_bytes=0, blob_hash=file.blob_hash, language=file.language)
        for path, file in sorted(before.files.items())
        if path
    )
    skipped = tuple(file for file in before.skipped if file.path not in before.files)
    return Revision(location=repository.location, branch=repository.branch, commit=before.commit, files=files, skipped=skipped)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPlan:
    before: IndexSnapshot
    revision: Revision
    rules: IndexRules
    code: tuple[SourceFile, ...]
    """Files to parse and link."""
    manifests: tuple[SourceFile, ...]
    unparsable: tuple[SkippedFile, ...]
    """Files that failed with these bytes and this parser before, and are not tried again."""
    same_rules: bool
    same_model: bool

    @property
    def same_files(self) -> bool:
        """Whether the index holds exactly these files, made by these rules."""
        return self.same_rules and self.same_model and not self.changes

    @property
    def changes(self) -> FileChanges:
        """What the revision has that the index has not, and the other way round."""
        stored = {path: state.blob_hash for path, state in self.before.files.items() if path}
        return compare_files(stored, {file.path: file.blob_hash for file in self.revision.files})

    @property
    def skipped(self) -> tuple[SkippedFile, ...]:
        """What is left out before anything is parsed."""
        return tuple(sorted((*self.revision.skipped, *self.unparsable), key=lambda file: file.path))

    def rechunks(self, file: SourceFile, graph_hash: str) -> bool:
        """Whether the chunks of a file may differ from the stored ones, or their vectors are of another model."""
        state = self.before.files.get(file.path)
        same = state is not None and state.blob_hash == file.blob_hash and state.graph_hash == graph_hash
        return not (same and self.same_rules and self.same_model)


def plan_index(*, before: IndexSnapshot, revision: Revision, repository: Repository, rules: IndexRules, model: str) -> IndexPlan:
    """Compare a revision with the index.

    Raises NothingToIndex when there is neither a file to index nor an index to clear.
    """
    same_rules = rules.hold_for(before)
    unparsable = _still_unparsable(before, revision) if same_rules else ()
    refused = {file.path for file in unparsable}
    code = tuple(file for file in revision.files if file.language and file.path not in refused)
    _refuse_nothing(before, revision, repository)
    return IndexPlan(
        before=before,
        revision=revision,
        rules=rules,
        code=code,
        manifests=tuple(file for file in revision.files if not file.language),
        unparsable=unparsable,
        same_rules=same_rules,
        same_model=before.model == model,
    )


def _refuse_nothing(before: IndexSnapshot, revision: Revision, repository: Repository) -> None:
    if before.files or any(file.language for file in revision.files):
        return
    raise nothing_to_index(repository.location, revision)


def _still_unparsable(before: IndexSnapshot, revision: Revision) -> tuple[SkippedFile, ...]:
    """Files that the parser refused, and whose bytes are the same; those that failed for what may have passed are tried again."""
    refused = {file.path: file for file in before.skipped if file.reason not in PASSING}
    same = (file.path for file in revision.files if file.path in before.files and before.files[file.path].blob_hash == file.blob_hash)
    return tuple(refused[path] for path in same if path in refused)
