"""What a name can hold, as one integer per value.

The solver moves millions of values, so a value is an `int`: the index of an entity, shifted, with a tag in the low bits that says which
table the index belongs to. `Program` owns the tables.
"""

from __future__ import annotations

from typing import Final

DEF: Final = 0
"""A definition itself: the function, the class, the type alias."""
INSTANCE_OF: Final = 1
"""Some instance of a class of the repository."""
MODULE: Final = 2
"""The module object of a file."""
EXTERNAL: Final = 3
"""A symbol of another package, or the package."""
EXTERNAL_INSTANCE: Final = 4
"""Some instance of an external type."""
OBJECT: Final = 5
"""A container: the index is the slot of the literal, generator or declared type that makes it."""
SUPER_OF: Final = 6
"""The receiver of a class, members looked up behind that class."""
PACKAGE: Final = 7
"""Several files that share names: a folder, a declared package."""
BOUND: Final = 8
"""A method taken from an instance: its explicit receiver parameter is filled."""
LIBRARY_METHOD: Final = 9
"""A method of the library, taken from a container or function."""
PARTIAL: Final = 10
"""A function with some of its arguments."""
KEY: Final = 11
"""A constant that a container is asked for."""
GENERIC_OF: Final = 12
"""Some instance of a generic class of the repository; the index is the slot of its type with the arguments."""

FUNCTION_OF: Final = 13
"""Some function of a declared type; the index is the slot of the type."""
ACCESSOR: Final = 14
"""A member of a class that runs functions where it is read, stored or deleted."""

SHIFT: Final = 4
MASK: Final = 15


def value(tag: int, index: int) -> int:
    return (index << SHIFT) | tag
