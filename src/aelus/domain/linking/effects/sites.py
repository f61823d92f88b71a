"""One call of one library function: which of its arguments the effects speak of, and where what they say ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from aelus.domain.facts import (
    BLOCK,
    CALL,
    CONSTANT,
    GENERIC,
    ITERATE,
    LOCAL,
    MAPPING,
    MEMBER,
    NEW,
    SEQUENCE,
    SPREAD,
    SPREAD_MAP,
    UNION,
    UNKNOWN,
    YIELD,
)
from aelus.domain.linking.library.tables import (
    ALL,
    ANY,
    BEHIND,
    ITERATED,
    MEMBERS,
    NAMESPACE,
    NEW_CONTAINERS,
    PROMISE,
    Condition,
    Effect,
    Path,
)
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.types.containers import ANY_KEY
from aelus.domain.linking.types.counterparts import COUNTERPARTS
from aelus.domain.linking.values import INSTANCE_OF, MASK

if TYPE_CHECKING:
    from aelus.domain.linking.effects.summaries import Summaries

FORMS: Final = {"{}": MAPPING, "[]": SEQUENCE, NAMESPACE: MAPPING, PROMISE: YIELD}
"""Forms of new containers."""
STEPS: Final = COUNTERPARTS | {"taken", "derived"}
"""Verbs that lead from a value to what stands for it."""
PASSED: Final = frozenset({"", "generic", "inherited"})
"""Verbs before what flows as it is."""
LAST: Final = "last"
PAIRED: Final = (ITERATED, "[1]")
"""Steps to the second parts of what is looped over."""
PARTS: Final = 64
"""Parts of an expression that are looked at."""
CONSTANTS: Final = 8
"""Constants that one variable may be set to, as the name of a member or module."""


class Site:
    """One call of one library function."""

    def __init__(self, summaries: Summaries, program: Program, slot: int, holder: int | None) -> None:
        self._summaries = summaries
        self._constraints = summaries.constraints
        self._calls = summaries.calls
        self._program = program
        self._slot = slot
        first, parts = program.first_of_slot[slot], program.parts[slot]
        names = program.texts[slot].split(",") if program.texts[slot] else []
        positional = len(parts) - len(names)
        self._arguments = [program.referred(first + part) for part in parts[1:positional]]
        self._keywords = {name: first + parts[positional + number] for number, name in enumerate(names)}
        if BLOCK in self._keywords:
            self._arguments.append(self._keywords[BLOCK])
        self._self = holder
        self._self_slot = -1
        self._holders: dict[tuple[str, ...], int] = {}
        self._form = SEQUENCE
        self._called = -1

    def apply(self, effect: Effect) -> None:
        """Do what one effect says."""
        if (effect.condition is not None and not self._holds(effect.condition)) or self._summaries.library.is_idle(effect):
            return
        if effect.source.root in NEW_CONTAINERS:
            self._form = FORMS[effect.source.root]
            holder = self._result(())
            if effect.source.root == NAMESPACE:
                self._constraints.show_members(holder)
            return
        if effect.target is not None and effect.target.root == "result" and effect.target.steps:
            self._result(())
        if effect.target is not None and effect.source.root == "keywords":
            self._put_keywords(effect.target)
            return
        if effect.source.steps == PAIRED and effect.target is not None and self._put_pairs(effect.target, effect.source.root):
            return
        if effect.called:
            self._do_entries(effect)
            return
        source = self._said(effect)
        if effect.target is None and effect.verb not in ("call", "make", "send"):
            self._called = source
        if source >= 0 and effect.target is not None:
            self._put(effect.target, source, all_keys=effect.source.steps[-1:] == (ALL,), inherited=effect.verb == "inherited")

    def _said(self, effect: Effect) -> int:
        """Slot of what flows; -1 when it is not given here."""
        if effect.verb in ("module", "evaluate") or effect.source.root == "module":
            return self._module(effect)
        return self._of_library(effect) if effect.verb in ("later", "external") else self._source(effect)

    def _holds(self, condition: Condition) -> bool:
        slot = self._root(condition.root)
        known = slot >= 0 and (not condition.named or self._calls.names_function(slot))
        return known == condition.wanted

    # --- reading ------------------------------------------------------------------------------------------------------------------------

    def _module(self, effect: Effect) -> int:
        """A slot of the modules that a constant names, or of the site's own one, or of what the code in it yields."""
        names = [self._program.texts[slot] for slot in self._constants(effect.source.root)]
        if effect.verb == "evaluate":
            return self._calls.evaluate(self._slot, names)
        return self._constraints.modules(self._slot, names, own=not effect.verb)

    def _source(self, effect: Effect) -> int:
        """Slot of what comes of the arguments; -1 when they are not given here."""
        root, steps, _ = effect.source
        source = self._read(root, steps[:-1] if steps[-1:] == (ALL,) else steps)
        if source < 0 or effect.verb in PASSED:
            return source
        if effect.verb == "send":
            self._summaries.note_sent(self._slot, source)
            return -1
        if effect.verb in STEPS:
            return self._constraints.verb_step(source, effect.verb)
        if effect.verb == "constant":
            return self._constraints.counterparts.constant(self._self)
        arguments = tuple(slot for path in effect.arguments for slot in self._given(path))
        if effect.verb == "meta":
            return self._constraints.give_metatable(self._slot, source, *arguments)
        guarded = effect.verb == "guarded"
        return self._constraints.guarded(source, *arguments) if guarded else self._run(effect, source, arguments)

    def _run(self, effect: Effect, source: int, arguments: tuple[int, ...]) -> int:
        """Slot of what comes of a function that is called, or that is kept to be called later."""
        receiver = self._read(effect.receiver.root, effect.receiver.steps) if effect.receiver is not None else -1
        if effect.verb in ("call", "make"):
            make = effect.verb == "make"
            called = self._calls.make(self._slot, source, arguments) if make else self._calls.call(self._slot, source, arguments, receiver)
            self._called = called
            return called
        accesses, source, partials = effect.verb == "accessor", self._calls.callee(self._slot, source), self._summaries.partials
        kept = self._calls.accessor(source, *arguments) if accesses else partials.keep(source, arguments, self._keywords, receiver)
        made = self._program.new_slot(HELD)
        self._constraints.hold(made, kept)
        return made

    def _of_library(self, effect: Effect) -> int:
        """Slot of something that only the library's own names say."""
        name = effect.source.root + "".join(effect.source.steps)
        made = self._program.derived_slot(self._slot, HELD, "", ())
        if effect.verb == "external":
            self._constraints.hold_external(made, self._program.file_of_slot(self._slot), name)
        else:
            arguments = tuple(slot for path in effect.arguments for slot in self._given(path))
            self._constraints.hold(made, self._summaries.partials.later(name, arguments))
        return made

    def _given(self, path: Path) -> list[int]:
        if path.onward:
            return self._arguments[int(path.root) :]
        slot = self._read(path.root, path.steps)
        return [slot if slot >= 0 else self._calls.missing]

    def _root(self, root: str) -> int:
        if root == "self" and self._self is not None:
            return self._own_slot(self._self)
        if root == "self" and self._program.forms[self._program.part(self._slot)] == MEMBER:
            return self._program.part(self._program.part(self._slot))
        if root == "result":
            return self._slot
        if root in ("called", "type"):
            return self._called if root == "called" else self._keywords.get(root, self._type_argument())
        if root == "made":
            made = self._program.new_slot(HELD)
            self._constraints.hold(made, self._result(()))
            return made
        return self._positional(root) if root.isdigit() or root == LAST else self._keywords.get(root, -1)

    def _type_argument(self) -> int:
        """A slot of the class that the call names as its type argument, or -1."""
        callee = self._program.part(self._slot)
        if self._program.forms[callee] not in (GENERIC, MEMBER) or len(self._program.parts[callee]) == 1:
            return -1
        return self._constraints.verb_step(self._program.part(callee, 1), "taken")

    def _own_slot(self, holder: int) -> int:
        """A slot of what a method is called on."""
        if self._self_slot < 0:
            self._self_slot = self._program.new_slot(HELD)
            self._constraints.hold(self._self_slot, holder)
        return self._self_slot

    def _positional(self, root: str) -> int:
        """As `_argument`; of all elements of a sequence that stand for several, any one."""
        slot = self._argument(root)
        if slot >= 0 and self._program.forms[slot] == SPREAD:
            return self._constraints.step(self._program.part(slot), ITERATED)
        return -1 if slot >= 0 and self._program.forms[slot] == SPREAD_MAP else slot

    def _argument(self, root: str) -> int:
        """The positional argument at a number, or the last one; -1 when it is not given."""
        if root == LAST:
            given = (slot for slot in reversed(self._arguments) if self._program.forms[slot] != UNKNOWN)
            return next(given, -1)
        slot = self._arguments[int(root)] if int(root) < len(self._arguments) else -1
        return -1 if slot == self._calls.missing else slot

    def _read(self, root: str, steps: tuple[str, ...]) -> int:
        """Slot of what the steps lead to from an argument; -1 where it is not given."""
        slot = self._root(root)
        if slot >= 0 and steps[:1] == (ITERATED,) and (root.isdigit() or self._is_of_instance(root)):
            self._summaries.note_loop(self._slot, slot)
        for step in steps if slot >= 0 else ():
            if "@" not in step:
                slot = self._constraints.step(slot, step)
                continue
            constants = self._constants(step.strip("[].@"))
            if not constants:
                return self._constraints.step(slot, ANY) if step.startswith("[") else self._named(slot, step.strip(".@"))
            found = [self._constraints.step(slot, step, constant) for constant in constants]
            if step.startswith("."):
                self._summaries.note_reads(self._slot, found)
            slot = self._joined(found)
        return slot

    def _is_of_instance(self, root: str) -> bool:
        """Whether a path begins with an instance of a class that gives the elements to a block, which the library does for it."""
        own = root == "self" and self._self is not None and self._self & MASK == INSTANCE_OF
        return own and bool(self._program.operation(self._program.file_of_slot(self._slot), "each"))

    def _named(self, holder: int, position: str) -> int:
        """The members that an argument names which is no constant; -1 where it is not given."""
        key = self._root(position)
        return self._constraints.named(holder, key) if key >= 0 else -1

    def _joined(self, slots: list[int]) -> int:
        """One slot for what several hold."""
        if len(slots) == 1:
            return slots[0]
        made = self._program.new_slot(HELD)
        for slot in slots:
            self._constraints.reach(slot, made)
        return made

    def _constants(self, position: str) -> list[int]:
        """The constants that an argument can be: one itself, or those that a variable is set to."""
        number = int(position) if position.isdigit() else len(self._arguments)
        slot = self._arguments[number] if number < len(self._arguments) else -1
        if slot < 0:
            return []
        forms = self._program.forms
        if forms[slot] == CONSTANT:
            return [slot]
        variables = (slot,) if forms[slot] == LOCAL else self._constraints.fields(slot)
        sources = [source for variable in variables for source in self._program.sources.get(variable, ())]
        found = [constant for source in sources for constant in self._listed(source)]
        return found if len(found) <= CONSTANTS and all(forms[constant] == CONSTANT for constant in found) else []

    def _listed(self, source: int) -> list[int]:
        """A source, the elements that a loop takes from a literal, or the sides of a choice."""
        program = self._program
        if program.forms[source] == UNION:
            return [program.first_of_slot[source] + part for part in program.parts[source]]
        inner = program.part(source) if program.forms[source] == ITERATE else -1
        if inner < 0 or program.forms[inner] != SEQUENCE:
            return [source]
        return [program.first_of_slot[inner] + part for part in program.parts[inner]]

    def _constant(self, step: str) -> int:
        """Slot of the constant that a step names by the position of an argument, or -1."""
        _, at, position = step.strip("[].").partition("@")
        number = int(position) if at and position.isdigit() else len(self._arguments)
        slot = self._arguments[number] if number < len(self._arguments) else -1
        return slot if slot >= 0 and self._program.forms[slot] == CONSTANT else -1

    # --- writing ------------------------------------------------------------------------------------------------------------------------

    def _put(self, target: Path, source: int, *, all_keys: bool, inherited: bool) -> None:
        if not target.steps:
            if target.root.isdigit():
                if int(target.root) < len(self._arguments):
                    self._constraints.reach(source, self._arguments[int(target.root)])
            elif target.root != "self":
                self._constraints.reach(source, self._slot)
            elif self._self is not None:
                self._constraints.join(source, self._self)
        elif all_keys and target.root.isdigit() and target.steps == (ALL,):
            self._pour(source, self._root(target.root), inherited=inherited)
        elif target.steps[-1].startswith(".") or target.root not in ("result", "self"):
            self._put_member(target, source)
        else:
            holder = self._holder(target)
            if holder is not None and all_keys:
                behind = self._constraints.length(self._self or 0) if target.steps[-1] == BEHIND else 0
                self._constraints.merge(source, holder, behind)
            elif holder is not None:
                self._constraints.put(source, holder, self._key(target.steps[-1]))

    def _do_entries(self, effect: Effect) -> None:
        """What a function does with each entry of a literal, whose key and value it is given in place of the literal."""
        given = [slot for path in effect.arguments for slot in self._given(path)]
        program, literal = self._program, given.pop()
        before = program.part(self._slot), *given
        for key, held in program.entries(literal) if program.forms[literal] == MAPPING else ():
            made = program.derived_slot(self._slot, CALL, "", (*before, key, held))
            self._summaries.apply_named(made, effect.called)

    def _pour(self, source: int, target: int, *, inherited: bool) -> None:
        """All elements of what is given go into something else that is given, perhaps but those that it has under their keys itself."""
        if target >= 0:
            self._constraints.pour(source, target, inherited=inherited)

    def _put_member(self, target: Path, source: int) -> None:
        holder, last = self._read(target.root, target.steps[:-1]), target.steps[-1]
        constants = self._constants(last.strip(".@")) if "@" in last else [-1]
        apart = len(constants) == 1 or not self._depends(source, self._root(last.strip(".@")))
        for constant in constants if holder >= 0 and apart else ():
            self._constraints.store(source, self._constraints.step(holder, last, constant))
        if holder >= 0 and not constants:
            self._put_turns(holder, last, source)

    def _depends(self, source: int, name: int) -> bool:
        """Whether a value is made of the name that it is stored under: each name has another one then."""
        program, pending = self._program, [source]
        for _ in range(PARTS):
            if not pending:
                return False
            slot = pending.pop()
            if slot == name:
                return True
            if program.forms[slot] != LOCAL:
                pending.extend(program.first_of_slot[slot] + part for part in program.parts[slot][:PARTS])
        return True

    def _put_turns(self, holder: int, last: str, source: int) -> None:
        """The name and the value of a member are bound by a loop."""
        name, turns = self._root(last.strip(".@")), self._summaries.turns
        if name < 0:
            return
        if (mapping := turns.mapping(name, source)) >= 0:
            self._constraints.pour(mapping, holder)
        for key, held in turns.pairs(name, source):
            if self._program.forms[key] == CONSTANT:
                self._constraints.store(held, self._constraints.step(holder, last, key))

    def _put_pairs(self, target: Path, root: str) -> bool:
        """What a literal of literal pairs gives: each second one under the first, where all of these are constants."""
        program, listed = self._program, self._root(root)
        if listed < 0 or program.forms[listed] != SEQUENCE or target.root != "result" or target.steps != (ITERATED,):
            return False
        pairs = [program.first_of_slot[listed] + part for part in program.parts[listed]]
        if any(program.forms[pair] != SEQUENCE or len(program.parts[pair]) != len(PAIRED) for pair in pairs):
            return False
        if any(program.forms[program.part(pair)] != CONSTANT for pair in pairs):
            return False
        for pair in pairs:
            self._constraints.put(program.part(pair, 1), self._result(()), program.texts[program.part(pair)])
        return True

    def _put_keywords(self, target: Path) -> None:
        if target.steps[-1] == MEMBERS:
            for name, slot in self._keywords.items():
                self._put_member(target._replace(steps=(*target.steps[:-1], f".{name}")), slot)
            return
        holder = self._holder(target)
        for name, slot in self._keywords.items() if holder is not None else ():
            if name:
                self._constraints.put(slot, holder or 0, name)

    def _key(self, step: str) -> str:
        constant = self._constant(step)
        if constant >= 0:
            return self._program.texts[constant]
        return ANY_KEY if step in (ITERATED, ANY, ALL) or "@" in step else step[1:-1]

    def _holder(self, target: Path) -> int | None:
        """The container that the last step of a target goes into."""
        if target.root == "result":
            return self._result(target.steps[:-1])
        return self._self if target.root == "self" and len(target.steps) == 1 else None

    def _result(self, steps: tuple[str, ...]) -> int:
        holder = self._holders.get(steps)
        if holder is None:
            holder = self._holders[steps] = self._constraints.container(self._form if not steps else SEQUENCE)
            if not steps and self._program.forms[self._slot] == NEW:
                traits = self._program.traits[self._program.file_of_slot(self._slot)]
                named = self._program.without_arguments(self._program.part(self._slot))
                maps = self._program.texts[named] in traits.mapping_types
                self._constraints.note_instance(holder, pairs=maps and traits.iterates == "pairs")
            if steps:
                self._constraints.put_value(holder, self._result(steps[:-1]), self._key(steps[-1]))
            else:
                self._constraints.hold(self._slot, holder, passes=self._program.holds_functions(self._slot))
        return holder
