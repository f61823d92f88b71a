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
parameters too). A version is what it holds in a region of the file where only one of its bindings can have run last."""
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
raised."""
LITERAL: Final = 14
"""`text`: the language's own name of the literal's type (`str`, `int`, `number`, …)."""
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
"""`parts`: (manager,). What `with manager as x` binds."""
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
TAKEN: Final = 40
"""`parts`: (member or class,). A method or constructor as a value: `a::m`, `A::new`. 35 to 39 are forms of the linker's own."""
NARROWED: Final = 42
"""`parts`: (what it is tested by, variable). What of a variable's values passes a test; `text` is one of the tests below, `!` in front of
those that do not pass. A class, a guard (the call's callee), the name of a member, a constant that an entry has, a kind of values."""
IS_INSTANCE: Final = "instance"
IS_GUARDED: Final = "guard"
HAS_MEMBER: Final = "member"
HAS_ENTRY: Final = "entry"
"""Before a blank and the name of the entry."""
IS_OF_KIND: Final = "kind"
FAILS: Final = "!"
GUARD: Final = "is "
"""Text of the `INSTANCE` that a function declares as its result which tests a parameter (its name is behind it) or its receiver."""
SETTER: Final = " ="
"""Behind the name of an entry that is a function to run when the entry is assigned: no program asks for it."""


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
OPERATION_REFERENCE: Final = "operation"
"""An operation that may run a method: an operator (`CALL`), a subscript (`INDEX`), a loop (`ITERATE`), `with` (`ENTER`)."""
STORE_REFERENCE: Final = "store"
"""An assignment to a member or a subscript."""
DELETE_REFERENCE: Final = "delete"
"""The deletion of one."""
EXISTS_REFERENCE: Final = "exists"
"""A question whether one is there."""
VALUE_OPERATIONS: Final = frozenset({"truth", "format", "represent", "write", "copy", "hash"})
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
    """`type` (types only), `static`, `dynamic`."""


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
LEFT_OUT: Final = "left_out"
"""Modifier of definitions in branches that a preprocessor leaves out which knows no more than the file."""
CONDITION: Final = "if "
"""How modifiers begin that say under what condition a definition is read, which the package decides: `if not(feature=std)`."""
RECORD: Final = "record"
"""Modifier of classes whose constructor takes their fields, in order."""
COMPONENT: Final = "component"
"""Modifier of fields that are called for their value, without arguments."""
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


class LanguageTraits(NamedTuple):
    """What the linker must know of a language; read from its `language.toml`."""

    name: str
    separator: str
    """Between the parts of a qualified name."""
    modules: str
    """How a specifier finds a file: `dotted`, `specifier`, `declared-package` or `directory`."""
    declared_types: str
    """`strict`: a declared type decides what a variable holds. `hint`: it adds to what flows there. `documented`: as `strict`,
    but only comments declare types: members may be replaced by others."""
    constructors: tuple[str, ...]
    """Names of constructor methods (`__init__`, `constructor`); the class' own name where `<class>` is listed."""
    call_constructs: bool
    """Whether calling a class makes an instance (no `new`)."""
    package_scope: bool
    """Whether files of one package see each other's top-level names."""
    structural_interfaces: bool
    """Whether a type implements an interface by having its methods."""
    exports_all: bool
    """Whether every top-level name can be imported."""
    manifests: tuple[str, ...]
    """Names of files that tell where modules are (`go.mod`, `tsconfig.json`)."""
    index_files: tuple[str, ...]
    """File stems that stand for their folder (`__init__`, `index`)."""
    extensions: tuple[str, ...]
    """With the dot, in order of preference."""
    family: str = ""
    """Languages of one family see each other's modules; the language's own name where it is empty."""
    any_root: bool = False
    """Whether a dotted module may lie below any folder (search paths are no part of the repository)."""
    global_variables: bool = False
    """Whether a name that no scope declares is one variable of the whole program once it is assigned to."""
    text_type: str = ""
    """Name of the builtin type that constants are of whose members are named."""
    reflections: tuple[tuple[str, str], ...] = ()
    """Methods of an operator (as `operators` name them) → method of the right operand, which is asked where the left one has none."""
    refusal: str = ""
    """Name that a method returns which leaves an operator to the other operand."""
    keyed_stores: bool = False
    """Whether a function that puts what it is given under a name that it is given is followed call by call."""
    number_type: str = ""
    """Name of the builtin type of constants that are whole numbers, where these say nothing of it themselves."""
    root_class: str = ""
    """Name of the builtin class that all others extend, where what it has is known by `library.toml` alone."""
    class_bodies_run: bool = False
    """Whether the body of a class runs where it stands, as a part of the function or module around it."""
    upper_case_classes: bool = False
    """Whether classes of packages are known by their names, which begin in upper case and are not all of it."""
    special_members: str = ""
    """Beginning of the names of members that operations look up in the class alone."""
    members_are_keys: bool = True
    """Whether `a.b` and `a["b"]` are the same of a container."""
    pair_loops: tuple[str, ...] = ()
    """Functions whose loop yields each key of their first argument, and what is there as its second result."""
    metatables: str = ""
    """Member of a container's metatable that says where members are looked up which it has not."""
    explicit_receiver: bool = False
    """Whether methods list their receiver as the first parameter."""
    protocols: tuple[tuple[str, str], ...] = ()
    """Method that an operation calls → its name in the language: `call`, `iterate`, `next`, `iterate_end`, `enter`, `exit`, `index`,
    `store_index`, `delete_index`, `get` and `set` (of a descriptor), `places` (names of what
    instances have, in order); those of asynchronous forms begin with `async_`."""
    member_separator: str = ""
    """Between a class and its members in a qualified name, where it is another one."""
    callable_constants: bool = False
    """Whether functions can be named by constants: `"f"`, `"C::m"`, `[object, "m"]`."""
    enclosing_packages: str = ""
    """Which other packages' names files see too: `all` those around their own, or the one without a name (`root`)."""
    partial_types: str = ""
    """Modifier of types that are declared in parts, in one package; `all` where any may be."""
    mapping_types: tuple[str, ...] = ()
    """Last names of generic types whose last argument is that of their values; others hold one element for each argument."""
    class_types: tuple[str, ...] = ()
    """Last names of generic types that hold the class that is their argument, not its instances."""
    type_variables: tuple[str, ...] = ()
    """Names of functions that make a type which stands for those that it is given."""
    iterates: str = "keys"
    """What a loop over a mapping of a declared type yields: `keys` (which are no values of the program), `pairs` or `values`."""
    private_imports: bool = False
    """Whether what a module imports is seen by others only if the import is public; modules inside it see it all the same."""
    container_bases: tuple[tuple[str, str], ...] = ()
    """Builtin classes, by their full names → what their instances are: `sequence` or `mapping`."""
    enum_bases: tuple[str, ...] = ()
    """Classes from elsewhere, by their full names, whose subclasses have the values of their bodies as instances."""
    enum_values: tuple[str, ...] = ()
    """Members of such an instance that are what it was made with."""
    fills_rest: bool = False
    """Whether the containers for the rest of a function's arguments are stored to, whatever it is called with."""
    caught_types: tuple[str, ...] = ()
    """Builtin types that all that is raised is an instance of."""
    record_factories: tuple[str, ...] = ()
    """Names under which a field of a record is given the function that makes what it holds."""
    next_key: str = ""
    """Key of what an iterator's `next` returns under which the element is, where it is wrapped."""
    receiver_variable: str = ""
    """Name of the receiver in functions outside of classes, which is what they are called on."""
    open_namespaces: bool = False
    """Whether a namespace is what all files of the program put into it, and a function what is defined under a declared name."""
    virtual: str = ""
    """Modifier of methods that can be overridden, where others cannot."""
    pointers: bool = False
    """Whether a subscript of an instance is another one, where its class says nothing else."""
    macro_suffix: str = ""
    """End of the names of macros, which are known in the whole program."""
    calls_make_variants: bool = False
    """Whether a constant that is an instance of its enum can be called, which makes another one."""
    sequence_type: str = ""
    """Builtin type whose methods are those of sequences, where calls of these are shown."""
    registers: bool = False
    """Whether a function that is given to code from elsewhere may be called by it."""
    outside_members: bool = False
    """Whether a member that no class of the program declares is that of the only base from elsewhere."""
    outside_dispatch: bool = False
    """Whether a method of a type from elsewhere may be that of a class of the program which extends the type."""
    prototype: str = ""
    """Member of a function that holds what its instances inherit."""
    templates: bool = False
    """Whether a generic definition is read as if its parameters were the types that are given for them."""
    positions: tuple[str, ...] = ()
    """Members of containers that are their elements by position: `first` and `second` of a pair."""
    iterators: tuple[str, ...] = ()
    """Members of container types that stand for a place in one: `C::iterator`."""
    conversions: tuple[tuple[str, str], ...] = ()
    """Method that converts to what is expected → method of that type, and words: `self` is its argument, `?` opens the result."""
    wrappers: tuple[tuple[str, str], ...] = ()
    """Function that puts its argument into a generic type → number of the type argument that this is of."""
    derived_makers: tuple[str, ...] = ()
    """Functions of a type that make an instance of it, where it does not say what else they do."""
    unwrappers: tuple[str, ...] = ()
    """Methods that take the first part out of such a type."""
    awaited_types: tuple[str, ...] = ()
    """Generic types that `await` opens, where it opens no others."""
    generic_implementations: bool = False
    """Whether a type may implement an interface several times, for other types each, which tell the methods apart."""
    overloads: bool = False
    """Whether functions of one name are told apart by the types of their parameters."""
    inherits_overloads: bool = False
    """Whether a function of a class leaves those of its bases visible that have the same name and other parameters."""
    spellings: tuple[tuple[str, str], ...] = ()
    """Name of a type → the one that it stands for, of types that the language itself has."""
    numbers: tuple[str, ...] = ()
    """Types of numbers, each convertible to those behind it."""
    texts: tuple[str, ...] = ()
    """Other types of literals."""
    implied_super: bool = False
    """Whether a constructor that calls no other one first runs that of the base class."""
    reference_words: tuple[str, ...] = ()
    """Words before parameters that are variables of the caller, which says so too."""
    foreign_files: tuple[str, ...] = ()
    """Last words of the names of files that are for other platforms, behind `_`."""
    calls_convert: bool = False
    """Whether calling a type makes its argument an instance of it."""
    streams: tuple[str, ...] = ()
    """Generic types whose elements are what a loop with one variable yields, where those of other containers are keys."""
    interface_dispatch: bool = False
    """Whether only members of interfaces are chosen at run time: a type that embeds another one does not override it."""
    followed_types: tuple[str, ...] = ()
    """Types of the library that say nothing of the values they are declared for."""
    builtins_package: str = ""
    """Package that names known without import belong to."""
    builtins: tuple[str, ...] = ()
    """Names known without import."""
    builtin_types: tuple[str, ...] = ()
    """Those of the builtins that are types whose values have members."""
    overriding: str = ""
    """Modifier of methods that run in place of those of a base class; others of the name hide them. None where each does."""
    functional_types: bool = False
    """Whether a function stands for an interface that asks for one method, whose parameters it takes."""
    methods_apart: bool = False
    """Whether a field may bear the name of a method, so that a method is no value by its name."""
    types: str = ""
    """What the library's types are, see `linking.library_types`."""
    top_type: str = ""
    """Type that all others extend, in languages where no value converts itself."""
    null_type: str = ""
    """Type of the literal that is no object."""
    joined_types: tuple[str, ...] = ()
    """Types of literals that are objects: what is added to one is one again."""
    promoted_type: str = ""
    """Smallest type that arithmetic makes."""
    boxes: tuple[tuple[str, str], ...] = ()
    """Type of a plain value → that of the object it can be put into."""
    boxes_late: bool = False
    """Whether overloads that need a box, and then those that take arguments as the rest, are looked at only when no others fit."""
    narrowing: bool = True
    """Whether a number can be given for one of a type with fewer values."""
    type_words: tuple[tuple[str, str], ...] = ()
    """Words of the language → names of the types that they stand for."""
    static_builtins: bool = False
    """Whether the builtins are types, which any declaration may name."""
    document: bool = False
    """Whether its files are documents, not code."""
    library: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = ()
    """What functions and methods outside of the repository do with values, see `linking.library`: table → name → effects."""
