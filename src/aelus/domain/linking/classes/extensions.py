"""Methods that are declared elsewhere for a type: extension methods, operators outside of classes."""

from __future__ import annotations

from typing import Final

from aelus.domain.facts import ARRAY, FREE, GENERIC, LOCAL, MAPPING, SEQUENCE, YIELD
from aelus.domain.linking.classes.hierarchy import OPERATOR, Hierarchy
from aelus.domain.linking.classes.interface_scopes import InterfaceScopes
from aelus.domain.linking.library.knowledge import LibraryKnowledge
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.program import HELD, Program
from aelus.domain.linking.propagation import Propagation
from aelus.domain.linking.signatures import EXTENSION
from aelus.domain.linking.values import BOUND, DEF, EXTERNAL, EXTERNAL_INSTANCE, INSTANCE_OF, MASK, OBJECT, SHIFT, value

LITERALS: Final = {MAPPING: "{}", SEQUENCE: "[]"}
PROPERTY: Final = "property"
NAMED: Final = frozenset({FREE, LOCAL})


class Extensions:
    """Lets such methods reach the expressions that name them as members."""

    def __init__(self, program: Program, names: Names, hierarchy: Hierarchy, propagation: Propagation, library: LibraryKnowledge) -> None:
        self._program = program
        self._names = names
        self._hierarchy = hierarchy
        self._propagation = propagation
        self._library = library
        self.read: dict[int, dict[int, None]] = {}
        """Expression → properties of types from elsewhere that are read there."""
        self._classes_inside: dict[int, frozenset[int]] = {}
        self._types: dict[int, tuple[int, ...]] = {}
        self._scopes = InterfaceScopes(program, names, hierarchy)

    def take(self, slot: int, definition: int, name: str) -> None:
        """Methods that are declared elsewhere for this class or one of its bases."""
        order = self._hierarchy.order(definition)
        if any(self._hierarchy.own_methods(owner, name) for owner in order):
            return
        if name in self._hierarchy.for_some:
            self.take_made(slot, value(INSTANCE_OF, definition), name)
        found = False
        for method in self._hierarchy.extensions[name]:
            types = self._extended(method)
            if self._extends_all(method, types) or any(inner & MASK == DEF and inner >> SHIFT in order for inner in types):
                found = self._show(method, value(INSTANCE_OF, definition), slot) or found
        if not found:
            self._take_defaults(slot, value(INSTANCE_OF, definition), name)

    def take_member(self, slot: int, holder: int, name: str) -> bool:
        """As `take_outer`, for an instance of a type from elsewhere; of such a type itself, what macros give it."""
        if holder & MASK == EXTERNAL_INSTANCE:
            return self.take_outer(slot, holder, name)
        if name in self._hierarchy.for_some:
            self.take_made(slot, holder, name)
        return False

    def take_made(self, slot: int, holder: int, name: str) -> None:
        """The method of an interface that a macro implements, where a type has none and the library's own ones are known."""
        methods = list(dict.fromkeys(self._hierarchy.for_some[name]))
        tag, index = holder & MASK, holder >> SHIFT
        if len(methods) != 1 or (tag in (DEF, INSTANCE_OF) and self._program.definitions[index].kind == "Trait"):
            return
        outer = tag in (EXTERNAL, EXTERNAL_INSTANCE)
        if outer and (not self._library.knows(methods[0], index) or self._library.has(methods[0], index, name)):
            return
        static = "static" in self._program.definitions[methods[0]].modifiers
        if static == (tag in (DEF, EXTERNAL)):
            self._propagation.add(slot, value(DEF if static else BOUND, methods[0]))

    def _take_defaults(self, slot: int, holder: int, name: str) -> bool:
        """Methods that an interface has itself which implementations for types from elsewhere, or for all types, do not have."""
        found = False
        for method, implementing in self._hierarchy.defaults.get(name, ()):
            static = "static" in self._program.definitions[method].modifiers
            if (
                static == (holder & MASK == EXTERNAL)
                and self._scopes.shows(method, slot)
                and self._implements(holder, implementing, method)
            ):
                if static:
                    self._propagation.add(slot, value(DEF, method))
                found = static or self._show(method, holder, slot) or found
        return found

    def _implements(self, holder: int, implementing: int, method: int) -> bool:
        """Whether what a value is of is the type of an implementation, which may be any, and has no method of the name itself."""
        tag, index, name = holder & MASK, holder >> SHIFT, self._program.definitions[method].name
        if self._has_itself(holder, name, method):
            return False
        if self._is_any(implementing):
            return True
        if tag == OBJECT:
            return self._is_container(index, implementing) or self._is_sequence(method, index, implementing)
        types = (
            self._names.static(implementing)
            or self._names.builtin(self._program.file_of_slot(implementing), self._text(implementing)).values
        )
        return tag in (EXTERNAL, EXTERNAL_INSTANCE) and any(
            inner & MASK == EXTERNAL and self._library.extends(method, index, inner >> SHIFT) for inner in types
        )

    def _has_itself(self, holder: int, name: str, method: int) -> bool:
        """Whether the library has a method of the name for what is of a type of its own."""
        if holder & MASK == OBJECT:
            slot = self._program.first_slot[self._program.file_of_definition[method]]
            return self._library.has_array_method(method, name) or len(self._library.method_effects(slot, holder, name)) > 0
        return holder & MASK != INSTANCE_OF and self._library.has(method, holder >> SHIFT, name)

    def _is_any(self, written: int) -> bool:
        """Whether an implementation is for a type parameter, of which no interface of the program is asked."""
        return self._program.is_type_parameter(written) and not any(inner & MASK == DEF for inner in self._names.static(written))

    def _text(self, written: int) -> str:
        return self._program.texts[written]

    def _extended(self, method: int) -> tuple[int, ...]:
        """The type that a method is declared for which stands elsewhere."""
        known = self._types.get(method)
        if known is None:
            program, file = self._program, self._program.file_of_definition[method]
            entry = program.definitions[method]
            declared = program.first_slot[file] + (entry.receiver or entry.parameters[0].type)
            builtin = self._names.builtin(file, program.texts[declared]).values if program.forms[declared] != LOCAL else ()
            known = self._types[method] = self._names.static(declared) or builtin
        return known

    def _extends_all(self, method: int, types: tuple[int, ...]) -> bool:
        """Whether a method is declared for whatever there is: a type parameter of its own without bounds, or what all types are."""
        program, entry = self._program, self._program.definitions[method]
        file = program.file_of_definition[method]
        top, root = self._library.top(method), program.traits[file].root_class
        if top >= 0 and value(EXTERNAL, top) in types:
            return True
        if root and any(inner in self._names.builtin(file, root).values for inner in types):
            return True
        if method in self._hierarchy.for_all:
            return True
        written = program.first_slot[file] + (entry.receiver or entry.parameters[0].type)
        return not types and program.forms[written] in NAMED and program.texts[written] in entry.type_parameters

    def take_outer(self, slot: int, holder: int, name: str) -> bool:
        """Methods that the program declares for a type from elsewhere; whether for whatever implements this very interface."""
        if name in self._hierarchy.for_some:
            self.take_made(slot, holder, name)
        if name.startswith(OPERATOR) and self._program.traits[self._program.file_of_slot(slot)].top_type:
            return False  # the right operand says which one is meant, if any
        found = bound = False
        for method in self._hierarchy.extensions.get(name, ()):
            types = self._extended(method)
            outer = [inner >> SHIFT for inner in types if inner & MASK == EXTERNAL]
            meant = self._extends_all(method, types) or any(self._library.extends(method, holder >> SHIFT, base) for base in outer)
            if meant and not self._is_hidden(method, holder >> SHIFT):
                shown = self._show(method, value(EXTERNAL_INSTANCE, holder >> SHIFT), slot)
                found, bound = shown or found, (shown and holder >> SHIFT in outer and method in self._hierarchy.for_all) or bound
        if not found:
            self._take_defaults(slot, value(EXTERNAL_INSTANCE, holder >> SHIFT), name)
        return bound

    def take_static(self, slot: int, external: int, name: str) -> bool:
        """Methods without a receiver that the program declares for a type from elsewhere; whether an interface of its own asks for them."""
        own = False
        for method in self._hierarchy.statics_of_outer(value(EXTERNAL, external), name):
            self._propagation.add(slot, value(DEF, method))
            own = own or self._hierarchy.signatures.implements_own(method)
        return own or self._take_defaults(slot, value(EXTERNAL, external), name)

    def _is_hidden(self, method: int, external: int) -> bool:
        """Whether the type has a method of that name itself, which comes before one that is declared elsewhere beside an own type's."""
        entry = self._program.definitions[method]
        return bool(entry.receiver) and self._library.has(method, external, entry.name)

    def take_of_container(self, slot: int, holder: int, name: str) -> None:
        """Methods that the program declares for a type of containers from elsewhere; one for arrays is there for all sequences."""
        program, container, found = self._program, holder >> SHIFT, False
        for method in self._hierarchy.extensions.get(name, ()):
            entry = program.definitions[method]
            receiver = entry.receiver or (entry.parameters[0].type if entry.parameters and EXTENSION in entry.modifiers else 0)
            written = program.first_slot[program.file_of_definition[method]] + receiver
            fits = receiver and (self._is_container(container, written) or self._is_sequence(method, container, written))
            fits = fits or (method in self._hierarchy.for_all and not self._has_itself(holder, name, method))
            if fits and not self._library.has_array_method(method, name):
                found = self._show(method, holder, slot) or found
        if not found:
            self._take_defaults(slot, holder, name)

    def _is_sequence(self, method: int, container: int, written: int) -> bool:
        """Whether a sequence without a type is what a method is declared for: a type that arrays are of, too."""
        program = self._program
        if program.forms[container] not in (SEQUENCE, YIELD, HELD) or program.forms[written] != GENERIC:
            return False
        return any(inner & MASK == EXTERNAL and self._library.is_of_arrays(method, inner >> SHIFT) for inner in self._names.static(written))

    def _is_container(self, container: int, written: int) -> bool:
        program = self._program
        if program.forms[written] == GENERIC and program.forms[container] in (GENERIC, MAPPING, SEQUENCE):
            literal = LITERALS.get(program.forms[container])
            own, name = literal or program.texts[program.part(container)], program.texts[program.part(written)]
            wider = dict(program.traits[program.file_of_slot(written)].wider_types)
            return own == name or name in wider.get(own, "").split()
        return program.forms[written] == ARRAY and program.forms[container] in (ARRAY, SEQUENCE, HELD)

    def _is_seen(self, method: int, file: int) -> bool:
        """Whether a file sees what another one declares beside a type: it is of the same package, imports it, or inherits it."""
        program, home = self._program, self._program.file_of_definition[method]
        package, name = program.units[home].facts.package, program.definitions[method].name
        if package == program.units[file].facts.package:
            return True
        holder = program.parent_of(method)
        if holder in self._inside(file):
            return True
        around = [program.definitions[outer].name for outer in program.enclosing_classes(holder)]
        around.append(package)
        place = ".".join(reversed(around))
        brought = ("*", name) if holder >= 0 else ("*", "", name)
        return any(
            (statement.module == place and statement.name in brought)
            or (statement.module == f"{place}.{name}" and statement.name in ("*", "", name))
            for statement in program.units[file].facts.imports
        )

    def _inside(self, file: int) -> frozenset[int]:
        """Classes whose members are seen somewhere in a file without being imported: of its classes, and of its functions' receivers."""
        known = self._classes_inside.get(file)
        if known is None:
            program, first, found = self._program, self._program.first_definition[file], set[int]()
            for definition in range(first, first + len(program.units[file].facts.definitions)):
                receiver = program.definitions[definition].receiver
                written = self._names.static(program.first_slot[file] + receiver) if receiver else ()
                named = [inner >> SHIFT for inner in written if inner & MASK == DEF and program.is_class(inner >> SHIFT)]
                for holder in [definition] if program.is_class(definition) else named:
                    found.update(self._hierarchy.order(holder))
            known = self._classes_inside[file] = frozenset(found)
        return known

    def _show(self, method: int, receiver: int, slot: int) -> bool:
        """A method reaches the expression that names it, if that sees it; a parameter for its receiver holds that."""
        program, entry, file = self._program, self._program.definitions[method], self._program.file_of_definition[method]
        traits = program.traits[file]
        if method in self._hierarchy.for_all and not self._scopes.shows(method, slot):
            return False
        if entry.receiver and traits.package_scope and not self._is_seen(method, program.file_of_slot(slot)):
            return False
        if entry.receiver and PROPERTY in entry.modifiers:
            self.read.setdefault(slot, {})[method] = None
            self._propagation.connect(program.return_slot(method), slot)
            return True
        if entry.receiver and traits.call_constructs and not traits.explicit_receiver:
            self._propagation.add(slot, value(DEF, method))
            return True
        self._propagation.add(program.parameter_slot(method, 0), receiver)
        if receiver & MASK == EXTERNAL_INSTANCE:  # of a type of functions, perhaps, which are values of their own
            self._propagation.connect(program.part(slot), program.parameter_slot(method, 0))
        if traits.functional_types:
            self._propagation.passing.add(value(BOUND, method))
        self._propagation.add(slot, value(BOUND, method))
        return True
