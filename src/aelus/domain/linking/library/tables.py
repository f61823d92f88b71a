"""What functions outside of the repository do with the values they are given, as the rooms state it.

A room's `library.toml` says of `map` that it calls its first argument with the elements of the others and returns a sequence of the
results: `result[] = call 0 (1[], 2[])`. Without this every value that passes through a container's method or a builtin would be lost.

    effect  = (path "=" source | source | entries | "send" path) [condition]
              ("send": some time it calls that member of what it is given)
    condition = "if" (position | name) (that argument is given) | ("if" | "unless") "function" position (a function is named there)
    source  = path | call | "bind" path arguments ["on" path] | "make" path arguments (an instance)
            | "taken" path (a function or class as a value that declared types let in)
            | "class" path | "instance" path (of the type that is given there) | "classes" path (of which the metaclass there makes)
            | "generic" path (the function there, of which there may be others for types of its first argument)
            | "constant" path (of the enum)
            | "accessor" path arguments (a member that runs a function where it is read, stored, deleted)
            | "guarded" path "(" path ")" (of the type that the function says of its argument, where it says one)
            | "later" name arguments (a function that does what the library's function of this name does with the arguments, and its own
              behind them)
            | "external" name (an instance of that type)
            | "meta" path "(" path ")" (with that metatable)
            | "evaluate" path (the call that the constant is)
            | "inherited" path (all its elements but those that a literal has itself which they go into)
            | "derived" path (a new mapping that inherits what the one there has; other values themselves)
            | "module" path (that the constant names) | "module" (the program's own one)
            | "{}" | "[]" | "{.}" | "<>" (a new mapping, sequence, mapping whose elements are its members, or what is waited for)
    entries = "entries" name arguments (what the library's function of that name does for each entry of the literal that is the last one
              of the arguments: with those before it, the key, the value)
    call    = "call" path arguments ["on" path] (with that as the receiver)
    path    = root step*
    root    = "type" (the call's type argument, a class)
            | "result" (what the call has yielded so far) | "made" (the container that it yields)
            | "called" (what the last function has returned that was called, or what the last effect without a target says)
            | "self" | "keywords" | position | "last" (position) | name of a keyword argument
              ("self" as a target without steps: the name of the function)
    step    = "[]" (what a loop over it yields) | "[>]" (what it yields next) | "[?]" (any element) | "[*]" (all elements, keys kept)
            | "[#]" (any key) | "[<>]" (what awaiting it yields) | "[+]" (all elements, behind those of self) | "[" key "]" | "." name
              ("1" as a target without steps: the variable that is given there)
            | ".*" (members that bear the names of the keyword arguments; last in a target)
              ("a|b": the first method that the instance has)
    key     = text | "@" position (the constant that is given there); names likewise
    arguments = "(" [path {"," path}] ["," position "..."] ")"     (from that position on)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, NamedTuple

STEP: Final = re.compile(r"\[([^\]]*)\]|\.(@?[\w|?!<=>]+|\*)")
ROOT: Final = re.compile(r"\w+")
EFFECT: Final = re.compile(
    r"(?:(?P<target>\S+) = )?"
    r"(?:(?P<verb>call|send|guarded|taken|bind|make|class|classes|instance|generic|constant|accessor|meta|module|evaluate|later"
    r"|external|inherited|derived|entries) )?"
    r"(?P<source>\{\.?\}|\[\]|[^\s(]+)(?: ?\((?P<arguments>.*)\))?(?: on (?P<receiver>\S+))?"
    r"(?: (?P<condition>if|unless)(?P<named> function)? (?P<given>\w+))?"
)
PROMISE: Final = "<>"
NAMESPACE: Final = "{.}"
NEW_CONTAINERS: Final = frozenset({"{}", "[]", NAMESPACE, PROMISE})
ITERATED: Final = "[]"
NEXT: Final = "[>]"
MEMBERS: Final = ".*"
ENTRIES: Final = "entries"
AWAITED: Final = "[<>]"
ANY: Final = "[?]"
ALL: Final = "[*]"
BEHIND: Final = "[+]"
NAMED: Final = frozenset({"results", "attributes"})
"""Tables from types to what has them."""


class Path(NamedTuple):
    """Where a value is found, from an argument on."""

    root: str
    steps: tuple[str, ...]
    """`[]`, `[?]`, `[*]`, `[key]`, `.name`."""
    onward: bool = False
    """Whether it stands for all positional arguments from this one on."""


class Condition(NamedTuple):
    """On what an effect depends."""

    root: str
    """Of the argument that it is about."""
    named: bool
    """Whether it must name a function, or else only be there."""
    wanted: bool


class Effect(NamedTuple):
    target: Path | None
    """None for a call whose result is not used."""
    verb: str
    """`call`, `bind`, `class`, `meta`, `module` …, or empty for the value itself."""
    source: Path
    arguments: tuple[Path, ...]
    condition: Condition | None = None
    receiver: Path | None = None
    """What the source is called on."""

    @property
    def called(self) -> str:
        """Name of the library's function that does the same for each entry of a literal; empty for other effects."""
        return f"{self.source.root}{''.join(self.source.steps)}" if self.verb == ENTRIES else ""


@cache
def parse(text: str) -> Effect:
    """Read one effect.

    Raises:
        ValueError: it is not one.
    """
    match = EFFECT.fullmatch(text)
    if match is None:
        raise ValueError(f"Not an effect: {text!r}")
    target = match["target"]
    arguments = tuple(_path(part.strip()) for part in (match["arguments"] or "").split(",") if part.strip())
    word = match["condition"]
    condition = Condition(match["given"], bool(match["named"]), word == "if") if word else None
    receiver = _path(match["receiver"]) if match["receiver"] else None
    return Effect(_path(target) if target else None, match["verb"] or "", _path(match["source"]), arguments, condition, receiver)


def _path(text: str) -> Path:
    if text in NEW_CONTAINERS:
        return Path(text, ())
    onward = text.endswith("...")
    text = text.removesuffix("...")
    root = ROOT.match(text)
    if root is None:
        raise ValueError(f"Not a path: {text!r}")
    rest = text[root.end() :]
    steps = tuple(match.group(0) for match in STEP.finditer(rest))
    if "".join(steps) != rest:
        raise ValueError(f"Not a path: {text!r}")
    return Path(root.group(0), steps, onward)


class Tables(NamedTuple):
    """The effects that one language knows, by name."""

    functions: Mapping[str, Sequence[Effect]]
    """By qualified name; those known without import by their name alone."""
    methods: Mapping[str, Sequence[Effect]]
    """Of containers, by name."""
    mapping_methods: Mapping[str, Sequence[Effect]]
    """Of mappings, where literals of them are the language's objects."""
    function_methods: Mapping[str, Sequence[Effect]]
    """Of functions."""
    enum_methods: Mapping[str, Sequence[Effect]]
    """Of enums as such."""
    properties: Mapping[str, Sequence[Effect]]
    """Of containers: members that are read."""
    enum_properties: Mapping[str, Sequence[Effect]]
    """Of enums as such."""
    class_methods: Mapping[str, Sequence[Effect]]
    """Of any class as such that has no such member of its own."""
    value_methods: Mapping[str, Sequence[Effect]]
    """Of any value that has no such member of its own: what awaiting it yields is the value itself."""
    typed_methods: Mapping[str, Mapping[str, Sequence[Effect]]]
    """Of containers that are declared to be of a type, beside what all of them do: by the method, then by the type."""
    attributes: Mapping[str, str]
    """Member of instances of the library's types, by its qualified name → the type of what it holds."""


@cache
def tables(library: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]) -> Tables:
    """The tables of `LanguageTraits.library`."""
    written = {table: dict(entries) for table, entries in library if table in NAMED}
    read = {table: {name: tuple(map(parse, effects)) for name, effects in entries} for table, entries in library if table not in NAMED}
    methods = read.get("methods", {})
    return Tables(
        {**_by_result(written.get("results", {})), **read.get("functions", {})},
        methods,
        read.get("mapping_methods", methods),
        read.get("function_methods", {}),
        read.get("enum_methods", {}),
        read.get("properties", {}),
        read.get("enum_properties", {}),
        read.get("class_methods", {}),
        read.get("value_methods", {}),
        _by_type(read.get("typed_methods", {})),
        {member: written_type for written_type, rows in written.get("attributes", {}).items() for member in _members(rows)},
    )


def _by_result(rows: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[Effect]]:
    """`"<>a.B[]" = ["a:f,g", "a.C:h"]`: functions that return instances of a type, a part of what they return in brackets."""
    found: dict[str, Sequence[Effect]] = {}
    for written, members in rows.items():
        name, opening, steps = written.removeprefix(PROMISE).partition("[")
        waited = written.startswith(PROMISE)
        effect = parse(f"result{'[]' if waited else ''}{opening}{steps} = external {name}")
        effects = (parse(PROMISE), effect) if waited else (effect,)
        for member in _members(members):
            found[member] = (*found.get(member, ()), *effects)
    return found


def _members(rows: Sequence[str]) -> Iterator[str]:
    """`a.B:c,d` stands for `a.B.c` and `a.B.d`."""
    for row in rows:
        owner, _, names = row.partition(":")
        yield from (f"{owner}.{name}" for name in names.split(","))


def _by_type(rows: Mapping[str, Sequence[Effect]]) -> Mapping[str, Mapping[str, Sequence[Effect]]]:
    """`TreeSet|SortedSet.add|remove` is a row for each method of each type."""
    found: dict[str, dict[str, Sequence[Effect]]] = {}
    for names, effects in rows.items():
        types, _, methods = names.partition(".")
        for method in methods.split("|"):
            found.setdefault(method, {}).update(dict.fromkeys(types.split("|"), effects))
    return found
