"""How alike two names are when neither contains the other's words: for names that are misspelt, cut short or joined.

Three letters at a time, without case and underscores, as in PostgreSQL's `pg_trgm` with two blanks before a name and one behind it. They
are kept as postings, so that looking them up is an equality: under row level security an index answers nothing else.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from aelus.domain.symbol_names import simple_name

MAX_NAME: Final = 64
"""Letters of a name that are compared."""
LEAST_ALIKE: Final = 0.5
"""Of 1. Names that share less are other names."""
_SIZE: Final = 3


@lru_cache(maxsize=1 << 14)
def name_trigrams(qualified_name: str) -> frozenset[str]:
    """Trigrams of the last part of a name; none where that has no letter or digit."""
    letters = "".join(letter for letter in simple_name(qualified_name).lower() if letter.isalnum())[:MAX_NAME]
    padded = f"  {letters} "
    return frozenset(padded[at : at + _SIZE] for at in range(len(padded) - _SIZE + 1)) if letters else frozenset()


def likeness(asked: int, known: int, shared: int) -> float:
    """0 to 1: the mean of the share that both names have in common and of the share of the asked name that the known one holds.

    Args:
        asked: trigrams of the asked name.
        known: of the known one.
        shared: of both.
    """
    return (2 * shared / (asked + known) + shared / asked) / 2 if asked and known else 0.0


def letter_swaps(name: str) -> tuple[str, ...]:
    """The name with two neighbouring letters in each other's place, as fingers do: of a short name that leaves few trigrams."""
    letters = name[:MAX_NAME]
    swapped = (letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :] for at in range(len(letters) - 1))
    return tuple(dict.fromkeys(one for one in swapped if one != letters))
