"""Containers: lists, tuples, dicts, objects; also the fields of modules and functions, which are stored the same way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aelus.domain.facts import (
    ARRAY,
    CALL,
    CONSTANT,
    EVERYWHERE,
    INDEX,
    ITERATE,
    LOCAL,
    MAPPING,
    MEMBER,
    SEQUENCE,
    SPREAD,
    SPREAD_MAP,
    UNION,
    UNKNOWN,
)
from aelus.domain.linking.program import HELD, IDLE_FORMS, MERGE, POUR, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.types.container_types import has_members, is_mapping_type
from aelus.domain.linking.types.literal_keys import is_number, spread_keys, written_behind
from aelus.domain.linking.types.positions import ENTRY, position_key
from aelus.domain.linking.types.turns import Turns
from aelus.domain.linking.values import DEF, INSTANCE_OF, MASK, MODULE, OBJECT, SHIFT, value
from aelus.domain.numbers import natural

MIRRORS_PER_OBJECT: Final = 16
"""Containers that the elements of one are copied to; more are left out."""
MIRRORED_KEYS: Final = 12
"""Keys that are told apart in a copy; the elements of larger containers share one field there."""
FIELDS_PER_OBJECT: Final = 128
"""Keys of one container that are told apart; later ones share one field."""
KEPT: Final = frozenset({OBJECT, MODULE})
"""Holders whose fields are kept here."""
FILLED: Final = frozenset({OBJECT, MODULE, INSTANCE_OF, DEF})
"""Holders that the elements of others are put into."""
ANY_KEY: Final = "*"
"""Field of a container for values at keys that are not known."""
END: Final = 1 << 30
"""Number of an element behind all others."""
RESERVED: Final = ("#", "<")
"""Beginnings of keys that no program has: numbers of results, metatables."""
NOTHING_WRITTEN: Final[frozenset[str]] = frozenset()
Link = tuple[int, int, int, frozenset[str]]
"""Container that elements are put into, by how many places further, the number of the first that stays behind, keys that stay behind."""
KEYS: Final = "#"
"""Field of a mapping for its keys, in languages where these are values of the program."""
EVERY_KEY: Final = "?"
"""Field of a container that receives the values at all keys."""
FACTORY: Final = "<factory>"
"""Field of a mapping for the function that makes what it has at a key which is read first: reading there stores the key."""
NUMBERED: Final = "<numbers>"
"""Field of a container that receives the values at keys that are numbers, or are not known."""


class Containers:
    """Fields of containers as slots."""

    __deletable__ = ("constant_of", "join_table", "name_of", "read_table", "store_field")

    def __init__(self, program: Program, propagation: Propagation, stores: dict[int, int]) -> None:
        self._program = program
        self._propagation = propagation
        self._stores = stores
        self._fields: dict[tuple[int, str], int] = {}
        self._keys_of: dict[int, list[str]] = {}
        self._mirrors: dict[int, list[Link]] = {}
        self._merges: dict[int, Link] = {}
        self._spreads: set[int] = set()  # `MERGE` steps of what a literal spreads, which may be an instance that says what it yields
        self._poured: dict[int, int] = {}
        self._inherited: set[int] = set()
        """`POUR` steps that leave what is written in a literal."""
        self._themselves: set[tuple[int, str]] = set()
        """(container, name) of those that have themselves there."""
        self._turns = Turns(program)
        self._met: dict[int, Callable[[int], object]] = {}
        """Step → what is done with each value that it meets."""
        """`POUR` step → what is put into what it meets."""
        self.constant_of: Callable[[int], str | None] = _no_constant
        """The constant that a name stands for which is a key."""
        self.name_of: Callable[[int, str], str] = _no_name
        """The constant that a member of a value is."""
        self.store_field: Callable[[int, str], int] = _no_field
        """The slot of a member that is assigned to, of what is no container."""
        self.spaces: set[int] = set()
        """Containers whose elements are their members."""
        self.tables: set[int] = set()
        """Containers that are the tables of the members of something."""
        self.join_table: Callable[[int, str, int], None]
        """`SpecialMembers` lets what is put at a key of such a container reach the member of that name."""
        self.read_table: Callable[[int, str, int], None]
        """And the member what asks for the key."""
        self.instances: set[int] = set()
        """Containers that are made as instances of types of the library, which are known besides."""
        self.pairs: set[int] = set()
        """Those of them that are mappings, which loops take pairs of a key and a value out of."""
        self.uniform: set[int] = set()
        """Containers all of whose elements are known by one declared type."""

    def let_go(self) -> None:
        """See `ValueFlow.let_go`."""
        del self.constant_of, self.name_of, self.store_field, self.join_table, self.read_table
        self._met.clear()

    def seed(self) -> None:
        """Let the literals of the program hold their elements."""
        for slot in self._program.by_form[SEQUENCE]:
            self._seed_sequence(slot)
        for slot in self._program.by_form[MAPPING]:
            self._seed_mapping(slot)

    def _seed_sequence(self, slot: int) -> None:
        forms, first = self._program.forms, self._program.first_of_slot[slot]
        holder = value(OBJECT, slot)
        if self._program.holds_functions(slot):
            self._propagation.passing.add(holder)
        self._propagation.add(slot, holder)
        for position, part in enumerate(self._program.parts[slot]):
            source = first + part
            form = forms[source]
            if form == SPREAD:
                self._spreads.add(self.merge(self._program.part(source), holder, position))
            elif self._holds(source):
                key = ANY_KEY if self._program.texts[slot] == EVERYWHERE else str(position)
                self._propagation.copy(source, self.field(holder, key))

    def _seed_mapping(self, slot: int) -> None:
        first, parts = self._program.first_of_slot[slot], self._program.parts[slot]
        holder = value(OBJECT, slot)
        self._propagation.add(slot, holder)
        hiding = spread_keys(self._program, slot)
        position = 0
        while position < len(parts):
            key = first + parts[position]
            if self._program.forms[key] == SPREAD_MAP:
                written = written_behind(self._program, slot, position).union(*(keys for place, keys in hiding if place > position))
                self.merge(self._program.part(key), holder, written=written)
                position += 1
            else:
                self._seed_key(holder, key)
                hidden = hiding and self._program.forms[key] == CONSTANT and self._program.texts[key]
                if not hidden or not any(place > position and hidden in keys for place, keys in hiding):
                    self._seed_pair(holder, key, first + parts[position + 1])
                position += 2

    def _seed_key(self, holder: int, key: int) -> None:
        """A key of a literal, where it is a value of the program."""
        if self._program.forms[key] not in IDLE_FORMS and self._program.traits[self._program.file_of_slot(key)].keeps_keys:
            self._propagation.copy(key, self.field(holder, KEYS))

    def _seed_pair(self, holder: int, key: int, source: int) -> None:
        program = self._program
        if program.forms[key] == MEMBER and program.part(key) == source and program.traits[program.file_of_slot(key)].keyed_stores:
            name = program.texts[key]
            self.meet(source, lambda inner: self._propagation.add(self.field(holder, self.name_of(inner, name) or ANY_KEY), inner))
        elif self._holds(source) and not self._seed_turns(holder, key, source):
            self._propagation.copy(source, self.field(holder, self._key(key)))

    def _holds(self, source: int) -> bool:
        return self._program.forms[source] not in IDLE_FORMS or source in self._program.naming_functions

    def _seed_turns(self, holder: int, key: int, source: int) -> bool:
        """`{k: v for k, v in …}`: each turn of the loop has a key and a value of its own; false where the turns are not known."""
        program, turns = self._program, self._turns
        if program.forms[key] != LOCAL or program.forms[source] != LOCAL:
            return False
        if (mapping := turns.mapping(key, source)) >= 0:
            self.meet(mapping, lambda inner: self._take_entries(inner, holder, source))
            return True
        pairs = turns.pairs(key, source)
        for name, held in pairs:
            self._propagation.copy(held, self.field(holder, self._key(name)))
        return bool(pairs)

    def _take_entries(self, inner: int, holder: int, source: int) -> None:
        """A container gets the entries of another one; of what is no mapping here, the values that a loop takes, at any key."""
        known = inner & MASK == OBJECT and self._program.forms[inner >> SHIFT] == MAPPING
        if not known or not self._mirror(inner, (holder, 0, END, NOTHING_WRITTEN)):
            self._propagation.connect(source, self.field(holder, ANY_KEY))

    def _key(self, slot: int) -> str:
        program = self._program
        if program.forms[slot] != SEQUENCE:
            return program.texts[slot] if program.forms[slot] == CONSTANT else self.constant_of(slot) or ANY_KEY
        parts = [program.first_of_slot[slot] + part for part in program.parts[slot]]
        known = all(program.forms[part] == CONSTANT for part in parts)
        return f"({','.join(program.texts[part] for part in parts)})" if known else ANY_KEY

    def field(self, holder: int, name: str) -> int:
        """The slot of a container's, module's or function's field."""
        slot = self._fields.get((holder, name))
        if slot is None:
            if holder in self.uniform and name not in (ANY_KEY, EVERY_KEY) and not self._is_no_element(holder, name):
                return self._fields.setdefault((holder, name), self.field(holder, ANY_KEY))
            keys = self._keys_of.setdefault(holder, [])
            if len(keys) >= FIELDS_PER_OBJECT and name not in (ANY_KEY, EVERY_KEY):
                return self.field(holder, ANY_KEY)
            keys.append(name)
            slot = self._fields[holder, name] = self._program.new_slot(UNKNOWN)
            if holder & MASK in (OBJECT, MODULE):
                self._join(holder, name, slot, keys)
        return slot

    def _is_no_element(self, holder: int, name: str) -> bool:
        """Whether a name is none of an element: a word, of an array."""
        return name.startswith(RESERVED) or (name.isidentifier() and self._program.forms[holder >> SHIFT] == ARRAY)

    def known_field(self, holder: int, name: str) -> int:
        """As `field`, where something is known of it by now; else -1."""
        return self._fields.get((holder, name), -1)

    def _join(self, holder: int, name: str, slot: int, keys: list[str]) -> None:
        """A new field takes part in what is known of the container as a whole: the field of all keys, which is made when it is first
        asked for, and the copies.
        """
        if name == EVERY_KEY:
            for key in keys:
                if key != EVERY_KEY and not key.startswith(RESERVED):
                    self._propagation.connect(self._fields[holder, key], slot)
            return
        if name.startswith(RESERVED):
            if name == NUMBERED:
                self._join_numbers(slot, holder, keys)
            return
        if name == ANY_KEY or name.isdigit():
            self._propagation.connect(slot, self._fields.get((holder, NUMBERED), slot))
        if holder in self.tables:
            self.join_table(holder, name, slot)
        every = self._fields.get((holder, EVERY_KEY))
        if every is not None:
            self._propagation.connect(slot, every)
        for link in self._mirrors.get(holder, ()):
            self._mirror_key(holder, name, *link)

    def _join_numbers(self, slot: int, holder: int, keys: list[str]) -> None:
        for key in keys:
            if key == ANY_KEY or key.isdigit():
                self._propagation.connect(self._fields[holder, key], slot)

    def merge(self, source: int, holder: int, shift: int = 0, end: int = END, written: frozenset[str] = NOTHING_WRITTEN) -> int:
        """All elements of the containers in `source` go into `holder`: numbered ones `shift` places further, others at their keys;
        from the number `end` on they stay behind, and so do those at the keys in `written`. Returns the step that does it.
        """
        step = self._program.new_slot(MERGE, "", (source,))
        self._merges[step] = (holder, shift, end, written)
        self._propagation.subscribe(source, step)
        return step

    def copies_keys(self, source: int, target: int) -> bool:
        """`a[k] = b[k]`: what `b` has under any key, `a` has under the same; `a.k = a`: each has itself there. False for others."""
        program = self._program
        if program.forms[target] == MEMBER:
            return source == program.part(target) and self._holds_itself(source, target)
        if len(program.parts[target]) > 1 and (looped := self._looped(source, program.part(target, 1))) >= 0:
            self.pour(looped, program.part(target))
            return True
        if program.forms[source] != INDEX or len(program.parts[source]) == 1 or len(program.parts[target]) == 1:
            return False
        key = program.part(target, 1)
        same = key == program.part(source, 1) and program.forms[key] not in (CONSTANT, UNKNOWN)
        if same and program.traits[program.file_of_slot(target)].prototype:
            self.pour(program.part(source), program.part(target))
            return True
        return False

    def _holds_itself(self, source: int, target: int) -> bool:
        program = self._program
        if not program.traits[program.file_of_slot(target)].metatables:
            return False
        name = program.texts[target]
        self.meet(source, lambda holder: self._note_itself(holder, name))
        return True

    def _note_itself(self, holder: int, name: str) -> None:
        """A container has itself under a name, and so has each copy of it."""
        self._themselves.add((holder, name))
        for copy in (holder, *(link[0] for link in self._mirrors.get(holder, ()))):
            self._propagation.add(self.field(copy, name), copy)

    def meet(self, source: int, take: Callable[[int], object]) -> None:
        """Do something with each value of an expression."""
        step = self._program.new_slot(POUR, "", (source,))
        self._met[step] = take
        self._propagation.subscribe(source, step)

    def _looped(self, source: int, key: int) -> int:
        """`for k, v in pairs(a) do b[k] = v end`: what is looped over, where key and element are of one loop; else -1."""
        program = self._program
        if program.forms[source] != LOCAL or program.forms[key] != LOCAL or not program.traits[program.file_of_slot(key)].pair_loops:
            return -1
        keys, elements = program.sources.get(key, ()), program.sources.get(source, ())
        if len(keys) != 1 or len(elements) != 1 or program.forms[elements[0]] != INDEX or program.part(elements[0]) != keys[0]:
            return -1
        loops = [program.part(inner) for inner in self._alternatives(keys[0]) if program.forms[inner] == ITERATE]
        words = program.traits[program.file_of_slot(key)].pair_loops
        known = [loop for loop in loops if program.forms[loop] == CALL and program.texts[program.part(loop)] in words]
        return program.part(known[0], 1) if len(known) == 1 and len(program.parts[known[0]]) > 1 else -1

    def _alternatives(self, slot: int) -> list[int]:
        program = self._program
        return [program.first_of_slot[slot] + part for part in program.parts[slot]] if program.forms[slot] == UNION else [slot]

    def pour(self, source: int, target: int, *, inherited: bool = False) -> None:
        """All elements of the containers in `source` go into all that `target` holds, be it a container or an instance.

        Those that are `inherited` a literal has unless it is written with some of the same keys.
        """
        step = self._program.new_slot(POUR, "", (target,))
        self._poured[step] = source
        if inherited:
            self._inherited.add(step)
        self._propagation.subscribe(target, step)

    def take_target(self, slot: int, holder: int) -> None:
        """The `POUR` expression `slot` meets what is filled."""
        if slot in self._met:
            self._met[slot](holder)
        elif holder & MASK in FILLED:
            literal = slot in self._inherited and holder & MASK == OBJECT and self._program.forms[holder >> SHIFT] == MAPPING
            self.merge(
                self._poured[slot], holder, written=written_behind(self._program, holder >> SHIFT, -1) if literal else NOTHING_WRITTEN
            )

    def take_all(self, slot: int, holder: int) -> None:
        """The `MERGE` expression `slot` meets a container; elements of other values have no keys that are known."""
        if holder in self.pairs and self._merges[slot][0] not in self.pairs:
            self._propagation.add(self.field(self._merges[slot][0], ANY_KEY), self._pair(slot, holder, keeps_keys=False))
        elif holder & MASK in (OBJECT, MODULE):
            self._mirror(holder, self._merges[slot])
        elif slot in self._spreads:
            self._propagation.connect(self._looped_over(slot, holder), self.field(self._merges[slot][0], ANY_KEY))

    def _looped_over(self, slot: int, holder: int) -> int:
        """A slot of what a loop over an instance yields."""
        made = self._program.derived_slot(slot, HELD, "", ())
        step = self._program.derived_slot(slot, ITERATE, "", (made,))
        self._propagation.subscribe(made, step)
        self._propagation.add(made, holder)
        return step

    def _mirror(self, holder: int, link: Link) -> bool:
        """Let all elements of a container go into another one; false where it has too many copies."""
        mirrors = self._mirrors.setdefault(holder, [])
        if holder == link[0] or link in mirrors:
            return True
        if len(mirrors) == MIRRORS_PER_OBJECT:
            return False
        mirrors.append(link)
        if self._yields_keys(holder) and link[0] & MASK == OBJECT and self._program.forms[link[0] >> SHIFT] == SEQUENCE:
            self._propagation.connect(self.field(holder, KEYS), self.field(link[0], ANY_KEY))
            return True
        for key in tuple(self._keys_of.get(holder, ())):
            self._mirror_key(holder, key, *link)
        return True

    def _yields_keys(self, holder: int) -> bool:
        """Whether loops over a container yield its keys, which are values of the program."""
        traits, index = self._program.traits[self._program.file_of_slot(holder >> SHIFT)], holder >> SHIFT
        return traits.keeps_keys and traits.iterates == "keys" and holder & MASK == OBJECT and self._is_mapping(index)

    def _is_mapping(self, origin: int) -> bool:
        return self._program.forms[origin] == MAPPING or is_mapping_type(self._program, origin)

    def _mirror_key(self, holder: int, key: str, target: int, shift: int, end: int, written: frozenset[str]) -> None:
        if key == KEYS and target & MASK == OBJECT:
            self._propagation.connect(self.field(holder, KEYS), self.field(target, KEYS))
            return
        if key == EVERY_KEY or key in written or key.startswith(RESERVED):
            return
        if (holder, key) in self._themselves:
            self._propagation.add(self.field(target, key), target)
            return
        moved = key
        if len(self._keys_of[holder]) > MIRRORED_KEYS:
            moved = ANY_KEY
        elif (shift or end != END) and (number := natural(key)) >= 0:
            if number + shift < 0 or number >= end:
                return
            moved = str(number + shift)
        into = self.field(target, moved) if target & MASK in KEPT else self._field_of_instance(target, moved)
        if into >= 0:
            self._propagation.connect(self.field(holder, key), into)

    def _field_of_instance(self, target: int, key: str) -> int:
        """Where an instance, or a class itself, keeps a member; -1 where its name is not known."""
        return -1 if key in (ANY_KEY, EVERY_KEY) or key.isdigit() else self.store_field(target, key)

    def take_slice(self, slot: int, holder: int) -> None:
        """The `SLICE` expression `slot` is the rest of a sequence."""
        made = value(OBJECT, slot)
        self._propagation.add(slot, made)
        source = self._program.new_slot(UNKNOWN)
        self._propagation.add(source, holder)
        start, _, end = self._program.texts[slot].partition(":")
        first, behind = self._bound(start or "0", holder), self._bound(end or str(END), holder)
        if first < 0:
            self._propagation.connect(self.field(holder, EVERY_KEY), self.field(made, ANY_KEY))
        else:
            self.merge(source, made, -first, END if behind < 0 else behind)

    def _bound(self, text: str, holder: int) -> int:
        """A number in a slice, counted from the beginning; negative where it is not known."""
        if (number := natural(text)) >= 0:
            return number
        length = self.length(holder) if (behind := natural(text[1:])) >= 0 else 0
        return length - behind if length else -1

    def index_key(self, slot: int) -> str:
        """The key that an `INDEX` expression asks for."""
        found = self._key(self._program.part(slot, 1)) if len(self._program.parts[slot]) > 1 else EVERY_KEY
        return self.unknown_key(slot) if found == ANY_KEY else found

    def unknown_key(self, slot: int) -> str:
        """The key of an `INDEX` expression that is not known, which may be some number."""
        return NUMBERED if len(self._program.parts[slot]) > 1 and is_number(self._program, self._program.part(slot, 1)) else ANY_KEY

    def take_member(self, slot: int, holder: int, name: str) -> None:
        """The expression `slot` reads, and perhaps writes, a member of a container, which may be one of its elements."""
        traits, index = self._program.traits[self._program.file_of_slot(slot)], holder >> SHIFT
        key = position_key(self._program, slot, index, name, EVERY_KEY if is_mapping_type(self._program, index) else "")
        has_keys = (key != name or not traits.positions) and has_members(self._program, index)
        if name in traits.element_views and (is_mapping_type(self._program, index) or self._program.forms[index] == MAPPING):
            self.take_view(slot, holder)
        take = self.take_key if has_keys or self._program.forms[index] == MAPPING else self.take_named
        take(slot, holder, key)

    def take_view(self, slot: int, holder: int) -> None:
        """The expression `slot` is all elements of a mapping, without their keys."""
        view = value(OBJECT, self._program.derived_slot(slot, SEQUENCE, "", ()))
        self._propagation.connect(self.field(holder, EVERY_KEY), self.field(view, ANY_KEY))
        self._propagation.add(slot, view)

    def take_named(self, slot: int, holder: int, name: str) -> None:
        """As `take_key`, for a name that is looked up elsewhere if the container has it not."""
        field = self.field(holder, name)
        if slot in self._stores:
            self._propagation.connect(self._stores[slot], field)
        self._propagation.connect(field, slot)

    def take_key(self, slot: int, holder: int, key: str) -> None:
        """The expression `slot` reads, and perhaps writes, one key of a container."""
        connect = self._propagation.connect
        if key.startswith("-"):
            key = self._from_end(holder, key)
        self._keep_key(slot, holder)
        if slot in self._stores:
            connect(self._stores[slot], self.field(holder, ANY_KEY if key in (EVERY_KEY, NUMBERED) else key))
        if key in (ANY_KEY, EVERY_KEY):
            connect(self.field(holder, EVERY_KEY), slot)
        else:
            connect(self.field(holder, key), slot)
            if not key.startswith(RESERVED):
                connect(self.field(holder, ANY_KEY), slot)
            if holder in self.tables:
                self.read_table(holder, key, slot)

    def _keep_key(self, slot: int, holder: int) -> None:
        """What a subscript stores is stored under its key, where that is a value of the program."""
        program = self._program
        key = program.part(slot, 1) if program.forms[slot] == INDEX and len(program.parts[slot]) > 1 else slot
        if key == slot or program.forms[key] in IDLE_FORMS or not program.traits[program.file_of_slot(slot)].keeps_keys:
            return
        if (slot in self._stores or self.known_field(holder, FACTORY) >= 0) and self._is_mapping(holder >> SHIFT):
            self._propagation.connect(key, self.field(holder, KEYS))

    def _from_end(self, holder: int, key: str) -> str:
        """A negative index counts from the end of a sequence of known length."""
        if (behind := natural(key[1:])) < 0:
            return key
        length = self.length(holder)
        return str(length - behind) if length else ANY_KEY

    def length(self, holder: int) -> int:
        """Number of elements of a sequence as it was written; 0 where it is not known."""
        program, origin = self._program, holder >> SHIFT
        parts, first = program.parts[origin], program.first_of_slot[origin]
        known = program.forms[origin] == SEQUENCE and program.texts[origin] != EVERYWHERE
        if self._propagation.held(self._fields.get((holder, ANY_KEY), -1)):
            return 0
        return len(parts) if known and all(program.forms[first + part] != SPREAD for part in parts) else 0

    def take_elements(self, slot: int, holder: int) -> None:
        """The expression `slot` iterates over a container; a mapping may yield its keys, which need be no values of the program."""
        origin = holder >> SHIFT
        mapping, traits = self._program.forms[origin] == MAPPING, self._program.traits[self._program.file_of_slot(origin)]
        if mapping and not traits.keeps_keys and traits.iterates != "values":
            return
        iterates = traits.iterates if mapping or is_mapping_type(self._program, origin) else "pairs" if holder in self.pairs else "values"
        if iterates == "keys" and traits.keeps_keys:
            self._propagation.connect(self.field(holder, KEYS), slot)
        elif iterates == "values":
            self._propagation.connect(self.field(holder, EVERY_KEY), slot)
        elif iterates == "pairs":
            self._propagation.add(slot, self._pair(slot, holder, keeps_keys=traits.keeps_keys))

    def _pair(self, slot: int, holder: int, *, keeps_keys: bool) -> int:
        """A pair of a key and a value of a mapping."""
        pair = value(OBJECT, self._program.derived_slot(slot, SEQUENCE, ENTRY, ()))
        self._propagation.connect(self.field(holder, EVERY_KEY), self.field(pair, "1"))
        if keeps_keys:
            self._propagation.connect(self.field(holder, KEYS), self.field(pair, "0"))
        return pair


def _no_field(_holder: int, _name: str) -> int:
    return -1


def _no_name(_inner: int, _name: str) -> str:
    return ""


def _no_constant(_slot: int) -> str | None:
    return None
