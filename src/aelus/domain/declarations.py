"""Declarations beside their definitions: `int f(void);` and the `f` that has a body, `index.d.ts` and the code that it describes.

Who looks for one wants the definition. So it stands where the best of both would, and its declarations are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

from aelus.domain.chunks import Chunk
from aelus.domain.graph import NodeKind
from aelus.domain.path_class import PathClass, path_class
from aelus.domain.search import ScoredChunk

CALLABLES: Final = frozenset(kind.value for kind in (NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR))
DEFINED: Final = CALLABLES | {NodeKind.CLASS.value}
"""Kinds that are declared in one place and defined in another."""

Key = tuple[int, str, str]
"""Repository, kind and name."""
Item = TypeVar("Item")


def definitions_of(items: Sequence[Item], found: Callable[[Item], ScoredChunk]) -> Mapping[int, int]:
    """Place of each declaration among the items → that of the first passage of its definition, where exactly one definition is among them.

    Args:
        items: in any order.
        found: the passage of an item.
    """
    passages = [found(item) for item in items]
    declared = [place for place, one in enumerate(passages) if _is_declared(one.chunk)]
    if not declared:
        return {}
    known = _defined(passages, frozenset(declared))
    twins = ((place, _definition(passages[place], known)) for place in declared)
    return {place: twin for place, twin in twins if twin >= 0}


def _definition(declaration: ScoredChunk, known: Mapping[Key, Mapping[str, int]]) -> int:
    """The place of the one definition that is meant; -1 where there is none, or several."""
    names = [declaration.chunk.qualified_name]
    if path_class(declaration.chunk.path) is PathClass.DECLARATION:
        # It describes another file, whose name is not its own.
        names.append(_name_in_file(declaration.chunk))
    for name in names:
        nodes = known.get(_key(declaration, name), {})
        if len(nodes) == 1:
            return next(iter(nodes.values()))
    return -1


def _defined(passages: Iterable[ScoredChunk], declared: frozenset[int]) -> Mapping[Key, Mapping[str, int]]:
    """By every key the definitions, each with the place of its first passage."""
    known: dict[Key, dict[str, int]] = defaultdict(dict)
    for place, one in enumerate(passages):
        if place not in declared and one.chunk.kind in DEFINED:
            for name in {one.chunk.qualified_name, _name_in_file(one.chunk)}:
                known[_key(one, name)].setdefault(one.chunk.node_id, place)
    return known


def _key(one: ScoredChunk, name: str) -> Key:
    return one.repository_id.int, one.chunk.kind, name


def _is_declared(chunk: Chunk) -> bool:
    if path_class(chunk.path) is PathClass.DECLARATION:
        return chunk.kind in DEFINED
    return chunk.kind in CALLABLES and chunk.text.rstrip().endswith(";") and "{" not in chunk.text


def _name_in_file(chunk: Chunk) -> str:
    """The name without that of its file, where it begins with it."""
    stem = chunk.path.rpartition(".")[0]
    return chunk.qualified_name.removeprefix(f"{stem}.") if stem else chunk.qualified_name
