"""The code graph: its vocabulary, its nodes and edges, and how a node gets its identity.

What turns facts into nodes and edges belongs to `domain.linking`; how they are kept belongs to the adapters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

NodeId = str
"""32 lower-case hexadecimal digits."""


class NodeKind(StrEnum):
    REPOSITORY = "Repository"
    FOLDER = "Folder"
    FILE = "File"
    MODULE = "Module"
    NAMESPACE = "Namespace"
    PACKAGE = "Package"
    CLASS = "Class"
    INTERFACE = "Interface"
    STRUCT = "Struct"
    ENUM = "Enum"
    TRAIT = "Trait"
    TYPE_ALIAS = "TypeAlias"
    FUNCTION = "Function"
    METHOD = "Method"
    CONSTRUCTOR = "Constructor"
    FIELD = "Field"
    VARIABLE = "Variable"
    CONSTANT = "Constant"
    MACRO = "Macro"
    EXTERNAL_PACKAGE = "ExternalPackage"
    EXTERNAL_SYMBOL = "ExternalSymbol"
    DOCUMENT = "Document"
    SECTION = "Section"


class EdgeKind(StrEnum):
    CONTAINS = "CONTAINS"
    DEFINES = "DEFINES"
    IMPORTS = "IMPORTS"
    EXPORTS = "EXPORTS"
    CALLS = "CALLS"
    DISPATCHES = "DISPATCHES"
    INSTANTIATES = "INSTANTIATES"
    REFERENCES = "REFERENCES"
    INHERITS = "INHERITS"
    IMPLEMENTS = "IMPLEMENTS"
    OVERRIDES = "OVERRIDES"
    DECORATES = "DECORATES"
    TYPE_OF = "TYPE_OF"
    RETURNS = "RETURNS"
    DEPENDS_ON = "DEPENDS_ON"
    MENTIONS = "MENTIONS"


class Origin(StrEnum):
    """How an edge was found. `CONFIDENCE` states how often an edge of this origin is right."""

    STRUCTURE = "structure"
    """Stated by the syntax tree or the file tree itself."""
    LEXICAL = "lexical"
    """The name is declared in an enclosing scope of the same file."""
    IMPORT = "import"
    """The name is imported, or lies in the same package."""
    MEMBER = "member"
    """A member of the receiver's own class or of one that it inherits from."""
    DECLARED_TYPE = "declared-type"
    """A member of the type that the receiver is declared to have."""
    INFERRED = "inferred"
    """The value reached the place by assignments, arguments, returns or containers."""
    SUBTYPE = "subtype"
    """A member that overrides or implements the one called."""
    ROLE = "role"
    """A document marks the name as one of code."""
    CODE_SPAN = "code-span"
    """A document shows the name as code, in a line of text."""
    CODE_BLOCK = "code-block"
    """A code block of a document uses the name."""
    LINK = "link"
    """A document links to the file, or names it by its path."""
    PROSE = "prose"
    """A document names it in full in its text."""


class CodeNode(NamedTuple):
    """A thing of the code graph, by keywords. Lines are 1-based and inclusive; bytes are a half-open range of the file.

    A named tuple because a repository has tens of thousands, and a frozen dataclass takes three times as long to make.
    """

    id: NodeId
    kind: NodeKind
    name: str
    qualified_name: str
    path: str
    """Relative to the repository, with `/`; empty for nodes that lie in no file."""
    start_line: int = 0
    end_line: int = 0
    start_byte: int = 0
    end_byte: int = 0
    language: str = ""
    signature: str = ""
    docstring: str = ""
    visibility: str = "public"
    decorators: tuple[str, ...] = ()
    content_hash: str = ""
    """Hash of the node's own source bytes, 32 hexadecimal digits."""


class Edge(NamedTuple):
    """A directed relation. A named tuple because a repository has hundreds of thousands."""

    kind: EdgeKind
    src: NodeId
    dst: NodeId
    path: str
    """File of the site."""
    line: int
    """1-based line of the site; 0 where the relation has none."""
    origin: Origin
    confidence: float
    """0 to 1."""


def node_id(*, repository: str, branch: str, path: str, kind: str, qualified_name: str, ordinal: int) -> NodeId:
    """The identity of a node: the same thing at the same place has it in every index.

    `ordinal` counts the definitions of one path, kind and qualified name in source order (overloads, redefinitions).
    """
    key = "\0".join((repository, branch, path, kind, qualified_name, str(ordinal)))
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def content_hash(data: bytes) -> str:
    """32 hexadecimal digits that name these bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


DOCUMENT_KINDS: Final = frozenset((NodeKind.DOCUMENT, NodeKind.SECTION))
"""Kinds of what is no code."""
CONFIDENCE: Final[Mapping[Origin, float]] = MappingProxyType(
    {
        Origin.STRUCTURE: 1.0,
        Origin.LEXICAL: 0.99,
        Origin.IMPORT: 0.99,
        Origin.MEMBER: 0.98,
        Origin.DECLARED_TYPE: 0.98,
        Origin.INFERRED: 0.95,
        Origin.SUBTYPE: 0.9,
        Origin.ROLE: 0.98,
        Origin.CODE_SPAN: 0.95,
        Origin.CODE_BLOCK: 0.95,
        Origin.LINK: 0.99,
        Origin.PROSE: 0.9,
    }
)
"""How often an edge of an origin is right, as a prior; the accuracy page says what was measured."""
