"""Language rooms: what a folder under `languages/` says, compiled against its grammar.

A room is data: `language.toml` and four query files; `languages/README.md` is their dictionary. How the data is used belongs to
`extraction` and `lowering`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from tree_sitter import Language, Query
from tree_sitter_language_pack import get_language

from aelus.adapters.treesitter.blanks import Blanks
from aelus.adapters.treesitter.branches import Constraint
from aelus.adapters.treesitter.conditions import Conditions
from aelus.domain.language_traits import LanguageTraits

LANGUAGES: Final = Path(__file__).parent / "languages"
QUERIES: Final = ("definitions", "bindings", "references", "imports")
LIBRARY_TABLES: Final = frozenset(
    {
        "functions",
        "methods",
        "mapping_methods",
        "function_methods",
        "enum_methods",
        "class_methods",
        "properties",
        "enum_properties",
        "value_methods",
        "results",
        "attributes",
        "typed_methods",
    }
)
CAPTURE: Final = re.compile(r"@([\w.]+)")
MAIN: Final = frozenset(
    {
        "definition",
        "scope",
        "bind",
        "property",
        "payload",
        "return",
        "yield",
        "raise",
        "import",
        "export",
        "reference",
        "narrow",
        "implement",
        "reparse",
        "section",
        "type_parameter",
        "outside",
        "decorate",
        "inherit",
        "package",
    }
)
"""First parts of the captures that say what a pattern is about; every pattern has exactly one."""
CALL_CAPTURE: Final = "reference.call"
OPENING: Final = frozenset({"definition", "scope"})


class Form(NamedTuple):
    """How one kind of syntax node is lowered."""

    name: str
    fields: tuple[int, ...]
    """Grammar ids of the fields that the lowering reads."""
    children: tuple[int, ...]
    """Positions of named children, where the grammar has no fields."""
    text: str


class Role(NamedTuple):
    """What a pattern is about: `definition` and `function` for a main capture `@definition.function`."""

    capture: str
    category: str
    detail: str
    settings: Mapping[str, str]
    """What `#set!` says."""
    opens: bool
    """Whether it opens a scope or a definition."""
    group: str
    """The category; calls and other references are told apart, because calls are lowered first."""


class Rules(NamedTuple):
    """The table `[rules]`."""

    members_visible: bool = False
    callee_is_member: bool = False
    receiver_parameter: bool = False
    receiver_fields: bool = False
    decorators_apply: bool = False
    head_outside: bool = False
    bases_outside: bool = False
    subscripted_bases: bool = False
    assignments: str = "function"
    rest_types: str = "element"
    anonymous: str = "lambda"
    constants: str = ""
    docstring: str = ""
    docstring_marks: tuple[str, ...] = ()
    super_call: str = ""
    this_words: tuple[str, ...] = ()
    super_words: tuple[str, ...] = ()
    exports_words: tuple[str, ...] = ()
    import_calls: tuple[str, ...] = ()
    inferred_types: tuple[str, ...] = ()
    generic_wrappers: tuple[str, ...] = ()
    generic_unions: tuple[str, ...] = ()
    type_modules: tuple[str, ...] = ()
    constructors: tuple[str, ...] = ()
    modifier_words: tuple[str, ...] = ()
    decorator_modifiers: Mapping[str, str] = {}
    decorator_suffix: str = ""
    visibility_words: Mapping[str, str] = {}
    visibility: str = "public"
    private_prefixes: tuple[str, ...] = ()
    lower_case_visibility: str = ""
    import_binds: str = ""
    result_field: str = ""
    blocks: tuple[str, ...] = ()
    loops: tuple[str, ...] = ()
    straight: tuple[str, ...] = ()
    fresh_calls: tuple[str, ...] = ()
    deletion_moves: bool = False
    composing: Mapping[str, str] = {}
    text_functions: Mapping[str, str] = {}
    interpolation: str = ""
    scope_tables: tuple[str, ...] = ()
    insertions: Mapping[str, str] = {}
    insertion_kinds: Mapping[str, str] = {}
    insertion_escapes: tuple[str, ...] = ()
    class_makers: Mapping[str, str] = {}
    metaclass_keyword: str = ""
    operators: Mapping[str, str] = {}
    operators_take_all: bool = False
    reflected_operators: Mapping[str, str] = {}
    outside_operators: bool = False
    stored_paths: bool = False
    record_bases: tuple[str, ...] = ()
    record_decorators: tuple[str, ...] = ()
    generic_functions: tuple[str, ...] = ()
    loop_functions: tuple[str, ...] = ()
    self_types: tuple[str, ...] = ()
    container_operators: tuple[str, ...] = ()
    literal_operators: tuple[str, ...] = ()
    null_literal: str = ""
    pairing_word: str = ""
    instance_literals: tuple[str, ...] = ()
    receiving_variables: str = ""
    typed_calls: bool = False
    call_types_field: str = ""
    typed_keys: bool = False
    variable_prefix: str = ""
    package_separator: str = ""
    doc_types: Mapping[str, str] = {}
    mapping_word: str = ""
    inherited_key: str = ""
    keeps_narrowed: bool = False
    type_functions: Mapping[str, str] = {}
    annotations: Mapping[str, str] = {}
    accessors: bool = False
    decorators_called: bool = False
    keys_are_members: bool = False
    keys_word: str = ""
    type_arguments_field: str = ""
    free_receiver: str = ""
    bound_receiver: str = ""
    several_results: bool = False
    taken_apart: str = ""
    naming_calls: Mapping[str, str] = {}
    filled: str = ""
    receiver_functions: tuple[str, ...] = ()
    receiver_name: str = "this"
    receiver_word: str = ""
    pasting_mark: str = ""
    """Sign in the text of a macro that pastes names together, or makes a text of one."""
    constant_word: str = ""
    counter: str = ""
    rest_mark: str = ""
    packs: bool = False
    hides_behind: bool = False
    declares_again: bool = False
    typed_results: Mapping[str, str] = {}
    definitions_everywhere: bool = False
    functions_rebind: bool = True
    functions_keep_versions: bool = False
    functions_see_last: bool = False
    leading_modifiers: tuple[str, ...] = ()
    trailing_modifiers: tuple[str, ...] = ()
    construct_word: str = ""
    makers: tuple[str, ...] = ()
    casts: tuple[str, ...] = ()
    visible_namespaces: bool = False
    globals_word: str = ""
    loaded_modules: str = ""
    module_call: str = ""
    module_variable: str = ""
    own_module: str = ""
    own_folder: tuple[str, ...] = ()
    own_calls: tuple[str, ...] = ()
    enum_calls: tuple[str, ...] = ()
    setter_suffix: str = ""
    picking: str = ""
    rest_calls: Mapping[str, str] = {}
    run_files: tuple[str, ...] = ()
    documented_narrows: bool = False
    unnamed_parameters: tuple[str, ...] = ()
    section_defaults: Mapping[str, str] = {}
    upper_case_patterns: bool = False
    variant_keys: Mapping[str, str] = {}
    returned_module: bool = False
    modifier_names: Mapping[str, str] = {}
    conditions: Mapping[str, tuple[str, ...]] = {}
    members_hidden: bool = False
    class_word: str = ""
    made_on_demand: bool = False
    late_words: tuple[str, ...] = ()
    holders_read: bool = False
    paired_values: tuple[str, ...] = ()
    results: Mapping[str, str] = {}
    rest_word: str = ""
    receiver_modifiers: Mapping[str, str] = {}
    arguments_word: str = ""
    number_suffixes: Mapping[str, str] = {}
    byte_strings: tuple[str, ...] = ()


def _blanked(data: Mapping[str, Any], key: str, flags: int = 0) -> re.Pattern[bytes] | None:
    """A regular expression of `[blanks]`; None where the room has none of the name."""
    written = data.get("blanks", {}).get(key, "")
    return re.compile(written.encode(), flags) if written else None


class Macros(NamedTuple):
    """Macros that are replaced by what they make."""

    query: Query
    """Finds their definitions and invocations."""
    word: bytes
    """What stands in each file that defines one."""


def _macros(data: Mapping[str, Any], grammar: Language) -> Macros | None:
    text = query_text(data, "expansions")
    return Macros(Query(grammar, text), data.get("blanks", {}).get("macros", "").encode()) if text else None


class Room:
    """One language, ready for use in this process."""

    def __init__(self, name: str) -> None:
        data = load(name)
        self.name: str = name
        self.grammar: Language = get_language(data["language"]["grammar"])
        self.rules = _rules(data.get("rules", {}))
        text = "\n".join(query_text(data, query) for query in QUERIES)
        self.query = Query(self.grammar, text)
        self.roles: list[Role] = [self._role(text.encode(), number) for number in range(self.query.pattern_count)]
        self.counts = any("count" in role.settings for role in self.roles)
        """Whether patterns depend on how many places of their kind a file has."""
        self._ids = _ids_by_kind(self.grammar)
        self.forms: dict[int, Form] = self._table(data["expressions"])
        self.parameters: dict[int, Form] = self._table(data.get("parameters", {}))
        self.imports: dict[int, Form] = self._table(data.get("imports", {}))
        self.names, self.calling_names, self.received_names = _names(self.forms)
        """Kinds of names; of those that are calls where no variable has the name; of those that a receiver around may have."""
        self.signed_names: frozenset[int] = frozenset(kind for kind, form in self.forms.items() if form.text == "sign")
        """Kinds of names of operators, which blanks may stand in."""
        self.comments: frozenset[int] = frozenset(
            i for kind in data["language"].get("comments", ["comment"]) for i in self._ids.get(kind, ())
        )
        self.conditions = Conditions(self.rules.conditions)
        self.blocks = self._kinds(self.rules.blocks)
        self.loops = self._kinds(self.rules.loops)
        self.straight = self._kinds(self.rules.straight)
        self.paired_values = self._kinds(self.rules.paired_values)
        self.fresh_calls: frozenset[bytes] = frozenset(word.encode() for word in self.rules.fresh_calls)
        self.import_binds: re.Pattern[str] | None = re.compile(self.rules.import_binds) if self.rules.import_binds else None
        self.blanks = Blanks(data.get("blanks", {}))
        self.conditionals: bool = data.get("blanks", {}).get("conditionals", False)
        self.separated: re.Pattern[bytes] | None = _blanked(data, "separated", re.MULTILINE)
        """How members begin that the grammar takes for the rest of the type before them."""
        self.ended: re.Pattern[bytes] | None = _blanked(data, "ended")
        self.predefined: dict[str, int] = data.get("predefined", {})
        """Macros, or words of constraints, that are known without a file."""
        self.macros: Macros | None = _macros(data, self.grammar)
        self.switch: str = data.get("blanks", {}).get("switch", "")
        self.attribute: re.Pattern[bytes] | None = _blanked(data, "attribute")
        """Of an item that is not for every platform; group 1 is its condition."""
        self.chooser: re.Pattern[bytes] | None = _blanked(data, "chooser")
        """A macro that chooses items by such conditions, up to its opening brace."""
        self.constraint: Constraint | None = Constraint(data["constraint"], self.predefined) if "constraint" in data else None
        """Of a file that is not for everyone."""
        self.namespaces: bool = data.get("blanks", {}).get("namespaces", False)
        self.dialects: list[tuple[str, re.Pattern[bytes]]] = [
            (name, re.compile(text.encode(), re.MULTILINE)) for name, text in data["language"].get("dialects", {}).items()
        ]
        self._read_traits(data["traits"], declares_again=data["rules"].get("declares_again", False))
        self.named_arguments: frozenset[int] = frozenset(kind for kind, form in self.forms.items() if form.name == "argument")
        """Kinds of arguments of which some have a name."""
        self.keywords: frozenset[int] = frozenset(
            kind for kind, form in self.forms.items() if form.name in ("keyword", "pair", "block_argument")
        )
        self.receivers: frozenset[int] = frozenset(kind for kind, form in self.forms.items() if form.name == "this")
        self.lists: frozenset[int] = frozenset(kind for kind, form in self.forms.items() if form.name in ("arguments", "type_arguments"))
        self.placeholders: frozenset[int] = frozenset(kind for kind, form in self.forms.items() if form.name == "placeholder")
        self.call_words: frozenset[bytes] = frozenset(
            word.encode()
            for word in (
                self.rules.super_call,
                *self.rules.import_calls,
                *self.rules.run_files,
                self.rules.picking,
                *self.rules.rest_calls,
                *self.rules.text_functions,
            )
            if word
        )

    def _read_traits(self, table: Mapping[str, Any], *, declares_again: bool) -> None:
        """What the linker is told as well."""
        self.overloads: bool = table.get("overloads", False) or table.get("generic_implementations", False)
        self.class_types: frozenset[str] = frozenset(table.get("class_types", ()))
        self.package_scope: bool = table["package_scope"]
        self.types_stay: bool = table["declared_types"] == "strict" and not declares_again

    def _role(self, text: bytes, number: int) -> Role:
        pattern = text[self.query.start_byte_for_pattern(number) : self.query.end_byte_for_pattern(number)].decode()
        settings = {key: value or "" for key, value in self.query.pattern_settings(number).items()}
        for capture in CAPTURE.findall(pattern):
            category, _, detail = capture.partition(".")
            if category in MAIN:
                return Role(capture, category, detail, settings, category in OPENING, "call" if capture == CALL_CAPTURE else category)
        raise ValueError(f"A pattern of the room {self.name!r} has no main capture: {pattern}")

    def _table(self, entries: Mapping[str, Mapping[str, Any]]) -> dict[int, Form]:
        """Forms by grammar id. A kind that the grammar does not know is left out: grammars of several versions share a room."""
        return {kind_id: self._form(form) for kind, form in entries.items() for kind_id in self._ids.get(kind, ())}

    def _kinds(self, kinds: Sequence[str]) -> frozenset[int]:
        return frozenset(kind_id for kind in kinds for kind_id in self._ids.get(kind, ()))

    def _form(self, form: Mapping[str, Any]) -> Form:
        fields = tuple(self.grammar.field_id_for_name(field) or 0 for field in form.get("fields", ()))
        return Form(form["form"], fields, tuple(form.get("children", ())), form.get("text", ""))


def _names(forms: Mapping[int, Form]) -> tuple[frozenset[int], frozenset[int], frozenset[int]]:
    texts = {kind: form.text for kind, form in forms.items() if form.name == "name"}
    calling = frozenset(kind for kind, text in texts.items() if text == "call")
    return frozenset(texts) - calling, calling, frozenset(kind for kind, text in texts.items() if text == "received")


def _ids_by_kind(grammar: Language) -> dict[str, list[int]]:
    """Grammar ids of node kinds (several where the grammar has aliases); words of the grammar such as `this` have one too."""
    found: dict[str, list[int]] = {}
    for kind_id in range(grammar.node_kind_count):
        kind = grammar.node_kind_for_id(kind_id)
        if kind and (grammar.node_kind_is_named(kind_id) or kind.isidentifier()):
            found.setdefault(kind, []).append(kind_id)
    return found


def _rules(table: Mapping[str, Any]) -> Rules:
    return Rules(**_frozen_lists(table))


def _frozen_lists(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _frozen(entry) for key, entry in table.items()}


def _frozen(entry: Any) -> Any:
    if isinstance(entry, list):
        return tuple(_frozen(inner) for inner in entry)
    return {key: _frozen(inner) for key, inner in entry.items()} if isinstance(entry, dict) else entry


@cache
def load(name: str) -> Mapping[str, Any]:
    """Read a room's `language.toml`; a room that extends another one overrides its tables key by key."""
    data = tomllib.loads((LANGUAGES / name / "language.toml").read_text("utf-8"))
    parent = data["language"].get("extends")
    if not parent:
        return {**data, "folders": (name,)}
    base = load(parent)
    merged = {key: {**base.get(key, {}), **data.get(key, {})} for key in (base.keys() | data.keys()) - {"folders"}}
    return {**merged, "folders": (*base["folders"], name)}


def query_text(data: Mapping[str, Any], query: str) -> str:
    """The text of one of the queries, that of the extended room first."""
    paths = (LANGUAGES / folder / f"{query}.scm" for folder in data["folders"])
    return "\n".join(path.read_text("utf-8") for path in paths if path.exists())


@cache
def room(name: str) -> Room:
    """The room of a language, compiled once per process."""
    return Room(name)


@cache
def names() -> tuple[str, ...]:
    """All languages, by folder. A room without extensions is none: others extend it."""
    folders = sorted(path.parent.name for path in LANGUAGES.glob("*/language.toml"))
    return tuple(folder for folder in folders if load(folder)["language"]["extensions"])


@cache
def by_tag() -> Mapping[str, str]:
    """Languages by what names one at a block of code: its own name, an extension without the dot, or one of its `tags`."""
    found: dict[str, str] = {}
    for name in names():
        language = load(name)["language"]
        tags = (name, *(extension.lstrip(".") for extension in language["extensions"]), *language.get("tags", ()))
        found.update(dict.fromkeys(tags, name))
    return found


def tagged(tag: str) -> str:
    """The language that a tag names, or an empty text."""
    return by_tag().get(tag, "")


@cache
def traits(name: str) -> LanguageTraits:
    """What the linker needs to know of a language."""
    data = load(name)
    table = dict(data["traits"])
    protocols = tuple(sorted(table.pop("protocols", {}).items()))
    container_bases = tuple(sorted(table.pop("container_bases", {}).items()))
    reflections = tuple(sorted(table.pop("reflections", {}).items()))
    return LanguageTraits(
        name=name,
        extensions=tuple(data["language"]["extensions"]),
        protocols=protocols,
        container_bases=container_bases,
        reflections=reflections,
        **_library(data["folders"]),
        **_frozen_tables(table),
    )


def _frozen_tables(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(entry.items()) if isinstance(entry, dict) else entry for key, entry in _frozen_lists(table).items()}


def _library(folders: Sequence[str]) -> dict[str, Any]:
    """What the rooms' `library.toml` say; builtins are named by their package."""
    read = [tomllib.loads(path.read_text("utf-8")) for folder in folders if (path := LANGUAGES / folder / "library.toml").exists()]
    package = next((data["package"] for data in reversed(read) if "package" in data), "")
    builtins = frozenset(name for data in read for name in data.get("builtins", ()))
    tables: dict[str, dict[str, tuple[str, ...]]] = {}
    for data in read:
        for table in LIBRARY_TABLES & data.keys():
            tables.setdefault(table, {}).update(
                {f"{package}.{key}" if table == "functions" and _head(key) in builtins else key: tuple(e) for key, e in data[table].items()}
            )
    library = tuple((table, tuple(entries.items())) for table, entries in sorted(tables.items()))
    known = tuple(dict.fromkeys(name for data in read for name in data.get("types", ())))
    types = "\n".join(path.read_text("utf-8") for folder in folders if (path := LANGUAGES / folder / "types.txt").exists())
    return {
        "builtins_package": package,
        "builtins": builtins,
        "builtin_classes": frozenset(name for data in read for name in data.get("classes", ())),
        "builtin_types": known,
        "library": library,
        "types": types,
    }


def _head(name: str) -> str:
    return name.partition(".")[0]
