"""A pool of processes that survives what a file does to one of them."""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from aelus.adapters.treesitter.work import Limits, limit_memory, parse_batch
from aelus.domain.source import SkipReason

Outcome = tuple[Any, str, str]
"""(plain facts or None, skip reason, detail)."""


class ParsePool:
    """Runs batches in worker processes; a batch that kills its worker is tried again file by file."""

    def __init__(self, jobs: int, limits: Limits) -> None:
        self._jobs = jobs
        self._limits = limits
        self._executor: ProcessPoolExecutor | None = None
        self._generation = 0

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = self._make(self._jobs)
        return self._executor

    def _make(self, jobs: int) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, initializer=limit_memory, initargs=(self._limits,))

    async def parse(self, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        """Outcomes of the files, given as (language, source), in order."""
        executor = self._started()
        try:
            answer = await self._submitted(executor, files)
        except BrokenProcessPool:
            self._discard(executor)
            return [await self._parse_alone(file) for file in files]
        outcomes: list[Outcome] = marshal.loads(answer)  # noqa: S302 - written by our own worker process
        return outcomes

    async def _parse_alone(self, file: tuple[str, bytes]) -> Outcome:
        """In a process of its own: if that dies, it was this file."""
        with self._make(1) as executor:
            try:
                answer = await self._submitted(executor, [file])
            except BrokenProcessPool:
                return None, SkipReason.PARSER_FAILED, "the parser process died on it"
        outcome: Outcome = marshal.loads(answer)[0]  # noqa: S302 - written by our own worker process
        return outcome

    def _submitted(self, executor: ProcessPoolExecutor, files: Sequence[tuple[str, bytes]]) -> asyncio.Future[bytes]:
        """Submit a batch. The first one starts the processes, which must not hear a Ctrl-C before they can ignore it."""
        with _interrupts_held():
            return asyncio.get_running_loop().run_in_executor(executor, parse_batch, files, self._limits)

    def _discard(self, executor: ProcessPoolExecutor) -> None:
        if self._executor is executor:
            self._executor = None
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """End the processes; a batch under way is given up."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        processes = list((executor._processes or {}).values())  # noqa: SLF001 - the executor offers no way to end a busy worker
        executor.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            with contextlib.suppress(ProcessLookupError, ValueError):
                process.terminate()
        for process in processes:
            process.join()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let SIGINT wait. Processes and threads that start meanwhile never get it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
