"""Type parameters: names that stand for their bounds, and the types that such a name has behind it (`T::Item`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tree_sitter import Node

from aelus.adapters.treesitter.draft import DefinitionDraft, FileDraft, Place
from aelus.adapters.treesitter.lower_names import projection
from aelus.adapters.treesitter.scopes import BLOCK_SCOPE, CLASS_SCOPE
from aelus.domain.facts import LOCAL, MEMBER

if TYPE_CHECKING:
    from collections.abc import Sequence


class TypeParameters:
    """Declares them, and says what they are bound by."""

    def __init__(self, draft: FileDraft) -> None:
        self._draft = draft
        self._scopes = draft.scopes
        self._lowering = draft.lowering

    def declare(self, place: Place, scope: int, definition: int) -> None:
        """A type parameter is a name of the definition's own; what is said of the type around (`where Self: Sized`) is none."""
        if "projection" in place.captures:
            self._declare_projection(place.captures["projection"][0], scope)
            return
        name = self._lowering.text(place.captures["name"][0])
        if name in self._draft.rules.this_words:
            return
        if self._draft.rules.head_outside and definition >= 0:
            scope = self._head(self._draft.definitions[definition])
        self._scopes.declare(scope, name)
        if place.role.settings.get("bare") == "no":
            self._scopes.behind_path.add((scope, name))
        else:
            self._scopes.type_parameters.add((scope, name))
        definition = self._alias_of(place.node, definition)
        if definition >= 0 and name not in self._draft.definitions[definition].type_parameters:
            self._draft.definitions[definition].type_parameters.append(name)

    def emit(self, place: Place, scope: int, definition: int) -> None:
        """It stands for its bounds."""
        types = place.captures.get("type", ())
        if "projection" in place.captures:
            self._emit_projection(place.captures["projection"][0], scope, types)
            return
        if self._draft.rules.head_outside and definition >= 0:
            scope = self._head(self._draft.definitions[definition])
        name = self._lowering.text(place.captures["name"][0])
        if name in self._draft.rules.this_words:
            return
        variable = self._draft.expressions.add(LOCAL, name, (scope,))
        for node in types:
            self._draft.flow(variable, self._lowering.lower_type(node, scope))

    def _alias_of(self, parameter: Node, definition: int) -> int:
        """The alias of a type that a type parameter belongs to, which has no scope of its own; `definition` for any other."""
        listed = parameter.parent
        around = listed.parent if listed is not None else None
        number = self._lowering.definition_of_node.get(around.id, definition) if around is not None else definition
        return number if number >= 0 and self._draft.definitions[number].kind == "TypeAlias" else definition

    def _head(self, draft: DefinitionDraft) -> int:
        """A scope around the body and the head of a definition, which has the names of its type parameters alone."""
        if draft.head < 0:
            kind, parent, number = self._scopes.entries[draft.body]
            draft.head = draft.outside = self._scopes.open(BLOCK_SCOPE, parent, number)
            self._scopes.entries[draft.body] = (kind, draft.head, number)
        return draft.head

    # --- projections ---------------------------------------------------------------------------------------------------------------------

    def _declare_projection(self, node: Node, scope: int) -> None:
        """`T::Item`, of which more is said than the bounds of `T` say, is a type parameter beside `T`."""
        names = projection(self._lowering, node)
        owner = self._scopes.declaring_parameter(scope, names[0]) if names else -1
        if owner >= 0:
            written = self._draft.rules.package_separator.join(names)
            self._scopes.declare(owner, written)
            self._scopes.projections.add((owner, written))

    def _emit_projection(self, node: Node, scope: int, types: Sequence[Node]) -> None:
        """It is also what the bounds of `T` say."""
        names = projection(self._lowering, node)
        owner = self._scopes.declaring_parameter(scope, names[0]) if names else -1
        variable = self._lowering.lower_type(node, scope)
        if owner >= 0:
            add = self._draft.expressions.add
            plain = add(LOCAL, names[0], (owner,))
            for name in names[1:]:
                plain = add(MEMBER, name, (plain,))
            self._draft.flow(variable, plain)
        elif not self._is_associated(variable):
            return
        for written in types:
            self._draft.flow(variable, self._lowering.lower_type(written, scope))

    def _is_associated(self, variable: int) -> bool:
        """Whether it is a type that a trait leaves to its implementations."""
        form, name, parts = self._draft.expressions.entries[variable]
        return form == LOCAL and (parts[0], name) in self._scopes.behind_path and self._scopes.entries[parts[0]][0] == CLASS_SCOPE
