"""What one source file says, in a form that is the same for every language.

`FileFacts` is the only thing that passes from parsing to linking. It depends on the file's bytes alone: no path, no other file, no clock,
so it can be cached by content hash. What needs a second file to be known belongs to `domain.linking`.

Expressions are a small closed algebra. They are kept in one table per file, each distinct expression once (hash-consed), and name each
other by index: equal expressions share an index, which is what makes the flow-insensitive linker cheap. Index 0 is always `UNKNOWN`. A
name is already resolved to the scope of the file that declares it, so that this work is done in parallel and cached.

The records are named tuples, not dataclasses: a repository has millions of them, and they cross process borders.
"""

from __future__ import annotations

from typing import Final, NamedTuple

# --- expression forms: Expression(form, text, parts) ---------------------------------------------------------------------------------

UNKNOWN: Final = 0
"""Nothing is known about the value."""
LOCAL: Final = 1
"""`text`: name, `parts`: (scope,) or (scope, version). The variable that this scope of the file declares (definitions, imports and
parameters too). A version is what it holds in a region of the file where only one of its bindings can have run last; `LASTING` is the
one that a variable of the file itself has in the end."""
LASTING: Final = 0
"""Number of that version."""
FREE: Final = 2
"""`text`: name. A name that no scope of the file declares: builtin, same package, wildcard import."""
IMPLICIT: Final = 3
"""`text`: name, `parts`: (definition,), with a second one for what is called where only methods are. A bare name inside this class that
may be a member of it or of an enclosing class; else `FREE`."""
THIS: Final = 4
"""`parts`: (definition,). The receiver inside a method of this class."""
SUPER: Final = 5
"""`parts`: (definition,). The receiver, its members looked up after this class in the resolution order."""
MEMBER: Final = 6
"""`text`: member name, `parts`: (object,)."""
INDEX: Final = 7
"""`parts`: (object, key). `key` is a `CONSTANT` where it is one. With the text `BY_NAME`, the member that the key names."""
BY_NAME: Final = "."
CALL: Final = 8
"""`parts`: (callee, *arguments); `text`: the comma-joined names of the last arguments, when those are passed by keyword."""
NEW: Final = 9
"""As `CALL`, with the constructed type in place of the callee: `new T(a)`, `T{a}`."""
SPREAD: Final = 10
"""`parts`: (sequence,). An argument or element that stands for all elements of it: `*a`, `...a`."""
SPREAD_MAP: Final = 11
"""`parts`: (mapping,). `**a`, and `{...a}` in an object."""
DEFINITION: Final = 12
"""`parts`: (definition,). A definition as a value: lambda, function expression, anonymous class, a class named by its method."""
INSTANCE: Final = 13
"""`parts`: (type,) or (type, value). Some instance of the type, and those that the value holds. With the text `RAISED`: one that is
raised; the second part is then a `CONSTANT` of the region whose exceptions are caught, if known: definition, start and end byte."""
LITERAL: Final = 14
"""`text`: the language's own name of the literal's type (`str`, `int`, `number`, …)."""
OWN_ELEMENT: Final = "element"
"""As the callee of a `CALL`: an element of the language's own, which is given functions (`<button onClick={save}>`)."""
CONSTANT: Final = 15
"""`text`: the value of a short string or integer literal (at most 64 characters), as a key, an index or a name given to reflection."""
SEQUENCE: Final = 16
"""`parts`: elements. A list, tuple or array literal; `text` is `EVERYWHERE` if its parts may stand at any place."""
EVERYWHERE: Final = "*"
MAPPING: Final = 17
"""`parts`: (key, value, key, value, …), or a single `SPREAD_MAP` in place of a pair. A dict or object literal."""
UNION: Final = 18
"""`parts`: alternatives. Conditional, `or`, `??`, union and optional types."""
ITERATE: Final = 19
"""`parts`: (iterable,). What a loop over it binds."""
ENTER: Final = 20
"""`parts`: (manager,). What `with manager as x` binds; `text`: `AWAITED` where that is awaited (`async with`)."""
AWAITED: Final = "awaited"
AWAIT: Final = 21
"""`parts`: (awaitable,)."""
RETURN: Final = 22
"""`parts`: (definition,). What the function returns. Only as the target of a flow."""
YIELD: Final = 23
"""`parts`: (definition,). What the generator yields. Only as the target of a flow."""
IMPORT: Final = 24
"""`text`: module specifier. A module as a value: `require("x")`, `import("x")`."""
EXPORTS: Final = 25
"""The namespace object of the file's own module: `module.exports`, `exports`."""
GENERIC: Final = 26
"""`parts`: (type, *type arguments)."""
ARRAY: Final = 27
"""`parts`: (element type,)."""
FUNCTION_TYPE: Final = 28
"""`parts`: (return type, *parameter types); `text`: name of the receiver, where the first of them is that of the receiver."""
KEYS: Final = 29
"""`parts`: (mapping,). What iterating over the mapping's keys (`for … in`) binds."""


SLICE: Final = 30
"""`parts`: (sequence,); `text`: `first:end`, numbers of its first element and of that behind it. Either may be empty, or `?` where it is
not known; negative ones count from the end."""
DECORATED: Final = 31
"""`parts`: (decorator, value). What a decorator makes of a definition."""
PROMOTED: Final = 32
"""`parts`: operands. What arithmetic makes of them: a text if one is a text, else a number of the widest of their types."""
TYPE_OF: Final = 33
"""`parts`: (value,). As a type: that of the value (`typeof x`)."""
COMPOSED: Final = 34
"""A text that may be a name: `text` has `UNKNOWN_PART` for each part that is no constant, `parts`: (operation or 0, *those parts)."""
UNKNOWN_PART: Final = "…"
CASE_MARKS: Final = ("↑", "↓", "⇑", "⇓")
"""Behind an unknown part: its first letter becomes upper or lower case, or all of its letters do."""
TAKEN: Final = 40
"""`parts`: (member or class,). A method or constructor as a value: `a::m`, `A::new`. 35 to 39 are forms of the linker's own."""
NARROWED: Final = 42
"""`parts`: (what it is tested by, variable). What of a variable's values passes a test; `text` is one of the tests below, `!` in front of
those that do not pass. A class, a guard (the call's callee), the name of a member, a constant that an entry has, a kind of values."""
IS_INSTANCE: Final = "instance"
IS_GUARDED: Final = "guard"
IS_SAME: Final = "same"
HAS_MEMBER: Final = "member"
HAS_ENTRY: Final = "entry"
"""Before a blank and the name of the entry."""
IS_OF_KIND: Final = "kind"
FAILS: Final = "!"
PLACEMENT: Final = 44
"""`parts`: (place, value). A value that comes to a place: a variable, a field, what a function returns (`RETURN`), or the type of a cast.
`text` is one of those below, or empty for an assignment. 43 is a form of the linker's own."""
MADE: Final = "made"
"""The place comes into being."""
CONVERTED: Final = "cast"
GUARD: Final = "is "
"""Text of the `INSTANCE` that a function declares as its result which tests a parameter (its name is behind it) or its receiver."""
SETTER: Final = " ="
"""Behind the name of an entry that is a function to run when the entry is assigned: no program asks for it."""
INHERITED: Final = "#inherited"
"""Key of a container for what it inherits its elements from, which no name of the program means."""


class Expression(NamedTuple):
    form: int
    text: str
    parts: tuple[int, ...]


# --- scopes and definitions ----------------------------------------------------------------------------------------------------------

MODULE_SCOPE: Final = "module"
CLASS_SCOPE: Final = "class"
FUNCTION_SCOPE: Final = "function"
BLOCK_SCOPE: Final = "block"


class Scope(NamedTuple):
    """A region that declares names. Scope 0 is the file's own."""

    kind: str
    parent: int
    """Index of the enclosing scope; -1 for scope 0."""
    definition: int
    """Index of the class or function whose body it is (for a block: the innermost one around it); -1 outside of any."""


class Parameter(NamedTuple):
    name: str
    variable: int
    """The `LOCAL` expression that the parameter declares (0 when it has no name)."""
    type: int
    """Declared type expression, or 0."""
    default: int
    """Default value expression, or 0."""
    kind: str
    """`positional`, `keyword` (by name only), `rest` (`*args`, `...args`), `rest_map` (`**kwargs`), `block`."""


class Definition(NamedTuple):
    kind: str
    """A `NodeKind` value."""
    name: str
    parent: int
    """Index of the enclosing definition, which precedes this one; -1 at the top of the file."""
    scope: int
    """Scope that declares the name."""
    body: int
    """Scope of its body, or -1."""
    start_line: int
    """1-based. Decorators and annotations belong to the definition; a doc comment before it does not."""
    end_line: int
    """1-based, inclusive."""
    start_byte: int
    end_byte: int
    line: int
    """1-based line of the name."""
    signature: str
    """One line, white space folded, at most 400 characters, without the body."""
    docstring: str
    """Comment markers and indentation removed; at most 2,000 characters."""
    visibility: str
    """`public`, `protected`, `package` or `private`."""
    modifiers: tuple[str, ...]
    """Lower case: `static`, `classmethod`, `property`, `abstract`, `async`, `generator`, `exported`, `default_export`, `override`, …"""
    decorators: tuple[int, ...]
    """Expressions, outermost first: the value that is applied (`f`, or the `CALL` for `f(x)`)."""
    bases: tuple[int, ...]
    """Type expressions that are extended, in order."""
    interfaces: tuple[int, ...]
    """Type expressions that are implemented, in order."""
    parameters: tuple[Parameter, ...]
    """With the explicit receiver (`self`), when the language has one in the list."""
    returns: int
    """Declared return type (function) or declared type (field, variable, type alias' right side); 0 without."""
    receiver: int
    """Type expression of a receiver declared outside of the type's body (Go methods, Rust impls); 0 without."""
    content_hash: str = ""
    """`graph.content_hash` of its source bytes."""
    metaclass: int = 0
    """Type expression of the class that the class itself is an instance of; 0 without."""
    type_parameters: tuple[str, ...] = ()
    """Names of its type parameters, in order. Each is a variable of its scope that holds its bounds."""
    keywords: int = 0
    """`CALL` without a callee whose arguments by keyword the class is made with, beside its metaclass; 0 without."""


# --- what happens --------------------------------------------------------------------------------------------------------------------


class Flow(NamedTuple):
    """The values of `source` reach `target`: assignment, return, default, loop, destructuring."""

    target: int
    source: int


class Declared(NamedTuple):
    """The program declares that `target` (a `LOCAL`, or a `MEMBER` of `THIS`) has this type."""

    target: int
    type: int


CALL_REFERENCE: Final = "call"
INITIALIZE_REFERENCE: Final = "initialize"
"""A base or field that a constructor initialises before its body: a `NEW` of what is named."""
READ_REFERENCE: Final = "read"
TYPE_REFERENCE: Final = "type"
CONVERT_REFERENCE: Final = "convert"
"""A call that only converts a value to what is expected."""
PLACE_REFERENCE: Final = "place"
"""A value that comes to a place whose class may have a method for that: a `PLACEMENT`."""
OPERATION_REFERENCE: Final = "operation"
"""An operation that may run a method: an operator (`CALL`), a subscript (`INDEX`), a loop (`ITERATE`), `with` (`ENTER`)."""
STORE_REFERENCE: Final = "store"
"""An assignment to a member or a subscript."""
DELETE_REFERENCE: Final = "delete"
"""The deletion of one."""
EXISTS_REFERENCE: Final = "exists"
"""A question whether one is there."""
VALUE_OPERATIONS: Final = frozenset(
    {"truth", "format", "represent", "write", "copy", "hash", "destroy", "leave", "pointed", "stands_for", "number"}
)
"""Kinds of places that ask a value for its truth, its hash or for a text; they are named as the protocol that says which method runs."""


class Reference(NamedTuple):
    """A place that uses a name. Calls and constructions carry the `CALL` or `NEW` expression itself."""

    kind: str
    """`call`, `read`, `type`, `operation`, `store`, `delete` or `exists`."""
    expression: int
    line: int
    """1-based line of the last name of the callee (`b` in `a.b()`), which is where an editor would jump from."""
    start_byte: int
    definition: int
    """Index of the innermost function, method or class around it; -1 at the top of the file."""


class Import(NamedTuple):
    """One imported thing, as spelt in the source."""

    variable: int
    """`LOCAL` expression that it binds; 0 for a wildcard or an import that binds nothing."""
    module: str
    """Module specifier: `a.b`, `..pkg`, `./x`, `java.util.List`, `github.com/x/y`."""
    name: str
    """Imported symbol; `""` for the module itself, `*` for all of its names."""
    line: int
    definition: int
    """Innermost definition around it; -1 at the top of the file."""
    modifiers: tuple[str, ...]
    """`type` (types only), `static`, `dynamic`, `global` (for all files of the language)."""


class Export(NamedTuple):
    """A name that the module offers under its own rule. Languages that export every top-level name write none."""

    name: str
    """Offered name; `default`, or `*` for all of another module's."""
    expression: int
    """The exported value; 0 when it is another module's."""
    module: str
    """Module it comes from, else `""`."""
    imported: str
    """Its name there."""
    line: int


class Implementation(NamedTuple):
    """A statement beside a type's own definition that it implements an interface: `impl Trait for Type`."""

    type: int
    """Type expression."""
    interface: int
    """Type expression."""
    line: int


class FileFacts(NamedTuple):
    language: str
    package: str
    """Package or namespace that the file declares for itself (`package a.b;`), else `""`."""
    docstring: str
    lines: int
    scopes: tuple[Scope, ...]
    definitions: tuple[Definition, ...]
    expressions: tuple[Expression, ...]
    flows: tuple[Flow, ...]
    declared: tuple[Declared, ...]
    references: tuple[Reference, ...]
    imports: tuple[Import, ...]
    exports: tuple[Export, ...]
    syntax_errors: int
    """Number of places that the grammar could not read."""
    implementations: tuple[Implementation, ...] = ()


MACRO: Final = "macro"
"""Modifier of namespaces that a macro opens, whose name they have."""
PATH: Final = "path="
"""Modifier of an import of a module that lies elsewhere: the path of its file."""
EXPANDED: Final = "expanded"
"""Modifier of definitions that a macro makes: they stand where the macro does, or where it is invoked."""
LEFT_OUT: Final = "left_out"
"""Modifier of definitions in branches that a preprocessor leaves out which knows no more than the file."""
CONDITION: Final = "if "
"""How modifiers begin that say under what condition a definition is read, which the package decides: `if not(feature=std)`."""
RECORD: Final = "record"
"""Modifier of classes whose constructor takes their fields, in order."""
COMPONENT: Final = "component"
"""Modifier of fields that are called for their value, without arguments."""
FILLS: Final = "fills "
"""Before the name of a parameter: modifier of a function that stores something behind it."""
PLACED: Final = "placed"
"""Modifier of types whose literals may give the fields by their places."""
APART: Final = "apart"
"""Modifier of a namespace that is not inside the one which the file declares for itself."""
SENT: Final = "#sent"
"""Variable of a generator that holds what is sent to it, and the key of a generator that it is sent under."""
CAST: Final = "#cast"
"""Text of instances that a value is taken for: where the type is no class, they are the value."""
RAISED: Final = "#raised"
"""Variable of a function, or of the file's top level, that holds what is raised there."""
RETURNED: Final = "#returned"
"""Key of a generator for what it returns when it ends."""
METATABLE: Final = "<metatable>"
"""Key of a container for its metatable."""
BLOCK: Final = "&"
"""Name of the argument that a call gives as its block; the parameter for it, or else the last one, receives it."""


def change_case(mark: str, text: str) -> str:
    """What one of `CASE_MARKS` makes of a text."""
    first = text[:1].upper() if mark == CASE_MARKS[0] else text[:1].lower()
    return f"{first}{text[1:]}" if mark in CASE_MARKS[:2] else text.upper() if mark == CASE_MARKS[2] else text.lower()
