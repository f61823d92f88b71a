"""A worker process: reads files from its standard input, answers with facts on its standard output, ends with its input.

Frames are a length of 8 bytes, little-endian, and that many bytes of `marshal`: (language, source) one way, (facts or None, reason, detail)
the other. The first frame from the worker is empty: it is ready. Nothing is inherited but the two pipes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import marshal
import os
import resource
import signal
import struct
import sys
import time
from pathlib import Path
from typing import BinaryIO, Final

from aelus.adapters.treesitter.work import Limits, plain_outcome
from aelus.domain.source import SkipReason

HEAD: Final = struct.Struct("<Q")
GRACE: Final = 3
"""Times the processor time of one file after which the system ends the process: no limit of Python's own reaches code in C."""
COLLECT_BYTES: Final = 4_000_000
"""Source bytes between two collections of garbage. What a file is read with is in no circle and goes with it; what errors hold may be."""


def main() -> None:
    """Serve until the input ends. `sys.argv[2]` holds the limits as JSON."""
    limits = Limits(**json.loads(sys.argv[2]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    confine(limits)
    serve(sys.stdin.buffer, answers, limits)


def confine(limits: Limits) -> None:
    """Bound this process' memory, let it be the first to go when the machine has none, and leave Ctrl-C to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limits.worker_memory_bytes, limits.worker_memory_bytes))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("900")
    gc.freeze()
    gc.disable()


def serve(requests: BinaryIO, answers: BinaryIO, limits: Limits) -> None:
    """Answer every request in order."""
    collected = 0
    answers.write(HEAD.pack(0))
    answers.flush()
    while head := requests.read(HEAD.size):
        language, source = marshal.loads(requests.read(HEAD.unpack(head)[0]))  # noqa: S302 - written by the process that started this one
        grant(GRACE * limits.file_time_s)
        answer = _answer(language, source, limits)
        try:
            answers.write(HEAD.pack(len(answer)) + answer)
            answers.flush()
        except BrokenPipeError:
            return
        collected += len(source)
        if collected > COLLECT_BYTES:
            gc.collect()
            collected = 0


def grant(time_s: float) -> None:
    """Have the system end this process with SIGXCPU when it takes that much more of a processor."""
    most = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(time.process_time() + time_s) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if most == resource.RLIM_INFINITY else min(soft, most), most))


def _answer(language: str, source: bytes, limits: Limits) -> bytes:
    try:
        return marshal.dumps(plain_outcome(language, source, limits))
    except MemoryError:
        gc.collect()
        return marshal.dumps((None, str(SkipReason.MEMORY), "its facts do not fit into the memory of a parser process"))
