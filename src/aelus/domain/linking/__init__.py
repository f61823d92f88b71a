"""From the facts of all files to the graph: one engine for every language.

The steps, in order: `Program` (global numbers), `Modules` (what specifiers name), `Names` (meaning by declaration), `Hierarchy` (classes
and their members), `ValueFlow` (which values reach which expression), `Nodes` and `Edges` (what is said), and `Documents` (what is said of
that). Pure: the same facts give the same graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aelus.domain.graph import CodeNode, Edge
from aelus.domain.language_traits import LanguageTraits
from aelus.domain.linking.classes.hierarchy import Hierarchy
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.flow.value_flow import ValueFlow
from aelus.domain.linking.graph.documents import Documents
from aelus.domain.linking.graph.edges import Edges
from aelus.domain.linking.graph.mentions import MentionedNames
from aelus.domain.linking.graph.nodes import Nodes
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.naming.any_case import read_in_any_case
from aelus.domain.linking.naming.arities import tell_arities_apart
from aelus.domain.linking.naming.class_parameters import find_class_parameters
from aelus.domain.linking.naming.names import Names
from aelus.domain.linking.naming.prototypes import Prototypes
from aelus.domain.linking.program import Program, SourceUnit


class FileGraph(NamedTuple):
    nodes: tuple[CodeNode, ...]
    """In source order."""
    edges: tuple[Edge, ...]


class LinkedGraph(NamedTuple):
    files: Mapping[str, FileGraph]
    """By path, in order; the path `""` holds what lies in no file: repository, folders, packages, external symbols."""
    truncated: bool
    """Whether a bound was hit where it counts, so that calls are missing."""
    given_up: tuple[tuple[str, int], ...] = ()
    """Files with expressions that can hold more than is followed, where it counts: what they hold is called, or parts of it are taken.

    Each with the number of these, those with most first.
    """


def link(
    units: Sequence[SourceUnit],
    *,
    traits: Mapping[str, LanguageTraits],
    manifests: Mapping[str, str],
    repository: str = "",
    branch: str = "",
) -> LinkedGraph:
    """Link the files of one repository.

    Args:
        units: every file of the repository that has facts.
        traits: by language; all languages of `units`.
        manifests: path → text of the files that tell where modules are.
        repository: stable name that goes into the ids.
        branch: the same for the branch.
    """
    documents = [unit for unit in units if traits[unit.facts.language].document]
    program = Program([unit for unit in units if not traits[unit.facts.language].document], traits)
    named = tell_arities_apart(program)
    read_in_any_case(program)
    externals = Externals(named)
    modules = Modules(program, manifests, externals)
    names = Names(program, modules, externals)
    find_class_parameters(program, names)
    prototypes = Prototypes(program, names, modules)
    prototypes.join_types()
    hierarchy = Hierarchy(program, names)
    prototypes.join()
    flow = ValueFlow(program, names, hierarchy)
    flow.solve()
    owners = {**hierarchy.owner, **prototypes.outer}
    nodes = Nodes(program, modules, externals, owners, documents=[unit.path for unit in documents], repository=repository, branch=branch)
    edges = Edges(program, names, hierarchy, flow, nodes, modules)
    files = {path: FileGraph(tuple(nodes.of_file[file]), edges.of_file(file)) for file, path in enumerate(program.paths)}
    shared_edges = edges.shared()
    shared = FileGraph(tuple(nodes.shared), shared_edges)
    given_up = edges.given_up()
    truncated = flow.truncated or names.truncated or edges.truncated or len(given_up) > 0
    if documents:
        mentioned = MentionedNames(program, modules, names, hierarchy, nodes)
        written = Documents(documents, nodes, mentioned, dict(zip(program.paths, nodes.file_ids, strict=True)))
        files.update((path, FileGraph(inner, ends)) for path, inner, ends in written.graphs())
    edges.let_go()
    flow.let_go()
    del hierarchy.structures
    return LinkedGraph({"": shared, **dict(sorted(files.items()))}, truncated, given_up)


__all__ = ["FileGraph", "LinkedGraph", "SourceUnit", "link"]
