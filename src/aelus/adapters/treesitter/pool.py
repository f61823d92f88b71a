"""A pool of worker processes that survives what a file does to one of them.

Every lane has one process at a time and knows in which order it was given files. A process that dies was busy with the first file that it
has not answered: that file is tried once more, then skipped; the rest is given to the next process.

The processes are started by their own command, not by `multiprocessing`: they import nothing of the program around, inherit no lock and no
file, and end when their input ends, whatever happens to the parent.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import marshal
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterable
from dataclasses import asdict
from typing import Any, Final

from aelus.adapters.treesitter.work import Limits
from aelus.domain.source import SkipReason
from aelus.ports.errors import Unavailable
from aelus.ports.parser import ParseRequest

Outcome = tuple[Any, str, str]
"""(plain facts or None, skip reason, detail)."""
Answer = tuple[ParseRequest, Outcome]

WINDOW_BYTES: Final = 1 << 19
"""Source bytes that a process is given ahead, so that it never waits for this one."""
AHEAD: Final = 24
"""Files on their way for each process; no more are taken from the input until some are answered."""
STARVED: Final = 60
"""Times the processor time of one file that it may take by the clock; a process that gets less of a processor stands still."""
START_TIME_S: Final = 60.0
START_ATTEMPTS: Final = 2
BURIAL_TIME_S: Final = 5.0
BUFFER_BYTES: Final = 1 << 20
HEAD_SIZE: Final = 8
BOOT: Final = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from aelus.adapters.treesitter.worker import main; main()"
ENVIRONMENT: Final = {"LC_ALL": "C.UTF-8"}
"""All that the workers see: no secret of the program."""


class ParsePool:
    """Parses files in `jobs` processes, which live as long as one run."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._jobs = jobs
        self._limits = limits

    async def run(self, files: AsyncIterable[ParseRequest]) -> AsyncGenerator[Answer, None]:
        """Answers in any order, one for each file."""
        found: asyncio.Queue[Answer | None] = asyncio.Queue()
        slots = asyncio.Semaphore(self._jobs * AHEAD)
        work = asyncio.create_task(self._work(files, found, slots))
        try:
            while (answer := await found.get()) is not None:
                slots.release()
                yield answer
            await work
        finally:
            work.cancel()
            await asyncio.wait((work,))
            if not work.cancelled():
                work.exception()

    async def _work(self, files: AsyncIterable[ParseRequest], found: asyncio.Queue[Answer | None], slots: asyncio.Semaphore) -> None:
        waiting: asyncio.Queue[ParseRequest | None] = asyncio.Queue()
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self._jobs):
                    group.create_task(_Lane(self._limits, waiting, found).run())
                await self._feed(files, waiting, slots)
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from None
        finally:
            found.put_nowait(None)

    async def _feed(
        self, files: AsyncIterable[ParseRequest], waiting: asyncio.Queue[ParseRequest | None], slots: asyncio.Semaphore
    ) -> None:
        async for request in files:
            await slots.acquire()
            waiting.put_nowait(request)
        for _ in range(self._jobs):
            waiting.put_nowait(None)


class _Lane:
    """One process after the other, and the files that they are given."""

    def __init__(self, limits: Limits, waiting: asyncio.Queue[ParseRequest | None], found: asyncio.Queue[Answer | None]) -> None:
        self._limits = limits
        self._waiting = waiting
        self._found = found
        self._given: deque[ParseRequest] = deque()
        self._given_bytes = 0
        self._process: Process | None = None
        self._deaths = 0
        self._is_last = False

    async def run(self) -> None:
        """Work until the input ends."""
        try:
            while await self._take():
                await self._answer()
        finally:
            await self._end()

    async def _take(self) -> bool:
        """Give files to the process as long as it has few; false when there are no more."""
        while not self._is_last and self._given_bytes < WINDOW_BYTES and not (self._given and self._waiting.empty()):
            request = await self._waiting.get()
            if request is None:
                self._is_last = True
            else:
                self._given.append(request)
                self._given_bytes += len(request.source)
                self._send(request, await self._started())
        return bool(self._given)

    async def _answer(self) -> None:
        """Wait for what becomes of the first file."""
        outcome = await self._outcome()
        if outcome is None and self._deaths == 1:
            await self._resend()
            return
        self._deaths = 0
        request = self._given.popleft()
        self._given_bytes -= len(request.source)
        self._found.put_nowait((request, outcome or (None, SkipReason.PARSER_FAILED, "the parser process died on it twice")))
        if self._process is None and self._given:
            await self._resend()

    async def _outcome(self) -> Outcome | None:
        """None when the process died, for the first time on this file."""
        process = await self._started()
        try:
            async with asyncio.timeout(STARVED * self._limits.file_time_s):
                answer = await _receive(process)
        except TimeoutError:
            await self._end()
            return None, SkipReason.INTERRUPTED, "the parser process did not answer"
        except (asyncio.IncompleteReadError, ConnectionError):
            await _bury(process)
            self._process = None
            self._deaths += 1
            return None if self._deaths == 1 and process.returncode != -signal.SIGXCPU else _epitaph(process.returncode)
        outcome: Outcome = marshal.loads(answer)  # noqa: S302 - written by our own worker process
        return outcome

    def _send(self, request: ParseRequest, process: Process) -> None:
        assert process.stdin is not None
        body = marshal.dumps((request.language, request.source))
        process.stdin.write(len(body).to_bytes(HEAD_SIZE, "little") + body)

    async def _resend(self) -> None:
        process = await self._started()
        for request in self._given:
            self._send(request, process)

    async def _started(self) -> Process:
        if self._process is None:
            self._process = await _start(self._limits)
        return self._process

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            await _kill(process)


async def _start(limits: Limits) -> Process:
    """Start a worker; one that dies before it is ready is tried again.

    Raises:
        Unavailable: it does not come up.
    """
    for _ in range(START_ATTEMPTS):
        process = await _launch(limits)
        try:
            async with asyncio.timeout(START_TIME_S):
                await _receive(process)
        except (asyncio.IncompleteReadError, ConnectionError):
            await _bury(process)
        except TimeoutError:
            await _kill(process)
        except BaseException:
            await _kill(process)
            raise
        else:
            return process
    raise Unavailable(
        f"A parser process did not start (exit code {process.returncode}).",
        "Look at the free memory, or set the number of parser processes to 0.",
    )


async def _launch(limits: Limits) -> Process:
    arguments = ("-X", "utf8", "-c", BOOT, json.dumps(sys.path), json.dumps(asdict(limits)))
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=ENVIRONMENT, limit=BUFFER_BYTES
    )


async def _bury(process: Process) -> None:
    """Wait for a process whose pipe is closed. Asking it to end first would hide how it ended."""
    try:
        async with asyncio.timeout(BURIAL_TIME_S):
            await process.wait()
    except TimeoutError:
        await _kill(process)


async def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def _receive(process: Process) -> bytes:
    assert process.stdout is not None
    head = await process.stdout.readexactly(HEAD_SIZE)
    return await process.stdout.readexactly(int.from_bytes(head, "little"))


def _epitaph(code: int | None) -> Outcome:
    """Why the process is gone, as far as its exit code says."""
    if code is None or code >= 0:
        return None, SkipReason.PARSER_FAILED, f"the parser process ended on it (exit code {code})"
    number = signal.Signals(-code)
    return None, _BY_SIGNAL.get(number, SkipReason.PARSER_FAILED), f"the parser process was ended on it by {number.name}"


_BY_SIGNAL: Final = {
    signal.SIGKILL: SkipReason.INTERRUPTED,
    signal.SIGABRT: SkipReason.MEMORY,
    signal.SIGXCPU: SkipReason.TIMEOUT,
}
"""Why a process was ended; the system kills those first that parse when the machine has no memory left."""
