"""Builds `FileFacts` by hand, for tests of linking that no source could show as plainly."""

from __future__ import annotations

from aelus.domain import facts as f
from aelus.domain.language_traits import LanguageTraits


class FactsBuilder:
    """One file in a language whose methods list their receiver."""

    def __init__(self) -> None:
        self.expressions: dict[f.Expression, int] = {f.Expression(f.UNKNOWN, "", ()): 0}
        self.scopes = [f.Scope(f.MODULE_SCOPE, -1, -1)]
        self.definitions: list[f.Definition] = []
        self.flows: list[f.Flow] = []
        self.references: list[f.Reference] = []
        self.imports: list[f.Import] = []

    def expression(self, form: int, text: str = "", parts: tuple[int, ...] = ()) -> int:
        return self.expressions.setdefault(f.Expression(form, text, parts), len(self.expressions))

    def local(self, name: str, scope: int = 0) -> int:
        return self.expression(f.LOCAL, name, (scope,))

    def define(self, kind: str, name: str, *, parent: int = -1, bases: tuple[int, ...] = (), parameters: tuple[str, ...] = ()) -> int:
        """Add a definition and the scope of its body; return its index."""
        scope = self.definitions[parent].body if parent >= 0 else 0
        number, body = len(self.definitions), len(self.scopes)
        self.scopes.append(f.Scope(f.CLASS_SCOPE if kind == "Class" else f.FUNCTION_SCOPE, scope, number))
        listed = tuple(f.Parameter(parameter, self.local(parameter, body), 0, 0, "positional") for parameter in parameters)
        line = number + 1
        self.definitions.append(
            f.Definition(
                kind,
                name,
                parent,
                scope,
                body,
                line,
                line,
                0,
                1,
                line,
                name,
                "",
                "public",
                (),
                (),
                bases,
                (),
                listed,
                0,
                0,
            )
        )
        return number

    def call(self, callee: int, *arguments: int, caller: int = -1) -> int:
        expression = self.expression(f.CALL, "", (callee, *arguments))
        self.references.append(f.Reference(f.CALL_REFERENCE, expression, len(self.references) + 1, 0, caller))
        return expression

    def facts(self) -> f.FileFacts:
        return f.FileFacts(
            "test",
            "",
            "",
            max(len(self.definitions), 1),
            tuple(self.scopes),
            tuple(self.definitions),
            tuple(self.expressions),
            tuple(self.flows),
            (),
            tuple(self.references),
            tuple(self.imports),
            (),
            0,
        )


TRAITS = LanguageTraits(
    name="test",
    separator=".",
    modules="dotted",
    declared_types="hint",
    constructors=("__init__",),
    call_constructs=True,
    package_scope=False,
    structural_interfaces=False,
    exports_all=True,
    manifests=(),
    index_files=("__init__",),
    extensions=(".t",),
    builtins=frozenset(),
    explicit_receiver=True,
)
