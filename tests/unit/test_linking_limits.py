"""Programs that are made to hurt: each is linked to its end, in time and memory that grow no faster than it does."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest

from aelus.adapters.treesitter import Limits, TreesitterParser
from aelus.domain.graph import EdgeKind
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.ports.parser import ParseRequest

PARSER = TreesitterParser(jobs=0, limits=Limits(file_time_s=60))
LINKS = range(1, 1_000)
METHODS = 1_000
ASSIGNED = 5_000
DOUBLED = range(1, 60)

CHAINS: dict[str, dict[str, str]] = {
    "wildcard imports": {
        **{f"m{number - 1}.py": f"from m{number} import *\n" for number in LINKS},
        "m999.py": "def f(): pass\n",
        "main.py": "from m0 import f\nf()\n",
    },
    "imports of one name": {
        **{f"m{number - 1}.py": f"from m{number} import f\n" for number in LINKS},
        "m999.py": "def f(): pass\n",
        "main.py": "from m0 import f\nf()\n",
    },
    "exports of everything": {
        **{f"m{number - 1}.ts": f'export * from "./m{number}";\n' for number in LINKS},
        "m999.ts": "export function f() {}\n",
        "main.ts": 'import { f } from "./m0";\nf();\n',
    },
    "modules in one file": {
        "src/lib.rs": "".join(f"pub mod m{number - 1} {{ pub use super::m{number}::*; }}\n" for number in LINKS)
        + "pub mod m999 { pub fn f() {} }\nfn g() { m0::f(); }\n"
    },
    "included files": {
        **{f"m{number - 1}.h": f'#include "m{number}.h"\n' for number in LINKS},
        "m999.h": "void f() {}\n",
        "main.cpp": '#include "m0.h"\nint main() { f(); }\n',
    },
}
METHOD_FORMS = {
    "a.py": ("class C:\n", "  def m{0}(self): self.m{1}()\n", ""),
    "a.ts": ("class C {{\n", "  m{0}() {{ this.m{1}(); }}\n", "}}\n"),
    "C.java": ("class C {{\n", "  void m{0}() {{ m{1}(); }}\n", "}}\n"),
    "a.go": ("package a\ntype C struct{{}}\n", "func (c *C) m{0}() {{ c.m{1}() }}\n", ""),
    "a.cpp": ("class C {{\n", "  void m{0}() {{ m{1}(); }}\n", "}};\n"),
    "a.php": ("<?php\nclass C {{\n", "  function m{0}() {{ $this->m{1}(); }}\n", "}}\n"),
}
CIRCLES = {
    "a.py": "class C{0}(C{1}):\n  def m(self): self.m()\n",
    "C.java": "class C{0} extends C{1} {{ void m() {{ this.m(); }} }}\n",
    "a.ts": "class C{0} extends C{1} {{ m() {{ this.m(); }} }}\n",
    "a.go": "package a\ntype C{0} struct {{ C{1} }}\nfunc (c C{0}) m() {{ c.m() }}\n",
}
NESTED = range(1, 1_500)
NESTINGS = {
    "a.py": "A0 = int\n" + "".join(f"A{number} = list[A{number - 1}]\n" for number in NESTED) + "x: A1499\nx[0]()\ndef f(): f()\n",
    "a.ts": "type A0 = Q;\n"
    + "".join(f"type A{number} = A{number - 1}[];\n" for number in NESTED)
    + "let x: A1499;\nx[0]();\nfunction f() { f(); }\n",
    "a.go": "package a\ntype A0 func()\n"
    + "".join(f"type A{number} []A{number - 1}\n" for number in NESTED)
    + "func g(x A1499) { x[0][0]() }\nfunc f() { f() }\n",
    "a.rs": "type A0 = Q;\n"
    + "".join(f"type A{number} = Vec<A{number - 1}>;\n" for number in NESTED)
    + "fn g(x: A1499) { x[0].m(); }\nfn f() { f(); }\n",
    "a.cpp": "using A0 = int;\n"
    + "".join(f"using A{number} = V<A{number - 1}>;\n" for number in NESTED)
    + "void g(A1499 x) { x.m(); }\nvoid f() { f(); }\n",
    "C.java": "class C { Runnable" + "[]\n" * 1_500 + " x; void g() { x[0].run(); } void f() { f(); } }\n",
    "C.cs": "class C { System.Action" + "[]\n" * 1_500 + " x; void G() { x[0].Invoke(); } void F() { F(); } }\n",
}
DOUBLINGS = {
    "a.ts": "class Q { m() {} }\ntype T0 = Map<Q, Q>;\n"
    + "".join(f"type T{n} = Map<T{n - 1}, T{n - 1}>;\n" for n in DOUBLED)
    + "let v: T59; v.get(1);\n",
    "C.java": "class P<A,B> { A a; A get() { return a; } }\nclass T0<X> extends P<X,X> {}\n"
    + "".join(f"class T{n}<X> extends P<T{n - 1}<X>,T{n - 1}<X>> {{}}\n" for n in DOUBLED)
    + "class M { void r(T59<M> v) { v.get().get(); } }\n",
    "a.cpp": "template<class A, class B> struct P { A a; A get() { return a; } };\nstruct Q {};\nusing T0 = P<Q,Q>;\n"
    + "".join(f"using T{n} = P<T{n - 1},T{n - 1}>;\n" for n in DOUBLED)
    + "void r(T59 v) { v.get().get(); }\n",
}


def linked(files: Mapping[str, str]) -> LinkedGraph:
    units = []
    for path, source in files.items():
        facts = PARSER.parse_one(ParseRequest(path=path, language=PARSER.language_of(path), source=source.encode())).facts
        assert facts is not None
        units.append(SourceUnit(path, facts, ""))
    return link(units, traits=PARSER.traits(), manifests={})


def calls(graph: LinkedGraph) -> int:
    return sum(edge.kind is EdgeKind.CALLS for file in graph.files.values() for edge in file.edges)


@pytest.mark.parametrize("shape", CHAINS)
def test_a_name_is_followed_a_bounded_number_of_steps(shape: str) -> None:
    assert linked(CHAINS[shape]).truncated


@pytest.mark.parametrize("path", METHOD_FORMS)
def test_every_method_of_a_large_class_is_linked(path: str) -> None:
    head, method, end = METHOD_FORMS[path]
    body = "".join(method.format(number, number * 7 % METHODS) for number in range(METHODS))
    assert calls(linked({path: head.format() + body + end.format()})) == METHODS


@pytest.mark.parametrize("path", CIRCLES)
def test_a_large_circle_of_classes_is_linked(path: str) -> None:
    count = 100
    head, _, form = CIRCLES[path].rpartition("package a\n")
    source = head + ("package a\n" if head or "package" in CIRCLES[path] else "")
    source += "".join(form.format(number, (number + 1) % count) for number in range(count))
    assert calls(linked({path: source})) >= count


@pytest.mark.parametrize("path", NESTINGS)
def test_types_deep_inside_each_other_are_linked(path: str) -> None:
    assert calls(linked({path: NESTINGS[path]})) >= 1


@pytest.mark.parametrize("path", DOUBLINGS)
def test_a_type_that_doubles_again_and_again_is_linked(path: str) -> None:
    assert len(linked({path: DOUBLINGS[path]}).files[path].nodes) > len(DOUBLED)


def test_types_that_are_given_for_each_other_are_linked() -> None:
    source = """
    template<class T> struct A;
    template<class U> struct B { A<U> a; U u; };
    template<class T> struct A { B<T> b; T t; void f() { t.go(); } };
    struct C { void go() {} };
    A<C> c;
    """
    assert calls(linked({"a.cpp": source})) == 1


def test_a_name_that_is_assigned_very_often_is_linked() -> None:
    functions = "".join(f"def f{number}(): pass\n" for number in range(100))
    assert linked({"a.py": functions + "".join(f"x = f{number % 100}\n" for number in range(ASSIGNED)) + "x()\n"}).truncated


def test_a_large_table_of_functions_is_linked() -> None:
    functions = "".join(f"def f{number}(): pass\n" for number in range(METHODS))
    table = "T = {" + ",".join(f'"k{number}": f{number}' for number in range(METHODS)) + "}\n"
    graph = linked({"a.py": functions + table + "def g(k): T[k]()\n"})
    assert (graph.truncated, graph.given_up) == (True, (("a.py", 1),))


def test_a_function_that_is_made_of_itself_is_linked() -> None:
    source = "from functools import partial\ndef f(*a): pass\n" + "f = partial(f, 1)\n" * 3 + "f()\n"
    assert not linked({"a.py": source}).truncated


@pytest.mark.parametrize("end", ["step = call(call)\nstep = step(step)\nstep(1)\n", "step = partial(call, step)\n" * 5 + "step(step)\n"])
def test_functions_that_call_what_gives_them_with_an_argument_are_linked(end: str) -> None:
    function = "def call(f, x=None):\n    if x is None: return partial(call, f)\n    return f(x)\n"
    assert not linked({"a.py": f"from functools import partial\n{function}{end}"}).truncated


def test_calls_of_what_very_many_classes_implement_are_linked_in_bounds() -> None:
    classes = "".join(f"class C{number} implements I {{ public void m() {{ }} void n(I i) {{ i.m(); }} }}\n" for number in range(METHODS))
    graph = linked({"I.java": "interface I { void m(); }\n" + classes})
    dispatched = sum(1 for edge in graph.files["I.java"].edges if edge.kind is EdgeKind.DISPATCHES)
    assert graph.truncated
    assert 20_000 < dispatched < 80_000


def test_conversions_in_types_of_very_many_aliases_are_looked_at_once() -> None:
    aliases = "".join(f"type A{number}<T> = A{number + 1}<T>;\n" for number in range(60)) + "type A60<T> = Option<T>;\n"
    wanted = "A0<" * 6 + "M" + ">" * 6
    source = f"{aliases}struct M; struct F;\nimpl From<F> for M {{ fn from(f: F) -> M {{ M }} }}\n"
    given = "Some(" * 6 + "f.into()" + ")" * 6
    graph = linked({"src/lib.rs": f"{source}fn g(f: F) -> {wanted} {{ {given} }}\n"})
    assert any(edge.kind is EdgeKind.CALLS and edge.line == 64 for edge in graph.files["src/lib.rs"].edges)


def test_items_that_are_chosen_inside_each_other_are_read() -> None:
    nested = "cfg_if! { if #[cfg(unix)] { " * METHODS + "fn f() {}" + " } }" * METHODS
    assert linked({"src/lib.rs": f"{nested}\nfn g() {{ f(); }}\n"}).files


def test_functions_that_pass_the_class_to_extend_in_circles_are_looked_at_once() -> None:
    calls = "".join(f"m{number}(B);\n" for number in range(30))
    makers = "".join(f"function m{number}(B) {{ class C extends B {{ x() {{}} }}\n{calls}return C; }}\n" for number in range(30))
    assert linked({"a.js": f"{makers}class A {{}}\nm0(A);\n"}).files


def test_arguments_that_are_doubled_by_each_constructor_are_bounded() -> None:
    spread = ", ".join(["*a"] * 10)
    classes = "".join(
        f"class C{number}(C{number - 1}):\n    def __init__(self, *a):\n        super().__init__({spread})\n" for number in range(1, 8)
    )
    first = "class C0:\n    def __init__(self, f, *a):\n        self.f = f\n"
    assert linked({"a.py": f"{first}{classes}x = C7({', '.join(['print'] * 10)})\nx.f()\n"}).files


def test_very_many_registrations_by_name_are_linked_in_bounds() -> None:
    stores = "".join(f"  t{number}[name] = f\n" for number in range(200))
    tables = "".join(f"t{number} = {{}}\n" for number in range(200))
    registered = "".join(f"register('k{number}', g)\n" for number in range(METHODS))
    source = f"{tables}def register(name, f):\n{stores}def g(): pass\n{registered}t0['k7']()\n"
    assert calls(linked({"a.py": source})) == METHODS + 1


def test_a_generic_function_of_doubled_alternatives_is_linked_in_bounds() -> None:
    made = "".join(f"@show.register\ndef f{number}(x: int): pass\n" for number in range(60))
    doubled = "".join(f"a{number} = a{number - 1} or a{number - 1} or 1\n" for number in range(1, 60))
    source = f"from functools import singledispatch\n@singledispatch\ndef show(x): pass\n{made}a0 = 1\n{doubled}"
    assert calls(linked({"a.py": source + "".join(f"show(a{number})\n" for number in range(60))})) > 0


def test_a_long_value_that_is_stored_under_several_names_is_linked() -> None:
    long = ", ".join(f"f({number})" for number in range(METHODS))
    source = f"def f(x): pass\nclass A: pass\nfor n in ('a', 'b'):\n  setattr(A, n, [[{long}], [{long}]])\n"
    assert calls(linked({"a.py": source})) > 0


def test_a_text_that_takes_very_many_values_is_read_to_its_bound() -> None:
    places = "%s" * METHODS
    source = f"class A:\n  def __str__(self): return ''\na = A()\n'{places}' % (a, a)\n'{places[:200]}' % ({'a, ' * 100})\n"
    assert calls(linked({"a.py": source})) > 0


def test_what_very_many_classes_implement_of_the_library_is_left_to_it() -> None:
    classes = "".join(f"class R{number} implements Runnable {{ public void run() {{}} }}\n" for number in range(METHODS))
    calls = "".join(f"  void m{number}(Runnable r) {{ r.run(); new Thread(r).start(); }}\n" for number in range(METHODS))
    graph = linked({"A.java": classes + f"class A {{\n{calls}}}\n"})
    assert not any(edge.kind is EdgeKind.DISPATCHES for edge in graph.files["A.java"].edges)


def test_constructions_that_are_given_to_each_other_are_linked() -> None:
    boxes = "new Box<>(" * 200 + "x" + ")" * 200
    box = "class Box<T> { T t; Box(T t) { this.t = t; } T get() { return t; } }\n"
    graph = linked({"A.java": f"{box}class A {{ void m(A x) {{ {boxes}.get(); }} }}\n"})
    assert any(edge.kind is EdgeKind.CALLS for edge in graph.files["A.java"].edges)


def test_loops_over_literals_that_yield_literals_are_linked() -> None:
    literals = ", ".join("{ [Symbol.iterator]() { return this; }, next() { return { value: all[k] }; } }" for _ in range(8))
    loops = "".join(f"const x{number} = all[k];\nfor (const y of x{number}) for (const z of y) z.next();\n" for number in range(200))
    graph = linked({"a.js": f"const all = [{literals}];\nlet k;\n{loops}"})
    assert sum(edge.kind is EdgeKind.CALLS for edge in graph.files["a.js"].edges) > 200


def test_loops_over_iterators_that_yield_iterators_are_linked() -> None:
    classes = "".join(f"class C{number} {{ next() {{ return all[k]; }} }}\n" for number in range(8))
    instances = ", ".join(f"new C{number}()" for number in range(8))
    loops = "".join(f"const x{number} = all[k][k][k];\nfor (const y of x{number}) y.next();\n" for number in range(50))
    graph = linked({"a.js": f"{classes}const all = [{instances}];\nlet k;\n{loops}"})
    assert sum(edge.kind is EdgeKind.INSTANTIATES for edge in graph.files["a.js"].edges) == 8


def test_braces_inside_each_other_for_a_type_that_many_files_have_are_linked() -> None:
    types = {f"h{number}/t.h": "struct t { int (*f)(void); struct t *a; struct t *b; };\n" for number in range(30)}
    source = (
        "static int g(void) { return 0; }\nstruct t x = " + "{ g, " * 60 + "0" + " }" * 60 + ";\nint h(struct t *y) { return y->f(); }\n"
    )
    assert calls(linked({**types, "a.c": '#include "h0/t.h"\n' + source})) >= 1


def test_functions_that_move_through_very_many_arrays_are_linked() -> None:
    moved = "".join(f"static F *a{n};\nvoid m{n}(int i) {{ a{n}[i++] = a{n - 1}[i]; }}\n" for n in range(1, 1_500))
    source = "typedef int (*F)(void);\nint g(void) { return 0; }\nstatic F *a0;\nvoid s(int i) { a0[i] = g; }\n"
    assert calls(linked({"a.c": f"{source}{moved}int h(int i) {{ return a1[i](); }}\n"})) == 1


def test_types_that_stand_for_each_other_in_a_circle_are_linked() -> None:
    circle = [(number, number % 999 + 1) for number in LINKS]
    types = "".join(f"pub struct S{a};\nimpl Deref for S{a} {{ fn deref(&self) -> &S{b} {{ loop {{}} }} }}\n" for a, b in circle)
    graph = linked({"src/lib.rs": types + "fn f(s: S1) { s[1..].go(); s[..2].len(); s.go(); }\n"})
    assert calls(graph) == 0


def test_what_very_many_types_have_of_an_interface_from_elsewhere_is_left_to_it() -> None:
    types = "".join(f'type E{number} struct{{}}\nfunc (E{number}) Error() string {{ return "" }}\n' for number in range(65))
    graph = linked({"a.go": f"package a\n{types}func f(err error) string {{ return err.Error() }}\n"})
    assert not any(edge.kind is EdgeKind.DISPATCHES for edge in graph.files["a.go"].edges)


def test_lambdas_inside_each_other_look_at_few_receivers() -> None:
    types = "".join(f"class C{n} {{ fun f{n}(b: C{n + 1}.() -> Unit) {{}}; fun go() {{}} }}\n" for n in range(40))
    nested = "".join(f"f{n} {{ go(); " for n in range(40)) + "}" * 40
    graph = linked({"a.kt": f"{types}class C40 {{ fun go() {{}} }}\nfun m(c: C0) {{ c.{nested} }}\n"})
    assert calls(graph) >= 40


def test_a_class_with_very_many_modules_in_front_of_it_keeps_its_own_order() -> None:
    modules = "".join(f"module M{number}\n  def m; super; end\nend\n" for number in range(300))
    prepended = "".join(f"  prepend M{number}\n" for number in range(300))
    graph = linked({"a.rb": f"{modules}class C\n{prepended}  def m; end\nend\nC.new.m\n"})
    nodes = {node.id: node.qualified_name for node in graph.files["a.rb"].nodes}
    called = [nodes.get(edge.dst) for edge in graph.files["a.rb"].edges if edge.kind is EdgeKind.CALLS and edge.line > 4 * 300]
    assert called == ["C#m"]


def test_a_very_long_chain_of_classes_is_linked_in_time() -> None:
    classes = "".join(f"class C{number} extends C{number - 1} implements I {{ m() {{ super.m(); }} }}\n" for number in range(1, 3_000))
    began = time.process_time()
    graph = linked({"a.ts": f"interface I {{ m(): void }}\nclass C0 implements I {{ m() {{}} }}\n{classes}"})
    assert calls(graph) == 2_999
    assert time.process_time() - began < 8


def test_functions_that_are_converted_very_often_reach_their_methods_receiver() -> None:
    functions = "".join(f"func g{number}() {{}}\nfunc h{number}() {{ F(g{number}).Do() }}\n" for number in range(500))
    graph = linked({"a.go": f"package a\ntype F func()\nfunc (f F) Do() {{ f() }}\n{functions}"})
    assert calls(graph) >= 500


def test_constants_without_a_type_in_a_very_long_group_have_that_of_the_first() -> None:
    names = "\n".join(f"C{number}" for number in range(3_000))
    graph = linked({"a.go": f"package a\ntype T int\nfunc (T) Do() {{}}\nconst (\nA T = iota\n{names}\n)\nfunc f() {{ C2999.Do() }}\n"})
    assert calls(graph) == 1


def test_classes_that_convert_into_each_other_in_a_circle_are_linked() -> None:
    circle = [(number, number % 999 + 1) for number in LINKS]
    classes = "".join(f"struct C{a} {{ operator C{b}() const; C{a}& operator=(const C{a}&); }};\n" for a, b in circle)
    body = "".join(f"  c{b} = c{a}; c{a} = c{a};\n" for a, b in circle)
    variables = "".join(f"extern C{a} c{a};\n" for a, _ in circle)
    graph = linked({"a.cpp": f"{''.join(f'struct C{a};' for a, _ in circle)}\n{classes}{variables}void f() {{\n{body}}}\n"})
    assert calls(graph) >= len(circle)


def test_a_namespace_that_very_many_files_add_to_is_one() -> None:
    files = {f"a{number}.h": f"namespace a {{ namespace b {{ void f{number}() {{}} }} }}\n" for number in LINKS}
    graph = linked({**files, "main.cpp": "namespace a { void g() { b::f7(); } }\nvoid h() { a::b::f9(); }\n"})
    assert calls(graph) == 2


def test_names_that_macros_paste_very_often_are_linked() -> None:
    functions = "".join(f"void run_{number}(void) {{}}\n" for number in LINKS)
    uses = "".join(f"  RUN({number});\n" for number in LINKS)
    graph = linked({"a.c": f"#define RUN(n) run_##n()\n{functions}void f(void) {{\n{uses}}}\n"})
    assert calls(graph) >= len(LINKS)


def test_literals_that_inherit_from_each_other_in_every_order_are_linked() -> None:
    literals = "".join(f"const a{number} = {{ __proto__: next() }};\n" for number in range(12))
    stores = "".join(f"if (k == {number}) u = a{number};\n" for number in range(12))
    reader = "const g = { get x() { return f(); } };\nfunction f() {}\n"
    graph = linked({"a.js": f"let u;\n{reader}function next() {{ return u; }}\n{literals}function set(k) {{\n{stores}}}\nu.x;\nf();\n"})
    assert calls(graph) >= 1


@pytest.mark.parametrize("body", ["[super.x]() {}, k() {}", "[super[super.y].x]() { super.z(); }", "get [super.x]() {}"])
def test_the_name_of_a_method_may_ask_for_a_base(body: str) -> None:
    literals = f"const o = {{ {body} }};\nfunction m() {{ return {{ {body} }}; }}\n"
    assert calls(linked({"a.js": f"{literals}const p = {{ __proto__: {{ x() {{}} }}, m() {{ super.x(); }} }};\n"})) == 1


def test_operators_that_convert_in_a_circle_are_linked() -> None:
    circle = [(number, number % 499 + 1) for number in range(1, 500)]
    classes = "".join(f"class C{a} {{ public static implicit operator C{b}(C{a} x) => null; }}\n" for a, b in circle)
    body = "".join(f"C{b} v{a} = new C{a}();\n" for a, b in circle)
    graph = linked({"a.cs": f"{classes}class M {{ void F() {{\n{body}}} }}\n"})
    assert calls(graph) >= len(circle)


def test_functions_that_return_calls_of_each_other_are_asked_once() -> None:
    returned = "".join(f"if (b) return l{number}(); " for number in range(30))
    functions = "".join(f"var l{number} = () => {{ {returned}return l0(); }};\n" for number in range(30))
    taken = "static void F(System.Action a) {} static void F(System.Func<int> a) {}\n"
    graph = linked({"a.cs": f"class C {{ {taken}static void Go(bool b) {{\n{functions}F(l0); }} }}\n"})
    assert calls(graph) > 30 * 30


def test_types_that_are_alternatives_of_each_other_are_looked_at_once() -> None:
    names = " | ".join(f"T{number}" for number in range(80))
    types = "".join(f"type T{number} = {names};\n" for number in range(80))
    graph = linked({"a.ts": f"{types}interface I {{ f: T0 }}\nfunction g() {{}}\nconst i: I = {{ f: g }};\ni.f();\n"})
    assert graph.files


def test_receivers_of_very_many_declared_types_call_the_methods_of_all() -> None:
    classes = "".join(f"class C{number}:\n  def m(self): pass\n" for number in range(180))
    union = ", ".join(f"C{number}" for number in range(180))
    functions = "".join(f"def f{number}(a: A): a.m()\n" for number in range(180))
    began = time.process_time()
    assert calls(linked({"a.py": f"from typing import Union\n{classes}A = Union[{union}]\n{functions}"})) == 180 * 180
    assert time.process_time() - began < 3.5


def test_a_type_variable_that_is_bound_very_often_is_looked_at_once() -> None:
    classes = "".join(f"class A{number}(Generic[T]): pass\n" for number in range(5_000))
    began = time.process_time()
    assert linked({"a.py": "from typing import Generic\n" + "T = g()\n" * 5_000 + classes}).files
    assert time.process_time() - began < 4


def test_names_tell_a_bounded_part_of_what_is_around() -> None:
    inner = "".join(f"function f{number}() {{}}\n" for number in range(METHODS))
    graph = linked({"a.js": f"const t = {{ {'k' * 50_000}: () => {{\n{inner}}} }};\n"})
    assert sum(len(node.qualified_name) for file in graph.files.values() for node in file.nodes) < METHODS * 2_000
