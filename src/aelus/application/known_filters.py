"""Values of the filters for languages and kinds: what is called so, and what to say of one that nothing is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

from aelus.domain.graph import NodeKind
from aelus.ports.errors import InvalidRequest
from aelus.ports.parser import Parser

KINDS: Final = {kind.value.lower(): kind.value for kind in NodeKind}


class KnownFilters:
    """A language is meant by any of its names or by an ending of its files, in any case: `TypeScript`, `ts`, `golang`."""

    def __init__(self, *, parser: Parser) -> None:
        self._parser = parser

    def languages(self, given: Iterable[str]) -> tuple[str, ...]:
        """As the index names them. Raises InvalidRequest: Aelus reads no such language."""
        return tuple([self._language(one) for one in given])

    def kinds(self, given: Iterable[str]) -> tuple[str, ...]:
        """As the graph names them. Raises InvalidRequest: it has no such kind."""
        return tuple([_known("kind", one, KINDS.get(one.lower(), ""), KINDS.values()) for one in given])

    def _language(self, given: str) -> str:
        return _known("language", given, self._parser.language_called(given), self._parser.traits())


def nearest_first(name: str, known: Iterable[str]) -> Sequence[str]:
    """All of them, those that are spelt most like the name before the others."""
    return sorted(known, key=lambda one: (-SequenceMatcher(None, name.lower(), one.lower()).ratio(), one))


def _known(what: str, given: str, found: str, known: Iterable[str]) -> str:
    if not found:
        raise InvalidRequest(f"There is no {what} {given!r}.", f"Known are: {', '.join(nearest_first(given, known))}.")
    return found
