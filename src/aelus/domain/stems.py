"""Light stemming of English words: plurals, `-ing`, `-ed`, a final `e`. Only for comparing words with each other."""

from __future__ import annotations

import re
from typing import Final

_MIN_STEM: Final = 3
_VOWEL: Final = re.compile("[aeiouy]")
_DOUBLED: Final = re.compile(r"([bdgmnprt])\1$")
_WHOLE: Final = frozenset(("alias", "anything", "bias", "during", "embed", "everything", "nothing", "something", "was"))
"""Words that end like an inflected form and are none."""


def stem(word: str) -> str:
    """The stem of a lower-case word: `parse`, `parses`, `parsed` and `parsing` have the same."""
    if len(word) <= _MIN_STEM or word in _WHOLE or not word.isascii():
        return word
    singular = _singular(word)
    base = _without(singular, "ing") or ("" if singular.endswith("eed") else _without(singular, "ed")) or singular
    return base[:-1] if base.endswith("e") and len(base) > _MIN_STEM + 1 else base


def _singular(word: str) -> str:
    if not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > _MIN_STEM + 1:
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("shes", "ches", "xes", "sses", "zzes")) else word[:-1]


def _without(word: str, ending: str) -> str:
    """The word without its ending, or nothing when what is left cannot be a word."""
    base = word.removesuffix(ending)
    if base == word or len(base) < _MIN_STEM or not _VOWEL.search(base):
        return ""
    return base[:-1] if _DOUBLED.search(base) else base
