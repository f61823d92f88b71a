"""Reading one revision from a Git server or a bare repository."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from aelus.adapters.git.address import GitPolicy, parse_address, with_credential
from aelus.adapters.git.fetch_process import Listing, order_for, start_fetcher
from aelus.adapters.git.own_ignore import OwnIgnore
from aelus.adapters.git.scratch import scratch_folder
from aelus.domain import selection
from aelus.domain.secrets import Credential
from aelus.domain.selection import Selection
from aelus.domain.sift import Sift, Wanted
from aelus.domain.source import Revision, SkipReason, SourceLimits, is_address
from aelus.ports.errors import LimitExceeded

RULES = Path(selection.__file__).parent
"""Where the rules lie that choose among the files of a tree."""


class GitReader:
    """Fetches the newest commit of a branch, without its history, and reads files straight from it.

    Args:
        language_of: names the language of a path, or returns an empty text.
        manifests: names of files that are kept though they are of no language.
        documents: languages whose files are no code.
        limits: what a repository may have.
        policy: which servers may be asked, and how much they may send.
        scratch: folder for temporary files; the system's by default.
    """

    def __init__(
        self,
        *,
        language_of: Callable[[str], str],
        manifests: Collection[str] = (),
        documents: Collection[str] = (),
        limits: SourceLimits | None = None,
        policy: GitPolicy | None = None,
        scratch: Path | None = None,
    ) -> None:
        self._language_of = language_of
        self._manifests = frozenset(manifests)
        self._documents = frozenset(documents)
        self._limits = limits or SourceLimits()
        self._policy = policy or GitPolicy()
        self._scratch = scratch

    def _selection(self) -> Selection:
        return Selection(language_of=self._language_of, manifests=self._manifests, limits=self._limits, documents=self._documents)

    def accepts(self, location: str) -> bool:
        return is_address(location)

    @cached_property
    def selection(self) -> str:
        """Of the limits and names, and of the rules of the release."""
        digest = hashlib.blake2b(repr((self._limits, sorted(self._manifests), sorted(self._documents))).encode(), digest_size=8)
        for path in sorted(RULES.glob("*.py")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @asynccontextmanager
    async def open(
        self, location: str, branch: str = "", *, credential: Credential | None = None, known: Revision | None = None
    ) -> AsyncIterator[GitTree]:
        """As `SourceReader.open`. Raises InvalidRequest for an address that the policy does not allow."""
        address = parse_address(location, self._policy)
        if credential is not None:
            address = with_credential(address, credential)
        async with scratch_folder(self._scratch) as folder:
            async with start_fetcher(folder, address, branch, self._policy) as fetcher:
                listing = await fetcher.listing(order_for(address, branch, self._policy, self._limits, known.commit if known else ""))
                if known is not None and listing.same:
                    yield GitTree(folder / "blobs", known, {})
                    return
                selection = self._selection()
                wanted = await asyncio.to_thread(_sift, listing, selection)
                sizes = await fetcher.blobs([entry.number for entry in wanted])
            intake = _Intake(address.url, folder / "blobs", selection, self._limits)
            places = await asyncio.to_thread(intake.take, wanted, [size for _, size in sizes])
            yield GitTree(folder / "blobs", _revision(address.url, listing, selection), places)


class _Place(NamedTuple):
    """Of a file's bytes in the file that holds them all."""

    offset: int
    size_bytes: int


class GitTree:
    """The files of one commit."""

    def __init__(self, blobs: Path, revision: Revision, places: dict[str, _Place]) -> None:
        self._blobs = blobs
        self._revision = revision
        self._places = places

    @property
    def revision(self) -> Revision:
        return self._revision

    async def read(self, paths: Sequence[str]) -> Sequence[bytes | None]:
        return await asyncio.to_thread(self._read, paths)

    def _read(self, paths: Sequence[str]) -> list[bytes | None]:
        found: list[bytes | None] = []
        with self._blobs.open("rb") as blobs:
            for path in paths:
                place = self._places.get(path)
                if place is not None:
                    blobs.seek(place.offset)
                found.append(blobs.read(place.size_bytes) if place is not None else None)
        return found


class _Intake:
    """Takes the files that were laid out into the selection."""

    def __init__(self, url: str, blobs: Path, selection: Selection, limits: SourceLimits) -> None:
        self._url = url
        self._blobs = blobs
        self._selection = selection
        self._limits = limits

    def take(self, wanted: Sequence[Wanted], sizes: Sequence[int]) -> dict[str, _Place]:
        """Where the bytes of each file are. Raises LimitExceeded."""
        places: dict[str, _Place] = {}
        offset = 0
        with self._blobs.open("rb") as blobs:
            for entry, size_bytes in zip(wanted, sizes, strict=True):
                if size_bytes > self._limits.max_file_bytes:
                    detail = f"{size_bytes} bytes; {self._limits.max_file_bytes} are allowed"
                    self._selection.skip(entry.path, SkipReason.TOO_LARGE, detail)
                    continue
                self._selection.take(entry.path, entry.language, blobs.read(size_bytes), named=entry.named)
                places[entry.path] = _Place(offset, size_bytes)
                offset += size_bytes
                if self._selection.excess:
                    raise LimitExceeded(
                        f"{self._url} has {self._selection.excess}.", "Leave folders out with .aelusignore, or raise the limit."
                    )
        return places


def _sift(listing: Listing, selection: Selection) -> list[Wanted]:
    return list(Sift(listing.entries, OwnIgnore(listing.ignores), selection).wanted())


def _revision(url: str, listing: Listing, selection: Selection) -> Revision:
    return Revision(location=url, branch=listing.branch, commit=listing.commit, files=selection.files(), skipped=selection.skipped())
