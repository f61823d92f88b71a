"""Constants that expressions are, or that names stand for: `const KEY = "a"`."""

from __future__ import annotations

from collections.abc import Sequence

from aelus.domain.facts import CONSTANT, LOCAL
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import Program


def constant_of(program: Program, names: Names, argument: int) -> int:
    """The constant that an argument is, or names; -1 for anything else."""
    if program.forms[argument] == CONSTANT:
        return argument
    targets: Sequence[int] = (argument,) if program.forms[argument] == LOCAL else ()
    if argument in program.imports:
        targets = names.imported(*program.imports[argument][0]).slots
    sources = [source for target in targets for source in program.sources.get(target, ())]
    return sources[0] if len(sources) == 1 and program.forms[sources[0]] == CONSTANT else -1
