"""The nodes of the graph: what the files define, the files and folders themselves, packages, and what lies outside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from aelus.domain.facts import APART, CALL, GENERIC, INDEX, MEMBER, Definition
from aelus.domain.graph import CodeNode, NodeId, NodeKind, node_id
from aelus.domain.linking.externals import Externals
from aelus.domain.linking.graph.holders import Holders
from aelus.domain.linking.graph.module_tables import ModuleTables
from aelus.domain.linking.modules import Modules
from aelus.domain.linking.program import Program
from aelus.domain.linking.signatures import FRIEND

KINDS = {kind.value: kind for kind in NodeKind}
AROUND_LIMIT: Final = 1_000
"""Characters that a name tells of what is around: all of what people write."""
NESTED_LIMIT: Final = 64
"""Classes and namespaces around each other that a name tells."""


class Nodes:
    """Gives every entity of the program its node; ids depend on repository, branch, path, kind, qualified name and ordinal alone."""

    def __init__(
        self,
        program: Program,
        modules: Modules,
        externals: Externals,
        owners: Mapping[int, int],
        *,
        documents: Iterable[str],
        repository: str,
        branch: str,
    ) -> None:
        self._program = program
        self._owners = owners
        self._modules = modules
        self._externals = externals
        self._module_tables = ModuleTables(program)
        self._repository = repository
        self._branch = branch
        self._ordinals: dict[tuple[str, NodeKind, str], int] = {}
        self._external_ids: dict[int, NodeId] = {}
        self.shared: list[CodeNode] = []
        """Nodes that lie in no file."""
        self.of_file: list[list[CodeNode]] = []
        self.qualified_names: list[str] = []
        self.ids: list[NodeId] = []
        """By definition id."""
        self.file_ids: list[NodeId] = []
        self.module_ids: list[NodeId] = []
        """Node that stands for a file's top level: its module, or the file itself."""
        self.package_ids: dict[int, NodeId] = {}
        self.root = self._share(NodeKind.REPOSITORY, repository, repository, "")
        self.folders: dict[str, NodeId] = {}
        self._add_folders((*program.paths, *documents))
        for file in range(len(program.units)):
            self._add_file(file)
        self._add_packages()

    def identify(self, kind: NodeKind, qualified_name: str, path: str) -> NodeId:
        """Id of the next thing of this kind and name in the file."""
        key = (path, kind, qualified_name)
        ordinal = self._ordinals.get(key, 0)
        self._ordinals[key] = ordinal + 1
        return node_id(
            repository=self._repository, branch=self._branch, path=path, kind=kind, qualified_name=qualified_name, ordinal=ordinal
        )

    def _share(self, kind: NodeKind, name: str, qualified_name: str, path: str, language: str = "") -> NodeId:
        identifier = self.identify(kind, qualified_name, path)
        self.shared.append(CodeNode(id=identifier, kind=kind, name=name, qualified_name=qualified_name, path=path, language=language))
        return identifier

    def _add_folders(self, paths: Iterable[str]) -> None:
        found = {folder for path in paths for folder in _parents(path)}
        for folder in sorted(found):
            self.folders[folder] = self._share(NodeKind.FOLDER, folder.rpartition("/")[2], folder, "")

    def _add_file(self, file: int) -> None:
        unit = self._program.units[file]
        facts, path = unit.facts, unit.path
        name = path.rpartition("/")[2]
        identifier = self.identify(NodeKind.FILE, path, path)
        self.file_ids.append(identifier)
        nodes = [_whole(identifier, NodeKind.FILE, name, path, unit.path, facts.language, facts.lines, unit.blob_hash, "")]
        qualified_name = self._modules.name_of(file)
        if self._modules.is_module(file):
            module = self.identify(NodeKind.MODULE, qualified_name, path)
            simple = qualified_name.replace("/", ".").rpartition(".")[2]
            nodes.append(
                _whole(module, NodeKind.MODULE, simple, qualified_name, path, facts.language, facts.lines, unit.blob_hash, facts.docstring)
            )
            identifier = module
        self.module_ids.append(identifier)
        start = self._program.first_definition[file]
        traits = self._program.traits[file]
        holders = Holders(facts, traits).names if traits.prototype else {}
        nodes.extend(
            self._of_definition(file, start + number, qualified_name, holders.get(number, "")) for number in range(len(facts.definitions))
        )
        self.of_file.append(nodes)

    def _of_definition(self, file: int, definition: int, module: str, held_by: str) -> CodeNode:
        program = self._program
        entry = program.definitions[definition]
        parent, kind = program.parent_of(definition), KINDS[entry.kind]
        traits = program.traits[file]
        if traits.pointers and FRIEND in entry.modifiers:
            kind = NodeKind.FUNCTION if kind is NodeKind.METHOD else kind
            while parent >= 0 and program.is_class(parent):
                parent = program.parent_of(parent)  # a friend belongs to the namespace
        if entry.receiver and not module and definition in self._owners:
            holder = self._name_outside(definition)
        else:
            around = self.qualified_names[parent] if parent >= 0 else module
            holder = _joined(around, held_by or self._receiver_name(file, entry), traits.separator)
        separator = traits.separator
        if traits.member_separator and parent >= 0 and program.is_class(parent) and not program.is_class(definition):
            separator = traits.member_separator
        qualified_name = f"{holder[-AROUND_LIMIT:]}{separator}{entry.name}" if holder and APART not in entry.modifiers else entry.name
        path = program.paths[file]
        identifier = self.identify(kind, qualified_name, path)
        self.qualified_names.append(qualified_name)
        self.ids.append(identifier)
        first = program.first_slot[file]
        return CodeNode(
            id=identifier,
            kind=kind,
            name=entry.name,
            qualified_name=qualified_name,
            path=path,
            start_line=entry.start_line,
            end_line=entry.end_line,
            start_byte=entry.start_byte,
            end_byte=entry.end_byte,
            language=program.units[file].facts.language,
            signature=entry.signature,
            docstring=entry.docstring,
            visibility=entry.visibility,
            decorators=tuple(self.spelling(first + slot) for slot in entry.decorators) if entry.decorators else (),
            content_hash=entry.content_hash,
        )

    def _name_outside(self, definition: int) -> str:
        """Name of the class that a definition belongs to which stands elsewhere, in whatever way it is written there."""
        program, names, around = self._program, list[str](), self._owners[definition]
        while around >= 0 and len(names) < NESTED_LIMIT:
            names.append(program.definitions[around].name)
            around = self._owners[around] if around in self._owners else program.parent_of(around)
        return program.traits[program.file_of_definition[definition]].separator.join(reversed(names))

    def _receiver_name(self, file: int, entry: Definition) -> str:
        """A method that is declared beside its type is named within it."""
        slot = self._program.first_slot[file] + entry.receiver
        receiver = self._module_tables.shortened(self.spelling(slot), slot) if entry.receiver else ""
        return receiver.replace(".", self._program.traits[file].separator)

    def spelling(self, slot: int) -> str:
        """A name as it is written: `a.b` of `a.b`, `a.b(…)` and `a.b[…]`."""
        program = self._program
        names: list[str] = []
        while program.forms[slot] in (MEMBER, CALL, GENERIC, INDEX):
            if program.forms[slot] == MEMBER:
                names.append(program.texts[slot])
            slot = program.part(slot)
        if program.texts[slot]:
            names.append(program.texts[slot])
        return ".".join(reversed(names))

    def _add_packages(self) -> None:
        packages = self._modules.packages
        for number, name in enumerate(packages.names):
            if packages.files[number] and not self._modules.is_module(packages.files[number][0]):
                language = self._program.units[packages.files[number][0]].facts.language
                simple = name.replace("/", ".").rpartition(".")[2]
                self.package_ids[number] = self._share(NodeKind.PACKAGE, simple, name, "", language)

    def external(self, number: int) -> NodeId:
        """Node of an external symbol, made when it is first needed."""
        identifier = self._external_ids.get(number)
        if identifier is None:
            entry = self._externals.entries[number]
            kind = NodeKind.EXTERNAL_SYMBOL if entry.symbol else NodeKind.EXTERNAL_PACKAGE
            simple = entry.symbol.rpartition(".")[2] or entry.package
            identifier = self._external_ids[number] = self._share(kind, simple, entry.qualified_name, "")
        return identifier

    def external_links(self) -> Iterator[tuple[NodeId, NodeId]]:
        """(package, symbol) of every external symbol that has a node; packages that are missing are made."""
        for number in list(self._external_ids):
            entry = self._externals.entries[number]
            if entry.symbol:
                yield self.external(self._externals.package(entry.package)), self._external_ids[number]


def _whole(
    identifier: NodeId, kind: NodeKind, name: str, qualified_name: str, path: str, language: str, lines: int, blob_hash: str, docstring: str
) -> CodeNode:
    return CodeNode(
        id=identifier,
        kind=kind,
        name=name,
        qualified_name=qualified_name,
        path=path,
        start_line=1,
        end_line=max(lines, 1),
        language=language,
        docstring=docstring,
        content_hash=blob_hash,
    )


def _joined(around: str, name: str, separator: str) -> str:
    return f"{around}{separator}{name}" if around and name else around or name


def _parents(path: str) -> Sequence[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: size + 1]) for size in range(len(parts))]
