"""The build. The wheel is pure Python unless AELUS_COMPILE=1 asks for the hot modules to be compiled by mypyc, from the same sources.

Compiling needs mypy, a C compiler and the dependencies at hand: `make compile` does it in place.
"""

import os
from pathlib import Path

from setuptools import setup

HOT = [
    "src/aelus/domain/facts_codec.py",
    *sorted(str(path) for path in Path("src/aelus/domain/linking").rglob("*.py") if path.name != "__init__.py"),
    *(
        f"src/aelus/adapters/treesitter/{name}.py"
        for name in (
            "bindings",
            "definitions",
            "draft",
            "expressions",
            "extraction",
            "lower_calls",
            "lower_names",
            "lower_operators",
            "lower_types",
            "lower_values",
            "lowering",
            "lowerings",
            "modules",
            "references",
            "scopes",
            "stores",
        )
    ),
]


def extensions() -> list:
    if os.environ.get("AELUS_COMPILE") != "1":
        return []
    from mypyc.build import mypycify

    return mypycify(HOT, opt_level="3", debug_level="0")


setup(ext_modules=extensions())
