"""Precision and recall of calls against a compiler's word: `python benchmarks/accuracy.py LANGUAGE FOLDER [--show N]`.

LANGUAGE is `python` (jedi), `typescript` or `javascript` (the TypeScript compiler), `java` (javac), `c` (clang, also for C++), `rust`
(rustc), `go` (go/types), `php` (intelephense) or `lua` (EmmyLua).
`make oracle` installs what they need. An oracle says of a call where the function lies that it calls, or that this is outside of the
folder. Compared are pairs of functions: who calls whom. An edge is judged where the oracle speaks of a call of that name on the edge's
line; constructors count as their class. Calls that only run as values (callbacks of a library) and implied ones (operators, properties)
are none that these oracles list. Where an oracle says what a call may dispatch to at run time, `DISPATCHES` edges are judged by that;
what the flow of values says is called, and the oracle that it may be, is neither right nor wrong. Nor are dispatches to methods that a
macro makes, which oracles do not list.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

from aelus.adapters.treesitter import TreesitterParser
from aelus.domain.graph import CodeNode, Edge, EdgeKind, NodeKind, Origin
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.ports.parser import ParseRequest
from machine import describe, table

HERE = Path(__file__).parent / "oracle"
COMMANDS = {
    "python": [sys.executable, str(HERE / "jedi_oracle.py")],
    "typescript": ["node", str(HERE / "typescript_oracle.cjs")],
    "javascript": ["node", str(HERE / "typescript_oracle.cjs")],
    "java": ["java", str(HERE / "JavaOracle.java")],
    "csharp": ["mono", str(HERE.parent.parent / ".oracle" / "CsharpOracle.exe")],
    "c": [sys.executable, str(HERE / "clang_oracle.py")],
    "rust": [sys.executable, str(HERE / "rust_oracle.py")],
    "go": ["go", "run", str(HERE / "go_oracle.go")],
    "php": [sys.executable, str(HERE / "lsp_oracle.py"), "php"],
    "lua": [sys.executable, str(HERE / "lsp_oracle.py"), "lua"],
}
ROOMS = {
    "python": ("python",),
    "typescript": ("typescript", "tsx"),
    "javascript": ("javascript",),
    "java": ("java",),
    "c": ("c", "cpp"),
    "rust": ("rust",),
    "csharp": ("csharp",),
    "go": ("go",),
    "php": ("php",),
    "lua": ("lua",),
}
CALLED = (EdgeKind.CALLS, EdgeKind.INSTANTIATES)
DISPATCHED = (EdgeKind.DISPATCHES,)
CALLERS = (NodeKind.FUNCTION, NodeKind.METHOD, NodeKind.CONSTRUCTOR)
VARIABLES = (NodeKind.VARIABLE, NodeKind.CONSTANT, NodeKind.FIELD)
"""Where an oracle sees one of these, it does not say which function is called."""
Site = tuple[str, int]


class Call(NamedTuple):
    """A call and where the oracle sees what it calls; no target: outside of the folder."""

    file: str
    line: int
    name: str
    target: str | None
    target_line: int
    target_name: str
    dispatch: bool = False
    """Whether the target is one that the call may reach at run time, beside the one that it names."""
    unknown: bool = False
    """Whether the oracle cannot say what is called."""


def linked(folder: Path, rooms: tuple[str, ...]) -> LinkedGraph:
    parser = TreesitterParser(jobs=0)
    manifest_names = {name for traits in parser.traits().values() for name in traits.manifests}
    is_manifest = re.compile("|".join(re.escape(name).replace(r"\*", ".*") for name in manifest_names)).fullmatch
    units, manifests = [], {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and "node_modules" not in path.parts):
        name = path.relative_to(folder).as_posix()
        if is_manifest(path.name):
            manifests[name] = path.read_text(errors="replace")
        room = parser.language_of(name)
        if room in rooms:
            outcome = parser.parse_one(ParseRequest(path=name, language=room, source=path.read_bytes()))
            if outcome.facts is not None:
                units.append(SourceUnit(name, outcome.facts, ""))
    return link(units, traits=parser.traits(), manifests=manifests)


class Nodes:
    """Definitions of the linked graph by place."""

    def __init__(self, graph: LinkedGraph) -> None:
        self.by_id: dict[str, CodeNode] = {str(node.id): node for file in graph.files.values() for node in file.nodes}
        self._of_file = {path: [node for node in file.nodes if node.start_line] for path, file in graph.files.items()}
        parents = {str(edge.dst): str(edge.src) for file in graph.files.values() for edge in file.edges if edge.kind is EdgeKind.DEFINES}
        first: dict[tuple[object, ...], str] = {}
        self.normal = {identifier: self._normal(identifier, parents, first) for identifier in self.by_id}
        """Node → itself, its class for a constructor, the first one of the signatures of one method of an interface, and of the functions
        that a macro makes out of one text.
        """

    def _normal(self, identifier: str, parents: dict[str, str], first: dict[tuple[object, ...], str]) -> str:
        node, parent = self.by_id[identifier], parents.get(identifier, identifier)
        if node.kind is NodeKind.CONSTRUCTOR:
            return parent
        if node.kind is NodeKind.METHOD and parent in self.by_id and self.by_id[parent].kind is NodeKind.INTERFACE:
            return first.setdefault((parent, node.name), identifier)
        if node.kind in CALLERS and node.path:
            return first.setdefault((node.path, node.start_byte, node.end_byte, node.name), identifier)
        return identifier

    def at(self, call: Call) -> str | None:
        """The definition that the oracle means."""
        found = [
            node
            for node in self._of_file.get(call.target or "", ())
            if node.start_line <= call.target_line <= node.end_line
            and node.name == call.target_name
            and node.kind not in (NodeKind.FILE, NodeKind.MODULE)
        ]
        best = min(found, key=lambda node: (abs(node.start_line - call.target_line), node.end_line - node.start_line), default=None)
        return self.normal[str(best.id)] if best is not None and best.kind not in VARIABLES else None

    def internal(self, identifier: str) -> bool:
        return not self.by_id[identifier].kind.value.startswith("External")

    def is_written_at(self, identifier: str, site: Site) -> bool:
        """Whether a definition begins on a line: a function that a call is given may have the name of what is called."""
        node = self.by_id[identifier]
        return (node.path, node.start_line) == site

    def is_made(self, identifier: str) -> bool:
        """Whether a macro makes a definition, which then stands inside of it."""
        node = self.by_id[identifier]
        around = (other for other in self._of_file.get(node.path, ()) if other.kind is NodeKind.MACRO)
        return any(macro.start_line <= node.start_line and node.end_line <= macro.end_line for macro in around)


class Judgement(NamedTuple):
    right: set[tuple[str, str]]
    wrong: set[tuple[str, str]]
    missed: set[tuple[str, str]]
    by_origin: dict[str, list[tuple[float, bool]]]
    wrong_edges: list[tuple[str, Edge]]
    missed_calls: list[Call]


def caller_at(graph: LinkedGraph, site: Site) -> str:
    """The innermost function around a line."""
    around = [
        node
        for node in graph.files[site[0]].nodes
        if node.start_line and node.start_line <= site[1] <= node.end_line and node.kind in CALLERS
    ]
    best = min(around, key=lambda node: node.end_line - node.start_line, default=None)
    return str(best.id) if best is not None else site[0]


class Truth:
    """What an oracle says, by place."""

    def __init__(self, nodes: Nodes, calls: list[Call], *, dispatch: bool) -> None:
        self.names: dict[Site, set[str]] = defaultdict(set)
        self.targets: dict[Site, set[str]] = defaultdict(set)
        self.by_target: dict[tuple[Site, str], Call] = {}
        self._uncertain: set[Site | tuple[Site, str]] = set()
        for call in calls:
            site = (call.file, call.line)
            self.names[site].update((call.name, call.target_name))
            if call.unknown:
                self._uncertain.add((site, call.name))
            elif call.dispatch == dispatch and call.target is not None:
                self._add(site, nodes.at(call), call)

    def _add(self, site: Site, target: str | None, call: Call) -> None:
        if target is None:
            self._uncertain.add(site)
        else:
            self.targets[site].add(target)
            self.by_target[site, target] = call

    def judges(self, site: Site, name: str) -> bool:
        """Whether it says of all calls of that name what they call."""
        return name in self.names[site] and site not in self._uncertain and (site, name) not in self._uncertain


def judge(graph: LinkedGraph, calls: list[Call], kinds: tuple[EdgeKind, ...] = CALLED) -> Judgement:
    """Hold edges of some kinds against what the oracle says of their sites."""
    nodes = Nodes(graph)
    truth = Truth(nodes, calls, dispatch=kinds is DISPATCHED)
    result = Judgement(set(), set(), set(), defaultdict(list), [], [])
    found: dict[Site, set[str]] = defaultdict(set)
    edges = [(path, edge) for path, file in graph.files.items() for edge in file.edges if edge.kind in kinds]
    beside = _known_otherwise(graph, nodes, calls, kinds)
    for path, edge in edges:
        site, target = (path, edge.line), nodes.normal[str(edge.dst)]
        found[site].add(target)
        if ((site, target) in beside or nodes.is_written_at(target, site)) and target not in truth.targets[site]:
            continue
        if kinds is DISPATCHED and nodes.is_made(target):
            continue
        if nodes.internal(target) and truth.judges(site, nodes.by_id[target].name):
            _add(result, (path, edge), (caller_at(graph, site), target), right=target in truth.targets[site])
    for (site, target), call in truth.by_target.items():
        pair = (caller_at(graph, site), target)
        if target in found[site]:
            result.right.add(pair)
        elif (site, target) not in beside:
            result.missed.add(pair)
            result.missed_calls.append(call)
    return result


def _known_otherwise(graph: LinkedGraph, nodes: Nodes, calls: list[Call], kinds: tuple[EdgeKind, ...]) -> set[tuple[Site, str]]:
    """Pairs that are not judged: what a call may dispatch to, and the flow of values says that it calls."""
    inferred = [(path, e) for path, file in graph.files.items() for e in file.edges if e.kind in CALLED and e.origin is Origin.INFERRED]
    flowing = {((path, edge.line), nodes.normal[str(edge.dst)]) for path, edge in inferred}
    if kinds is DISPATCHED:
        return flowing
    dispatched = Truth(nodes, calls, dispatch=True).targets
    return {(site, target) for site, target in flowing if target in dispatched.get(site, ())}


def _add(result: Judgement, edge: tuple[str, Edge], pair: tuple[str, str], *, right: bool) -> None:
    (result.right if right else result.wrong).add(pair)
    result.by_origin[edge[1].origin.value].append((edge[1].confidence, right))
    if not right:
        result.wrong_edges.append(edge)


def ask(language: str, folder: Path) -> list[Call]:
    environment = os.environ | {"NODE_PATH": str(HERE.parent.parent / ".oracle" / "node_modules")}
    answer = subprocess.run([*COMMANDS[language], str(folder)], check=True, capture_output=True, text=True, env=environment)
    return [Call(**json.loads(line)) for line in answer.stdout.splitlines() if line.startswith("{")]


def show(folder: Path, graph: LinkedGraph, judgement: Judgement, count: int) -> None:
    """Some of what is wrong and missed, with its line."""
    nodes = Nodes(graph)

    def line(path: str, number: int) -> str:
        return (folder / path).read_text(errors="replace").splitlines()[number - 1].strip()[:110]

    random.seed(1)
    print("wrong:")
    for path, edge in random.sample(judgement.wrong_edges, min(count, len(judgement.wrong_edges))):
        target = nodes.by_id[str(edge.dst)]
        print(f"  {edge.origin.value} {edge.confidence:.2f} {path}:{edge.line}: {line(path, edge.line)}  ->  {target.qualified_name}")
    print("missed:")
    for call in random.sample(judgement.missed_calls, min(count, len(judgement.missed_calls))):
        print(f"  {call.file}:{call.line}: {line(call.file, call.line)}  ->  {call.target}:{call.target_line} {call.target_name}")


def summary(what: str, result: Judgement) -> list[tuple[str, str]]:
    """Precision and recall over pairs of functions."""
    right, wrong, missed = len(result.right), len(result.wrong), len(result.missed - result.right)
    return [
        (f"{what}precision, pairs of functions", f"{right / max(right + wrong, 1):.3f}  ({right:,} right, {wrong:,} wrong)"),
        (f"{what}recall, pairs of functions", f"{right / max(right + missed, 1):.3f}  ({missed:,} missed)"),
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    arguments.add_argument("language", choices=sorted(COMMANDS))
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--show", type=int, default=0, metavar="N", help="print N wrong edges and N missed calls")
    given = arguments.parse_args()
    folder = given.folder.resolve()
    graph = linked(folder, ROOMS[given.language])
    calls = [call for call in ask(given.language, folder) if call.file in graph.files]
    result = judge(graph, calls)
    print(describe())
    inside = sum(call.target is not None and not call.dispatch for call in calls)
    resolved = sum(not call.dispatch and not call.unknown for call in calls)
    rows = [("calls that the oracle resolves", f"{resolved:,}, {inside:,} of them inside"), *summary("", result)]
    if any(call.dispatch for call in calls):
        rows.extend(summary("dispatch ", judge(graph, calls, DISPATCHED)))
    for origin, judged in sorted(result.by_origin.items()):
        stated = sum(confidence for confidence, _ in judged) / len(judged)
        share = sum(ok for _, ok in judged) / len(judged)
        rows.append((f"origin {origin}", f"{share:.3f} right, {stated:.3f} stated  ({len(judged):,} edges)"))
    print(table(rows))
    if given.show:
        show(folder, graph, result, given.show)
        show(folder, graph, judge(graph, calls, DISPATCHED), given.show)


if __name__ == "__main__":
    main()
