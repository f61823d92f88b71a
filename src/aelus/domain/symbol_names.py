"""The names under which a definition or a file is asked for."""

from __future__ import annotations

import re
from typing import Final

SEPARATOR: Final = re.compile(r"::|[.#/\\$:]")


def simple_name(qualified_name: str) -> str:
    """The last part: `pay` of `shop.Cart.pay`."""
    return SEPARATOR.split(qualified_name)[-1]


def dotted_name(qualified_name: str) -> str:
    """The name with one separator and without case, so that `Cart::pay` and `cart.pay` are the same."""
    return SEPARATOR.sub(".", qualified_name).lower()


def is_suffix(name: str, qualified_name: str) -> bool:
    """Whether `name` is the whole qualified name or its last parts; case is ignored."""
    return _ends(dotted_name(qualified_name), dotted_name(name))


def is_written_so(name: str, qualified_name: str) -> bool:
    """As `is_suffix`, in the case that is written."""
    return _ends(SEPARATOR.sub(".", qualified_name), SEPARATOR.sub(".", name))


def _ends(known: str, asked: str) -> bool:
    return known == asked or known.endswith(f".{asked}")


def distance(name: str, qualified_name: str) -> int:
    """How far a name that `is_suffix` is from the whole one: 0 equal, 1 its end, 2 equal in another form, 3 its end in another form."""
    if name == qualified_name:
        return 0
    if qualified_name.endswith(name):
        return 1
    return 2 if dotted_name(name) == dotted_name(qualified_name) else 3


def file_name(path: str) -> str:
    """In lower case, without its folders."""
    return path.lower().rpartition("/")[2]


def file_keys(path: str) -> tuple[str, str, str]:
    """Lower-case path, file name, and file name without extension."""
    name = file_name(path)
    return path.lower(), name, name.partition(".")[0]


def named_score(name: str, qualified_name: str, path: str) -> float:
    """How well a chunk answers for a name: 3 qualified, 2 simple, 1.5 simple in another case, 1 by its file, 0 not at all."""
    simple = simple_name(qualified_name)
    if dotted_name(name) == dotted_name(qualified_name):
        return 3.0
    if name == simple:
        return 2.0
    if name.lower() == simple.lower():
        return 1.5
    return 1.0 if name.lower() in file_keys(path) else 0.0
