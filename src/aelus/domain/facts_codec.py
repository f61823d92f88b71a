"""Facts as plain tuples and back: what crosses to another process or into a store is made of tuples, strings and numbers alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from aelus.domain.facts import Declared, Definition, Export, Expression, FileFacts, Flow, Import, Parameter, Reference, Scope

PlainFacts = tuple[Any, ...]


def to_plain(facts: FileFacts) -> PlainFacts:
    """The facts without their names; `from_plain` gives them back."""
    definitions = tuple([tuple(d._replace(parameters=tuple(map(tuple, d.parameters)))) for d in facts.definitions])  # type: ignore[arg-type]
    return (
        facts.language,
        facts.package,
        facts.docstring,
        facts.lines,
        tuple(map(tuple, facts.scopes)),
        definitions,
        tuple(map(tuple, facts.expressions)),
        tuple(map(tuple, facts.flows)),
        tuple(map(tuple, facts.declared)),
        tuple(map(tuple, facts.references)),
        tuple(map(tuple, facts.imports)),
        tuple(map(tuple, facts.exports)),
        facts.syntax_errors,
    )


def from_plain(data: PlainFacts) -> FileFacts:
    """The facts that `to_plain` took apart. Lists in place of tuples are taken too, as JSON gives them.

    Raises:
        TypeError, ValueError: the data has another shape.
    """
    language, package, docstring, lines, scopes, definitions, expressions, flows, declared, references, imports, exports, errors = data
    return FileFacts(
        language,
        package,
        docstring,
        lines,
        tuple([Scope(*entry) for entry in scopes]),
        tuple([_definition(entry) for entry in definitions]),
        tuple([Expression(form, text, tuple(parts)) for form, text, parts in expressions]),
        tuple([Flow(*entry) for entry in flows]),
        tuple([Declared(*entry) for entry in declared]),
        tuple([Reference(*entry) for entry in references]),
        tuple([_import(entry) for entry in imports]),
        tuple([Export(*entry) for entry in exports]),
        errors,
    )


def _definition(entry: Iterable[Any]) -> Definition:
    definition = Definition(*entry)
    return definition._replace(
        modifiers=tuple(definition.modifiers),
        decorators=tuple(definition.decorators),
        bases=tuple(definition.bases),
        interfaces=tuple(definition.interfaces),
        parameters=tuple([Parameter(*parameter) for parameter in definition.parameters]),
    )


def _import(entry: Iterable[Any]) -> Import:
    statement = Import(*entry)
    return statement._replace(modifiers=tuple(statement.modifiers))
