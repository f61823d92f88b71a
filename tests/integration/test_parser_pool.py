"""The pool of parser processes, with processes that are really killed."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from aelus.adapters.treesitter import Limits, TreesitterParser
from aelus.domain.source import SkipReason
from aelus.ports.parser import ParseOutcome, ParseRequest

FILLER = b"def f(a, b=1):\n    return g(a.c(b), [a, b])\n" * 500
SLOW = b"x=(" * 690_000
"""Takes the grammar seconds."""
READING = """
from aelus.adapters.treesitter.work import Limits, parse_file
print("begins", flush=True)
parse_file("python", b"def f(a): return g(a)\\n" * 500, Limits(file_time_s=0.5))
print("is read")
"""
ENDLESS = "from aelus.adapters.treesitter.worker import grant; grant(0.1)\nwhile True: pass"
BUSY_S = 1.0
"""A process that has used this much is at work, no longer starting."""


def request(number: int, source: bytes = FILLER) -> ParseRequest:
    return ParseRequest(path=f"{number}.py", language="python", source=source)


async def given(requests: list[ParseRequest]) -> AsyncIterator[ParseRequest]:
    for entry in requests:
        yield entry


async def parse(parser: TreesitterParser, requests: list[ParseRequest]) -> dict[str, ParseOutcome]:
    return {outcome.path: outcome async for outcome in parser.parse(given(requests))}


def workers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if any("treesitter.worker" in word for word in cmdline(child))]


def cmdline(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []


async def kill_workers(count: int, number: int) -> None:
    """Kill workers that are seen at work until it were so many."""
    killed: set[int] = set()
    while len(killed) < count:
        for worker in workers():
            if worker.pid not in killed and worker.cpu_times().user > BUSY_S:
                os.kill(worker.pid, number)
                killed.add(worker.pid)
        await asyncio.sleep(0.02)


async def test_the_pool_reads_what_one_process_reads() -> None:
    requests = [request(number, FILLER + b"x = %d\n" % number) for number in range(30)]
    assert await parse(TreesitterParser(jobs=2), requests) == await parse(TreesitterParser(jobs=0), requests)


async def test_no_file_is_lost_when_a_process_is_killed_once() -> None:
    requests = [request(number) for number in range(60)]
    parsing = asyncio.create_task(parse(TreesitterParser(jobs=2), requests))
    while not workers():  # noqa: ASYNC110 - nothing tells when another process starts
        await asyncio.sleep(0.01)
    os.kill(workers()[0].pid, signal.SIGKILL)
    outcomes = await parsing
    assert len(outcomes) == 60
    assert all(outcome.facts for outcome in outcomes.values())


@pytest.mark.parametrize(
    ("times", "number", "reason"),
    [(2, signal.SIGKILL, SkipReason.INTERRUPTED), (2, signal.SIGSEGV, SkipReason.PARSER_FAILED), (1, signal.SIGXCPU, SkipReason.TIMEOUT)],
)
async def test_a_file_on_which_processes_die_is_skipped_and_the_rest_is_read(times: int, number: int, reason: SkipReason) -> None:
    requests = [request(0, SLOW), *(request(position) for position in range(1, 20))]
    parsing = asyncio.create_task(parse(TreesitterParser(jobs=1, limits=Limits(file_time_s=60)), requests))
    await kill_workers(times, number)
    outcomes = await parsing
    assert [(path, outcome.skipped.reason) for path, outcome in outcomes.items() if outcome.skipped] == [("0.py", reason)]


async def test_a_file_that_takes_too_long_is_skipped_and_the_rest_is_read() -> None:
    requests = [request(0, SLOW), *(request(position) for position in range(1, 20))]
    outcomes = await parse(TreesitterParser(jobs=1, limits=Limits(file_time_s=0.5)), requests)
    skipped = {path: outcome.skipped.reason for path, outcome in outcomes.items() if outcome.skipped}
    assert (skipped, len(outcomes)) == ({"0.py": SkipReason.TIMEOUT}, 20)


def test_time_that_others_have_the_processor_does_not_count() -> None:
    with subprocess.Popen([sys.executable, "-c", READING], stdout=subprocess.PIPE, text=True) as reading:
        assert reading.stdout is not None
        assert reading.stdout.readline() == "begins\n"
        reading.send_signal(signal.SIGSTOP)
        time.sleep(1.5)
        reading.send_signal(signal.SIGCONT)
        assert reading.stdout.read() == "is read\n"


def test_the_system_ends_a_process_that_no_limit_of_python_reaches() -> None:
    assert subprocess.run([sys.executable, "-c", ENDLESS], check=False, timeout=60).returncode == -signal.SIGXCPU


async def test_a_process_that_stands_still_is_replaced() -> None:
    requests = [request(number, b"x = f(1)\n" * 50) for number in range(600)]
    outcomes = TreesitterParser(jobs=1, limits=Limits(file_time_s=0.15)).parse(given(requests))
    read = [await anext(outcomes)]
    workers()[0].suspend()
    read += [outcome async for outcome in outcomes]
    assert len(read) == 600
    assert [outcome.skipped.reason for outcome in read if outcome.skipped] == [SkipReason.INTERRUPTED]


async def test_a_file_that_takes_too_much_memory_is_skipped_and_the_rest_is_read() -> None:
    requests = [request(0, b"f(1)\n" * 400_000), *(request(position) for position in range(1, 5))]
    outcomes = await parse(TreesitterParser(jobs=1, limits=Limits(worker_memory_bytes=400_000_000, file_time_s=60)), requests)
    skipped = outcomes.pop("0.py").skipped
    assert skipped is not None
    assert skipped.reason in (SkipReason.MEMORY, SkipReason.PARSER_FAILED)  # the grammar's C code may crash where memory ends
    assert all(outcome.facts for outcome in outcomes.values())


async def test_files_are_taken_only_as_fast_as_they_are_parsed() -> None:
    taken = 0

    async def endless() -> AsyncIterator[ParseRequest]:
        nonlocal taken
        while True:
            taken += 1
            yield request(taken)

    outcomes = TreesitterParser(jobs=1).parse(endless())
    for _ in range(5):
        await anext(outcomes)
    assert taken < 50
    await outcomes.aclose()  # type: ignore[attr-defined] # the port promises an iterator, the adapter gives a generator


async def test_no_process_is_left_when_the_consumer_goes_away() -> None:
    outcomes = TreesitterParser(jobs=2).parse(given([request(number) for number in range(60)]))
    await anext(outcomes)
    assert workers()
    await outcomes.aclose()  # type: ignore[attr-defined] # the port promises an iterator, the adapter gives a generator
    assert not workers()


async def test_an_error_of_the_input_reaches_the_consumer() -> None:
    async def broken() -> AsyncIterator[ParseRequest]:
        for number in range(20):
            yield request(number)
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        [outcome async for outcome in TreesitterParser(jobs=2).parse(broken())]
    assert not workers()


async def test_small_inputs_start_no_process() -> None:
    outcomes = TreesitterParser(jobs=2).parse(given([request(number, b"x = 1\n") for number in range(20)]))
    await anext(outcomes)
    assert not workers()


PROGRAM = """
import asyncio, sys
sys.path[:0] = {path!r}
from aelus.adapters.treesitter import TreesitterParser
from aelus.ports.parser import ParseRequest

async def endless():
    while True:
        yield ParseRequest(path="x.py", language="python", source={filler!r})

async def main():
    async for outcome in TreesitterParser(jobs=2).parse(endless()):
        print("parsed", flush=True)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_program(number: int) -> None:
    program = PROGRAM.format(path=sys.path, filler=FILLER)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.readline()
        children = psutil.Process(process.pid).children()
        process.send_signal(number)
    assert len(children) == 2
    assert not psutil.wait_procs(children, timeout=20)[1]
