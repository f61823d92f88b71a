"""Words for lexical search: what a passage is indexed under, and what a question asks for.

An identifier counts as its parts and as a whole: `getHTTPServers2` is `get`, `http`, `server`, `2` and `gethttpservers2`, so that
`get_http_servers2` means the same. Parts are stemmed lightly; both sides go through the same rules, so a stem need not be a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from aelus.domain.chunks import Chunk
from aelus.domain.stems import stem

MAX_TERMS: Final = 512
"""Distinct terms of one chunk."""
MAX_TERM_LENGTH: Final = 64
MAX_QUERY_TERMS: Final = 64
FEW_WORDS: Final = 6
"""Telling words of a question that is not long; `MANY_WORDS` are those of one that is."""
MANY_WORDS: Final = 10

NAME_COUNT: Final = 4
"""How often the name of what a chunk shows counts, beside once for each time that it stands in the text."""
WHOLE_WEIGHT: Final = 1.5
"""Of a whole identifier of several parts, in a query."""
NOISE_WEIGHT: Final = 0.3
"""In a query, of words that any code is described with."""

_WORD: Final = re.compile(r"\w+")
_ASCII_GAPS: Final = bytes(code if chr(code).isascii() and (chr(code).isalnum() or chr(code) == "_") else ord(" ") for code in range(256))
_PART: Final = re.compile(r"[A-Z]{2,}s(?![a-z])|[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_MAX_WORD: Final = 256
"""Longer runs of letters are data, not words."""
_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
"""Scripts written without spaces: they are cut into pairs."""

_STOP: Final = frozenset(
    """
    a an and any are as at be been but by can could do does did done for from had has have having how i if in into is it its me my
    of off on or our out own she should so some such than that the their them then there these they this those through to too up was
    we were what when where which while who whose why will with would you your
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)
_NOISE: Final = frozenset(
    stem(word)
    for word in """
    class code codebase define defined file find function give handle implement implementation implemented locate logic method
    module object place program return show snippet source thing use used uses using way work works
    """.split()  # noqa: SIM905 -- a list of words reads best as words
)


def document_terms(chunk: Chunk) -> dict[str, float]:
    """Term → frequency, at most `MAX_TERMS`; their sum is the length for `bm25.weight`.

    Names and paths count as if they stood in the text. Counting first lines and comments more made answers worse: MRR 0.33 in place of 0.34
    for 400 functions of Python's standard library, asked for by the first sentences of their docstrings, which were taken out.
    """
    qualifier, name = _split_name(chunk.qualified_name)
    words = [*_words(chunk.text), *_words(qualifier), *_words(chunk.path), *[name] * NAME_COUNT]
    frequencies = dict[str, float](Counter(chain.from_iterable(map(identifier_terms, words))))
    return frequencies if len(frequencies) <= MAX_TERMS else _heaviest(frequencies, MAX_TERMS)


def query_terms(text: str) -> dict[str, float]:
    """Term → weight in the query, at most `MAX_QUERY_TERMS`; empty when the text has no word.

    Words that carry no meaning are left out, unless there are no others.
    """
    weights: dict[str, float] = {}
    for word in telling_words(text):
        _add_query_word(weights, identifier_terms(word))
    return weights if len(weights) <= MAX_QUERY_TERMS else _heaviest(weights, MAX_QUERY_TERMS)


def telling_words(text: str) -> list[str]:
    """Words that carry a meaning; all, where none does."""
    words = [word for word in _words(text) if len(word) <= _MAX_WORD]
    return [word for word in words if word.lower() not in _STOP] or words


def longness(text: str) -> float:
    """How far a question is a long one, 0 to 1: a message or a report, which says much in the code's own words."""
    return min(max((len(set(telling_words(text))) - FEW_WORDS) / (MANY_WORDS - FEW_WORDS), 0.0), 1.0)


def text_terms(text: str) -> Iterator[str]:
    """Terms of a text in order, repeated as they are."""
    return chain.from_iterable(map(identifier_terms, _words(text)))


@lru_cache(maxsize=1 << 16)
def identifier_terms(word: str) -> tuple[str, ...]:
    """Stemmed parts of a word, in order, and after them the whole where it has several."""
    if len(word) > _MAX_WORD:
        return ()
    parts = _PART.findall(word) if word.isascii() else _unicode_parts(word)
    terms = [stem(part.lower())[:MAX_TERM_LENGTH] for part in parts]
    if len(parts) > 1:
        terms.append("".join(parts).lower()[:MAX_TERM_LENGTH])
    return tuple(terms)


def _unicode_parts(word: str) -> list[str]:
    """As `_PART`, for letters that regular expressions have no classes of."""
    spaced: list[str] = []
    before = " "
    for letter in unicodedata.normalize("NFKC", word):
        if (letter.isupper() and before.islower()) or letter.isdigit() != before.isdigit():
            spaced.append(" ")
        spaced.append(" " if letter == "_" else letter)
        before = letter
    return [part for run in "".join(spaced).split() for part in _pairs(run.casefold())]


def _pairs(run: str) -> list[str]:
    if len(run) < 3 or not _WIDE.fullmatch(run):  # noqa: PLR2004 -- two letters are a pair already
        return [run]
    return [run[at : at + 2] for at in range(len(run) - 1)]


def _words(text: str) -> list[str]:
    """Runs of letters, digits and `_`; translating bytes is several times as fast as matching, for the texts that allow it."""
    return text.encode("ascii").translate(_ASCII_GAPS).decode("ascii").split() if text.isascii() else _WORD.findall(text)


def _add_query_word(weights: dict[str, float], terms: Iterable[str]) -> None:
    *parts, last = terms or ("",)
    if not last:
        return
    for part in parts:
        weights[part] = max(weights.get(part, 0.0), _query_weight(part))
    weights[last] = max(weights.get(last, 0.0), WHOLE_WEIGHT if parts else _query_weight(last))


def _query_weight(term: str) -> float:
    return NOISE_WEIGHT if term in _NOISE else 1.0


def _split_name(qualified_name: str) -> tuple[str, str]:
    words = _words(qualified_name)
    return (qualified_name[: qualified_name.rindex(words[-1])], words[-1]) if words else ("", "")


def _heaviest(weights: dict[str, float], limit: int) -> dict[str, float]:
    return dict(sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:limit])
