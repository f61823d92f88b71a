from __future__ import annotations

import random
from pathlib import Path

from aelus.domain import facts as f
from aelus.domain.graph import CONFIDENCE, EdgeKind, Origin
from aelus.domain.linking import LinkedGraph, SourceUnit, link
from aelus.entrypoints.container import open_parsing
from aelus.entrypoints.settings import load_settings
from facts_builder import TRAITS, FactsBuilder


def linked(**files: FactsBuilder) -> LinkedGraph:
    units = [SourceUnit(f"{name}.t", builder.facts(), "") for name, builder in files.items()]
    return link(units, traits={"test": TRAITS}, manifests={})


def targets(graph: LinkedGraph, kind: EdgeKind) -> list[str]:
    names = {node.id: node.qualified_name for file in graph.files.values() for node in file.nodes}
    return sorted(names[edge.dst] for file in graph.files.values() for edge in file.edges if edge.kind is kind)


def test_classes_that_inherit_from_each_other_still_end() -> None:
    builder = FactsBuilder()
    one, other = builder.local("One"), builder.local("Other")
    first = builder.define("Class", "One", bases=(other,))
    builder.define("Class", "Other", bases=(one,))
    builder.define("Method", "run", parent=first, parameters=("self",))
    builder.call(builder.expression(f.MEMBER, "run", (builder.call(other),)))
    assert targets(linked(m=builder), EdgeKind.CALLS) == ["m.One.run"]


def test_a_chain_of_ten_thousand_classes_is_linked() -> None:
    builder = FactsBuilder()
    for number in range(10_000):
        builder.define("Class", f"C{number}", bases=(builder.local(f"C{number - 1}"),) if number else ())
    assert len(targets(linked(m=builder), EdgeKind.INHERITS)) == 9_999


def test_a_class_of_fifty_thousand_methods_is_linked() -> None:
    builder = FactsBuilder()
    owner = builder.define("Class", "Big")
    for number in range(50_000):
        builder.define("Method", f"m{number}", parent=owner, parameters=("self",))
    builder.call(builder.expression(f.MEMBER, "m49999", (builder.call(builder.local("Big")),)))
    assert targets(linked(m=builder), EdgeKind.CALLS) == ["m.Big.m49999"]


def test_a_name_that_can_hold_too_much_links_nothing_and_the_answer_says_so() -> None:
    builder = FactsBuilder()
    handler = builder.local("handler")
    for number in range(100):
        builder.define("Function", f"f{number}")
        builder.flows.append(f.Flow(handler, builder.local(f"f{number}")))
    builder.call(handler)
    graph = linked(m=builder)
    assert graph.truncated
    assert targets(graph, EdgeKind.CALLS) == []


def test_the_order_in_which_files_arrive_does_not_matter() -> None:
    files = {}
    for number in range(20):
        builder = files[f"m{number}"] = FactsBuilder()
        builder.define("Function", "run")
        builder.imports.append(f.Import(builder.local("other"), f"m{(number + 1) % 20}", "run", 1, -1, ()))
        builder.call(builder.local("other"))
    names = list(files)
    random.Random(1).shuffle(names)
    assert linked(**{name: files[name] for name in names}) == linked(**files)


def test_every_edge_ends_in_nodes_of_the_graph() -> None:
    builder = FactsBuilder()
    builder.define("Function", "run")
    builder.imports.append(f.Import(builder.local("thing"), "elsewhere.part", "thing", 1, -1, ()))
    builder.call(builder.expression(f.MEMBER, "make", (builder.local("thing"),)))
    graph = linked(m=builder)
    ids = {node.id for file in graph.files.values() for node in file.nodes}
    edges = [edge for file in graph.files.values() for edge in file.edges]
    assert targets(graph, EdgeKind.CALLS) == ["elsewhere.part.thing.make"]
    assert all(edge.src in ids and edge.dst in ids for edge in edges)


def test_a_callback_reaches_the_call_in_another_file() -> None:
    library, program = FactsBuilder(), FactsBuilder()
    apply = library.define("Function", "apply", parameters=("callback",))
    library.call(library.local("callback", library.definitions[apply].body), caller=apply)
    program.define("Function", "mine")
    program.imports.append(f.Import(program.local("apply"), "library", "apply", 1, -1, ()))
    program.call(program.local("apply"), program.local("mine"))
    assert targets(linked(library=library, program=program), EdgeKind.CALLS) == ["library.apply", "program.mine"]


def test_an_inferred_callee_among_many_is_less_sure() -> None:
    builder = FactsBuilder()
    handler = builder.local("handler")
    for number in range(4):
        builder.define("Function", f"f{number}")
        builder.flows.append(f.Flow(handler, builder.local(f"f{number}")))
    builder.call(handler)
    calls = [edge for file in linked(m=builder).files.values() for edge in file.edges if edge.kind is EdgeKind.CALLS]
    assert [edge.confidence for edge in calls] == [CONFIDENCE[Origin.INFERRED] / 2] * 4


async def test_a_type_from_elsewhere_is_known_by_its_name_whatever_its_number(tmp_path: Path) -> None:
    methods = "".join(f"String m{number}() {{ return new String(); }} " for number in range(9))
    (tmp_path / "A.java").write_text(f"class A {{ {methods} }}")
    async with open_parsing(load_settings(parser_processes=1)) as parse:
        graph = (await parse(str(tmp_path))).graph
    assert {edge.origin for edge in graph.files["A.java"].edges if edge.kind is EdgeKind.INSTANTIATES} == {Origin.IMPORT}
