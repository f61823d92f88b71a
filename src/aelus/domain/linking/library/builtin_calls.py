"""What a program does with the builtins of its languages, by name alone: before any value flows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aelus.domain.facts import CALL, FREE, MEMBER
from aelus.domain.linking.library.tables import Effect, Tables
from aelus.domain.linking.program import Program


def calls_with(program: Program, tables: Iterable[Tables], verb: str) -> bool:
    """Whether the program calls any builtin of which an effect has this verb."""
    said = {name for name, effects in _functions(tables) if any(effect.verb == verb for effect in effects)}
    names = said.union(name for name, effects in _functions(tables) if any(effect.called in said for effect in effects))
    last = {name.rpartition(".")[2] for name in names}
    forms = (FREE, MEMBER) if any("." in name for name in names) else (FREE,)
    builtins = {slot for form in forms for slot in program.by_form[form] if program.texts[slot] in last} if names else set()
    return bool(builtins) and not builtins.isdisjoint(program.first_parts(CALL))


def find_members_named(program: Program, tables: Iterable[Tables]) -> Mapping[int, list[tuple[int, int]]]:
    """Argument that names a member → (call, object) of the calls that it is given to."""
    steps = [(name.rpartition(".")[2], effect.source.steps[-1:]) for name, effects in _functions(tables) for effect in effects]
    positions = {name: int(step[0][2:]) + 1 for name, step in steps if step and step[0].startswith(".@")}
    builtins = {slot: positions[name] for slot in program.by_form[FREE] if (name := program.texts[slot]) in positions}
    found: dict[int, list[tuple[int, int]]] = {}
    for slot, callee in program.with_first_parts(CALL) if builtins else ():
        position = builtins.get(callee, 0)
        if 0 < position < len(program.parts[slot]):
            found.setdefault(program.part(slot, position), []).append((slot, program.part(slot, 1)))
    for slot, callee, position in _named_by_methods(program, tables):
        found.setdefault(program.part(slot, position), []).append((slot, program.part(callee)))
    return found


def _named_by_methods(program: Program, tables: Iterable[Tables]) -> Iterator[tuple[int, int, int]]:
    """Calls of methods of any value that take a member of it by a name: (call, callee, position of the name)."""
    methods = (item for table in {id(table): table for table in tables}.values() for item in table.value_methods.items())
    positions = {name: effect.source for name, effects in methods for effect in effects if effect.source.root == "self"}
    named = {name: int(path.steps[0][2:]) + 1 for name, path in positions.items() if path.steps[:1] and path.steps[0][:2] == ".@"}
    callees = {slot: named[name] for slot in program.by_form[MEMBER] if (name := program.texts[slot]) in named} if named else {}
    for slot, callee in program.with_first_parts(CALL) if callees else ():
        if 0 < callees.get(callee, 0) < len(program.parts[slot]):
            yield slot, callee, callees[callee]


def _functions(tables: Iterable[Tables]) -> Iterator[tuple[str, Sequence[Effect]]]:
    """Functions of the libraries and what they do."""
    for table in {id(table): table for table in tables}.values():
        yield from table.functions.items()
