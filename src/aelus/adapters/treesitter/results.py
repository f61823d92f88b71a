"""What functions and files give back: results, what generators yield, what is raised."""

from __future__ import annotations

from typing import Final

from aelus.adapters.treesitter.draft import FUNCTION_KINDS, FileDraft, Place
from aelus.adapters.treesitter.several_results import RESULT, further_arguments, several
from aelus.domain.facts import CONSTANT, EXPORTS, ITERATE, MAPPING, RAISED, RETURN, SEQUENCE, YIELD

RESULTS: Final = 4
"""Arguments that a function passes on as its results; more are left out."""


class Results:
    """The results of one file."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._rules = draft.rules
        self._lowering = draft.lowering
        self._scopes = draft.scopes
        self._expressions = draft.expressions
        self._yielded = -1
        self._named: dict[int, list[bytes]] = {}
        """Function → its results that have names."""

    def emit(self, place: Place, scope: int, definition: int) -> None:
        """Note what a function returns or yields."""
        definitions = self._draft.definitions
        while definition >= 0 and definitions[definition].kind not in FUNCTION_KINDS:
            definition = definitions[definition].parent
        if definition < 0:
            if self._rules.returned_module:
                self._flow_results(place, scope, self._expressions.add(EXPORTS))
            return
        yields = place.role.category == "yield"
        if yields and place.node.id == self._yielded:
            return
        self._yielded = place.node.id
        if yields and "generator" not in definitions[definition].modifiers:
            definitions[definition].modifiers.append("generator")
        if not yields and self._rules.several_results:
            self._flow_results(place, scope, self._expressions.add(RETURN, "", (definition,)))
            return
        nodes = place.captures.get("value")
        if nodes and "named" in place.role.settings:
            self._named.setdefault(definition, []).append(self._lowering.raw(nodes[0]))
            return
        value = self._lowering.value(nodes[0], scope) if nodes else self._results(definition, place, scope)
        if value:
            value = self._expressions.add(ITERATE, "", (value,)) if place.role.detail == "from" else value
            self._draft.flow(self._expressions.add(YIELD if yields else RETURN, "", (definition,)), value)

    def _results(self, definition: int, place: Place, scope: int) -> int:
        """What a function returns that says nothing of it: its results that have names."""
        named = [self._lowering.resolve(name, place.start, scope) for name in self._named.get(definition, ())]
        return self._lowering.container(place.node, SEQUENCE, tuple(named)) if len(named) > 1 else named[0] if named else 0

    def emit_raised(self, place: Place, scope: int, _definition: int) -> None:
        """Note what is raised."""
        raised = self._scopes.declare(self._scopes.function_scope(scope), RAISED)
        self._draft.flow(raised, self._lowering.value(place.captures["value"][0], scope))

    def _flow_results(self, place: Place, scope: int, target: int) -> None:
        """The first result is the value of the call; all of them are there under their numbers."""
        nodes = [part for node in place.captures.get("value", ()) for part in several(self._lowering, node)]
        values = [self._lowering.value(node, scope) for node in nodes]
        if nodes and self._lowering.form_of(nodes[-1]) == "varargs":
            values[-1:] = further_arguments(self._lowering, nodes[-1], scope, RESULTS)
            nodes = nodes[:1]
        self._draft.flow(target, values[0] if values else 0)
        if any(values[1:]):
            numbered = ((self._expressions.add(CONSTANT, f"{RESULT}{number}"), value) for number, value in enumerate(values) if number)
            parts = tuple(part for pair in numbered for part in pair)
            self._draft.flow(target, self._lowering.container(nodes[0], MAPPING, parts))
