"""What the linker has to know of a language, as its room states it: data, so that no rule of the linker names a language."""

from __future__ import annotations

from typing import NamedTuple


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
    module_tables: tuple[str, ...] = ()
    """Names of the variable for the table that a file returns which say no more: what lies in it is named by the module."""
    text_type: str = ""
    """Name of the builtin type that constants are of whose members are named."""
    reflections: tuple[tuple[str, str], ...] = ()
    """Methods of an operator (as `operators` name them) → method of the right operand, which is asked where the left one has none."""
    refusal: str = ""
    """Name that a method returns which leaves an operator to the other operand."""
    keyed_stores: bool = False
    """Whether a function that puts what it is given under a name that it is given is followed call by call."""
    literal_instances: bool = False
    """Whether literals that give fields their values make all instances: no constructor runs."""
    name_member: str = ""
    """Member of functions and classes that is their name."""
    defaults_wait: bool = False
    """Whether a default counts only where some call may leave it to itself."""
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
    number_operators: tuple[str, ...] = ()
    """Methods of operators that yield numbers: members with names are under none of these keys."""
    blocks_run: bool = False
    """Whether a method of which nothing is known runs the block that it is given."""
    implicit_parameter: str = ""
    """Name of the only parameter of a function that writes none."""
    extends_any: bool = False
    """Whether what the library says of any value is so of those, too, of which nothing is known."""
    explicit_receiver: bool = False
    """Whether methods list their receiver as the first parameter."""
    changed_receiver: str = ""
    """How a receiver is written that its method may change, where methods list it."""
    protocols: tuple[tuple[str, str], ...] = ()
    """Method that an operation calls → its name in the language: `call`, `iterate`, `next`, `iterate_end`, `enter`, `exit`, `index`,
    `store_index`, `delete_index`, `dereference` and `dereference_changing` (of an instance that stands for another one),
    `get` and `set` (of a descriptor), `places` (names of what instances have, in order); those of asynchronous forms begin with `async_`.
    `m of I`: the method that implements one of the interface."""
    member_separator: str = ""
    """Between a class and its members in a qualified name, where it is another one."""
    callable_constants: bool = False
    """Whether functions can be named by constants: `"f"`, `"C::m"`, `[object, "m"]`."""
    enclosing_packages: str = ""
    """Which other packages' names files see too: `all` those around their own, down to the one without a name, or
    that alone (`root`)."""
    partial_types: str = ""
    """Modifier of types that are declared in parts, in one package; `all` where any may be, `scope` where any may be in one scope."""
    any_case: bool = False
    """Whether functions, methods and classes may be named in another case than they are declared in."""
    arities: bool = False
    """Whether types of one name that take different numbers of type arguments are different ones."""
    mapping_types: tuple[str, ...] = ()
    """Last names of generic types whose last argument is that of their values; others hold one element for each argument."""
    wider_types: tuple[tuple[str, str], ...] = ()
    """Generic type of containers → those that it is as well, whose extensions it has; `[]` and `{}` are what is made without a type."""
    keeps_keys: bool = False
    """Whether the keys of mappings are values of the program, which are kept beside what is there."""
    class_types: tuple[str, ...] = ()
    """Last names of generic types that hold the class that is their argument, not its instances."""
    parameter_bases: tuple[str, ...] = ()
    """Names of bases whose arguments are all the type parameters of a class: `Generic[T]`."""
    type_copies: tuple[str, ...] = ()
    """Names of functions that make a new name for the type which is their second argument."""
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
    enum_members: tuple[tuple[str, str], ...] = ()
    """What every enum has → the library's type that states it."""
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
    pair_members: tuple[str, ...] = ()
    """Members of what a loop over a mapping yields, by position: `Key` and `Value`."""
    element_views: tuple[str, ...] = ()
    """Members of a mapping that are all its elements."""
    member_types: tuple[str, ...] = ()
    """Types of mappings whose elements are members, where other ones have methods alone; all where it is empty."""
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
    text_methods: tuple[str, ...] = ()
    """Methods of the library that return a text of the first of these types, whatever they are called on."""
    text_types: tuple[str, ...] = ()
    """Types of texts in the library, as they are written."""
    same_methods: tuple[str, ...] = ()
    """Methods of the library that return one of the type that they are called on."""
    element_methods: tuple[str, ...] = ()
    """Methods of containers of the library that return an element."""
    own_constructors: bool = False
    """Whether a class has only the constructors that it declares itself."""
    implied_super: bool = False
    """Whether a constructor that calls no other one first runs that of the base class."""
    conversion_operator: str = ""
    """Name of the methods that make a value of one type of one of another where that is asked for."""
    reference_words: tuple[str, ...] = ()
    """Words before parameters that are variables of the caller, which says so too."""
    late_word: str = ""
    """Word for the class that a method is called on, whichever class declares the method."""
    member_constants: bool = False
    """Whether a constant that is given as a function is the method of that name, of what this is called with."""
    mixed_in: bool = False
    """Whether a trait is a part of each class that names it as a base, whose members its own methods have."""
    undeclared_methods: bool = False
    """Whether a class may call a method on itself that only classes have which extend it."""
    classes_delegate: bool = False
    """Whether a class may leave what an interface asks for to another object, to which it passes the calls on."""
    interfaces_first: bool = False
    """Whether what a class implements stands before it where members are looked up."""
    reference_mark: str = ""
    """Mark before parameters that are variables of the caller, which does not say so."""
    foreign_files: tuple[str, ...] = ()
    """Last words of the names of files that are for other platforms, behind `_`."""
    ignored_files: tuple[str, ...] = ()
    """Beginnings of the names of files that are no part of their package."""
    results_spread: bool = False
    """Whether the several results of a call that is the only argument of another one are the arguments of that."""
    calls_convert: bool = False
    """Whether calling a type makes its argument an instance of it."""
    streams: tuple[str, ...] = ()
    """Generic types whose elements are what a loop with one variable yields, where those of other containers are keys."""
    interface_dispatch: bool = False
    """Whether only members of interfaces are chosen at run time: a type that embeds another one does not override it."""
    stand_ins: bool = False
    """Whether what is abstract is not called where members are known that run in its place."""
    interface_bases: tuple[str, ...] = ()
    """Bases from elsewhere of classes that only ask for members, which any class may have."""
    memberless_types: tuple[str, ...] = ()
    """Types of the library that have no members of their own: of what is declared to be one, only the program knows what it has."""
    open_types: tuple[str, ...] = ()
    """Types of the library whose instances have the members that the program gives to any of them."""
    followed_types: tuple[str, ...] = ()
    """Types of the library that say nothing of the values they are declared for."""
    builtins_package: str = ""
    """Package that names known without import belong to."""
    builtins: frozenset[str] = frozenset()
    """Names known without import."""
    builtin_classes: frozenset[str] = frozenset()
    """Classes known without import that belong to no package."""
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
    value_member: str = ""
    """Member of a plain value that may be missing which is the value itself."""
    no_result: str = ""
    """Word for the result of functions that return nothing, where this tells apart what functions can be given for."""
    null_type: str = ""
    """Type of the literal that is no object."""
    joined_types: tuple[str, ...] = ()
    """Types of literals that are objects: what is added to one is one again."""
    promoted_type: str = ""
    """Smallest type that arithmetic makes."""
    boxes: tuple[tuple[str, str], ...] = ()
    """Type of a plain value → that of the object it can be put into."""
    constant_ranges: tuple[tuple[str, str], ...] = ()
    """Number type → the least and the largest constant that is taken as one of it beside a value of it."""
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
    """What functions and methods outside of the repository do with values, see `linking.library.tables`: table → name → effects."""
