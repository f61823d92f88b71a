"""Requests counted in a mapped file.

Adding to a count is a store to memory, which the system writes to the file whatever becomes of the process: only a machine that stops takes
counts along. A process holds a lock on its file; one that nobody holds was left, and is told by whoever finds it.
"""

from __future__ import annotations

import fcntl
import mmap
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from struct import Struct
from typing import Final
from uuid import UUID, uuid4

import structlog

from aelus.domain.tenancy import TenantId
from aelus.ports.request_tally import RequestCount

SUFFIX: Final = ".requests"
FIRST_RECORDS: Final = 128
FIELDS: Final = 4
"""Of a record: the two halves of the tenant's id, the day, the amount."""
RECORD: Final = Struct("=qqqq")
HALVES: Final = Struct(">qq")

log = structlog.get_logger("aelus.usage")


class MappedRequestTally:
    """Args: folder: shared by all processes of a machine; made when it is needed. Where none can be, counts are kept in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own: _Segment | None = None
        self._given: list[Path] = []

    def count(self, tenant: TenantId, day: date) -> None:
        if self._own is None:
            self._own = self._begin()
        self._own.add(tenant, day)

    def counts(self) -> Sequence[RequestCount]:
        own = [] if self._own is None else list(self._own.counts())
        return [*own, *self._left()]

    def settle(self, today: date) -> None:
        for path in self._given:
            path.unlink(missing_ok=True)
        self._given.clear()
        if self._own is not None and self._own.is_before(today):
            self._own.close()
            self._own = None

    def _begin(self) -> _Segment:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            return _Segment(self._folder)
        except OSError as error:
            log.warning("requests_counted_in_memory", folder=str(self._folder), reason=error.strerror)
            return _Segment(None)

    def _left(self) -> Iterator[RequestCount]:
        own = None if self._own is None else self._own.path
        self._given.clear()
        for path in sorted(self._folder.glob(f"*{SUFFIX}")):
            if path != own and (content := _content(path)) is not None:
                self._given.append(path)
                yield from _records(UUID(path.stem), content)


class _Segment:
    """A file of records, or the same in memory alone. It has its name from the moment on that it is locked."""

    def __init__(self, folder: Path | None) -> None:
        self._source = uuid4()
        self.path = None if folder is None else folder / f"{self._source}{SUFFIX}"
        self._file = -1
        self._slots: dict[tuple[TenantId, date], int] = {}
        self._room = FIRST_RECORDS
        if self.path is not None:
            new = self.path.with_suffix(".new")
            self._file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX)
            os.write(self._file, bytes(self._room * RECORD.size))
            new.rename(self.path)
        self._map = mmap.mmap(self._file, self._room * RECORD.size)
        self._values = memoryview(self._map).cast("q")

    def add(self, tenant: TenantId, day: date) -> None:
        slot = self._slots.get((tenant, day))
        if slot is None:
            slot = self._new_slot(tenant, day)
        self._values[slot] += 1

    def counts(self) -> Iterator[RequestCount]:
        for (tenant, day), slot in self._slots.items():
            yield RequestCount(source=self._source, tenant=tenant, day=day, amount=self._values[slot])

    def is_before(self, today: date) -> bool:
        """Whether there are counts of a day that is over: those will not grow, and have the file told by whoever looks next."""
        return any(day < today for _, day in self._slots)

    def close(self) -> None:
        self._values.release()
        self._map.close()
        if self._file >= 0:
            os.close(self._file)

    def _new_slot(self, tenant: TenantId, day: date) -> int:
        """The place of a new amount, whose names are written before it."""
        number = len(self._slots)
        if number == self._room:
            self._grow()
        high, low = HALVES.unpack(tenant.bytes)
        slot = number * FIELDS
        self._values[slot], self._values[slot + 1], self._values[slot + 2] = high, low, day.toordinal()
        self._slots[UUID(int=tenant.int), day] = slot + 3
        return slot + 3

    def _grow(self) -> None:
        """Twice the room. The bytes are written, so that a full disk is an error here and not the end of the process later."""
        held = bytes(self._values)
        if self._file >= 0:
            os.pwrite(self._file, bytes(len(held)), len(held))
        self._values.release()
        self._map.close()
        self._room *= 2
        self._map = mmap.mmap(self._file, self._room * RECORD.size)
        self._values = memoryview(self._map).cast("q")
        if self._file < 0:
            self._map[: len(held)] = held


def _content(path: Path) -> bytes | None:
    """What a process has left; None while it holds its file, or when somebody else has told it already."""
    try:
        file = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.pread(file, os.fstat(file).st_size, 0)
    except BlockingIOError:
        return None
    finally:
        os.close(file)


def _records(source: UUID, content: bytes) -> Iterator[RequestCount]:
    whole = len(content) // RECORD.size * RECORD.size
    for high, low, day, amount in RECORD.iter_unpack(content[:whole]):
        if amount:
            yield RequestCount(source=source, tenant=UUID(bytes=HALVES.pack(high, low)), day=date.fromordinal(day), amount=amount)
