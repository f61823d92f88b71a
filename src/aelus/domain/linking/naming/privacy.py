"""Imports that a module makes for itself alone.

Source: The Rust Reference, "Use declarations", "Visibility and privacy".
"""

from __future__ import annotations

from typing import Final

from aelus.domain.linking.program import Program

PUBLIC: Final = "public"
"""Modifier of imports that others see."""


def hides(program: Program, file: int, other: int, name: str) -> bool:
    """Whether the module of a file has a name for itself and the modules inside it alone, which `file` is none of."""
    if not program.traits[other].private_imports or other == file:
        return False
    slot = program.locals[other].get((0, name), -1)
    if slot in program.bound or slot not in program.imports:
        return False
    folder, _, stem = program.paths[other].rpartition(".")[0].rpartition("/")
    inside = f"{folder}/" if stem in program.traits[other].index_files else f"{folder}/{stem}/"
    public = any(PUBLIC in statement.modifiers for _, statement in program.imports[slot])
    return not public and not program.paths[file].startswith(inside.lstrip("/"))
