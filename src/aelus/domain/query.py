"""What a question says besides its words: `lang: path: kind: repo:` filters and quoted phrases.

lang:python kind:method path:src/** "connection lost" retry
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aelus.domain.asides import without_asides
from aelus.domain.chunks import Chunk

_FILTER: Final = re.compile(r'(?<!\S)(lang|path|kind|repo):(?:"([^"]+)"|([^\s"]+))(?!\S)')
_PHRASE: Final = re.compile(r'(?<!\S)"([^"]*)"(?!\S)')
MOST_FILTERS: Final = 50
"""Of one name; later ones are not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question taken apart; every field may be empty."""

    text: str
    """Its words, those of phrases included."""
    phrases: tuple[str, ...] = ()
    """Texts that a hit must hold; case and the width of blanks are ignored."""
    languages: tuple[str, ...] = ()
    """As they were given; so are the kinds."""
    kinds: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    """Names."""

    @property
    def telling(self) -> str:
        """What of the text is about code."""
        return without_asides(self.text)

    @property
    def says_more(self) -> bool:
        """Whether it has words beside its phrases."""
        return len(self.text.split()) > sum(len(phrase.split()) for phrase in self.phrases)


def parse_query(text: str) -> Query:
    """Take a question apart. What only looks like a filter, such as `std::path:`, stays in the text."""
    filters: dict[str, list[str]] = defaultdict(list)
    for name, quoted, plain in _FILTER.findall(text):
        if len(filters[name]) < MOST_FILTERS:
            filters[name].append(quoted or plain)
    words = _FILTER.sub(" ", text) if filters else text
    return Query(
        text=_PHRASE.sub(_unquoted, words).strip(),
        phrases=tuple(_folded(phrase) for phrase in _PHRASE.findall(words) if _has_words(phrase)),
        languages=tuple(filters["lang"]),
        kinds=tuple(filters["kind"]),
        paths=tuple(filters["path"]),
        repositories=tuple(filters["repo"]),
    )


def holds(chunk: Chunk, phrases: Sequence[str]) -> bool:
    """Whether a chunk holds all the phrases of a `Query`."""
    return not phrases or all(phrase in _folded(chunk.text) for phrase in phrases)


def _has_words(phrase: str) -> bool:
    return any(map(str.isalnum, phrase))


def _unquoted(phrase: re.Match[str]) -> str:
    return f" {phrase.group(1)} " if _has_words(phrase.group(1)) else phrase.group()


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
