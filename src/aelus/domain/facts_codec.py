"""Facts as plain tuples and back: what crosses to another process or into a store is made of tuples, strings and numbers alone."""

from __future__ import annotations

from functools import partial
from typing import Any, Final, TypeVar

from aelus.domain.facts import (
    Declared,
    Definition,
    Export,
    Expression,
    FileFacts,
    Flow,
    Implementation,
    Import,
    Parameter,
    Reference,
    Scope,
)

PlainFacts = tuple[Any, ...]
Record = TypeVar("Record", bound=tuple[Any, ...])
PARAMETERS: Final = Definition._fields.index("parameters")
"""Place of the one field of a definition that holds records."""


def to_plain(facts: FileFacts) -> PlainFacts:
    """The facts without their names; `from_plain` gives them back."""
    definitions = tuple([(*d[:PARAMETERS], tuple(map(tuple, d.parameters)), *d[PARAMETERS + 1 :]) for d in facts.definitions])
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
        tuple(map(tuple, facts.implementations)),
    )


def from_plain(data: PlainFacts | list[Any]) -> FileFacts:
    """The facts that `to_plain` took apart. Lists in place of tuples are taken too, as JSON gives them.

    Raises:
        TypeError, ValueError: the data has another shape.
    """
    if isinstance(data, list):
        data = _frozen(data)
    (
        language,
        package,
        docstring,
        lines,
        scopes,
        definitions,
        expressions,
        flows,
        declared,
        references,
        imports,
        exports,
        errors,
        implementations,
    ) = data
    return FileFacts(
        language,
        package,
        docstring,
        lines,
        _records(Scope, scopes),
        _records(Definition, _with_parameters(definitions)),
        _records(Expression, expressions),
        _records(Flow, flows),
        _records(Declared, declared),
        _records(Reference, references),
        _records(Import, imports),
        _records(Export, exports),
        errors,
        _records(Implementation, implementations),
    )


def _frozen(data: Any) -> Any:
    return tuple([_frozen(entry) for entry in data]) if isinstance(data, list) else data


def _with_parameters(definitions: tuple[tuple[Any, ...], ...]) -> tuple[tuple[Any, ...], ...]:
    """Plain definitions with their parameters as records. Those of another length are left to whoever refuses them."""
    return tuple(
        [
            (*entry[:PARAMETERS], _records(Parameter, entry[PARAMETERS]), *entry[PARAMETERS + 1 :])
            if len(entry) > PARAMETERS and entry[PARAMETERS] != ()
            else entry
            for entry in definitions
        ]
    )


def _records(kind: type[Record], entries: tuple[tuple[Any, ...], ...]) -> tuple[Record, ...]:
    """Named tuples of plain ones. There are millions: they are made without a call of Python code for each."""
    lengths = set(map(len, entries))
    if lengths - {len(kind._fields)}:  # type: ignore[attr-defined] # all of them are named tuples, for which there is no type
        raise ValueError(f"{kind.__name__} has {sorted(lengths)} fields")
    return tuple(map(partial(tuple.__new__, kind), entries))
