from __future__ import annotations

from pathlib import Path

import pytest

from aelus import Aelus
from aelus.application.assess_impact import FOLLOWED_IN_PART, MAX_DEFINITIONS, MAX_EDGES, WITHOUT_EDGE, Impact, Verdict
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest, NotFound
from aelus.ports.index_store import IndexChange
from sample_project import write_project

CHAIN = "\n\n".join(["def f0():\n    return 0", *(f"def f{n}():\n    return f{n - 1}()" for n in range(1, 6))])


async def impact(use_cases: UseCases, name: str, max_depth: int = 3, limit: int = 100) -> Impact:
    found: Impact = await use_cases.assess_impact()(LOCAL_TENANT, name, max_depth=max_depth, limit=limit)
    return found


@pytest.fixture
async def chain(aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "chain", {"chain.py": CHAIN}))


@pytest.mark.usefixtures("chain")
async def test_dependants_come_with_their_distance(use_cases: UseCases) -> None:
    found = await impact(use_cases, "f0", max_depth=5)
    assert [(one.node.node.name, one.depth) for one in found.dependants] == [(f"f{n}", n) for n in range(1, 6)]
    assert (found.verdict, found.bounds) == (Verdict.YES, (WITHOUT_EDGE,))


@pytest.mark.usefixtures("chain")
async def test_steps_that_were_not_followed_are_said(use_cases: UseCases) -> None:
    found = await impact(use_cases, "f0", max_depth=2)
    assert len(found.dependants) == 2
    assert found.bounds == ("2 steps were followed: more depend on these", WITHOUT_EDGE)


@pytest.mark.usefixtures("chain")
async def test_a_limit_that_was_reached_is_said(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(
        write_project(tmp_path / "hub", {"hub.py": "def hub():\n    pass\n" + "".join(f"def u{n}():\n    hub()\n" for n in range(9))})
    )
    found = await impact(use_cases, "hub", limit=4)
    assert len(found.dependants) == 4
    assert "more than 4 dependants" in found.bounds[0]


@pytest.mark.parametrize(
    ("path", "source"),
    [("a.rs", "fn alone() {}\n"), ("a.py", "def outer():\n    def alone():\n        pass\n")],
    ids=["private", "local"],
)
async def test_what_nobody_else_can_name_and_nothing_uses_is_a_no(
    use_cases: UseCases, aelus: Aelus, tmp_path: Path, path: str, source: str
) -> None:
    await aelus.index(write_project(tmp_path / "p", {path: source}))
    found = await impact(use_cases, "alone")
    assert (found.verdict, found.dependants, found.bounds) == (Verdict.NO, (), ())


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("a.py", "class Box:\n    def alone(self):\n        pass\n\ndef use(box):\n    box.alone()\n"),
        ("a.py", "def alone():\n    pass\n"),
        ("A.java", "class A {\n    private void alone() {}\n}\n"),
        ("a.py", "def outer(route):\n    @route\n    def alone():\n        pass\n"),
    ],
    ids=["untyped receiver", "public", "private method", "decorated"],
)
async def test_what_may_be_used_without_an_edge_is_unknown(
    use_cases: UseCases, aelus: Aelus, tmp_path: Path, path: str, source: str
) -> None:
    await aelus.index(write_project(tmp_path / "p", {path: source}))
    found = await impact(use_cases, "alone")
    assert (found.verdict, found.dependants, found.bounds) == (Verdict.UNKNOWN, (), (WITHOUT_EDGE,))


async def test_a_name_of_many_definitions_is_followed_all_the_same(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "many", {f"m{n}.py": CHAIN for n in range(MAX_DEFINITIONS + 1)}))
    found = await impact(use_cases, "f0", max_depth=5)
    assert {one.depth for one in found.dependants} == {1, 2, 3, 4, 5}
    assert found.bounds[0] == f"more than {MAX_DEFINITIONS} definitions have this name: give its qualified name"


async def test_members_that_were_left_out_are_said(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    members = "".join(f"    m{n} = 1\n" for n in range(MAX_EDGES + 1))
    await aelus.index(write_project(tmp_path / "p", {"a.py": f"class Wide:\n{members}"}))
    assert f"more than {MAX_EDGES} members: the uses of some were not followed" in (await impact(use_cases, "Wide")).bounds


async def test_a_file_that_was_not_read_leaves_it_unknown(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    huge = "x = 1\n" * 400_000
    await aelus.index(write_project(tmp_path / "p", {"a.py": "def alone():\n    pass\n", "huge.py": huge}))
    found = await impact(use_cases, "alone")
    assert found.verdict is Verdict.UNKNOWN
    assert found.bounds == ("files of p were not read: huge.py", WITHOUT_EDGE)


@pytest.mark.usefixtures("chain")
async def test_an_index_that_may_lack_edges_leaves_it_unknown(use_cases: UseCases) -> None:
    ports = use_cases.ports()
    (repository,) = await ports.repositories.list(LOCAL_TENANT)
    async with ports.indexes.session(LOCAL_TENANT, repository.id) as session:
        before = await session.snapshot()
        await session.write(
            IndexChange(
                commit=before.commit,
                branch="",
                parser_version=before.parser_version,
                model=before.model,
                changed=(),
                removed=(),
                vectors={},
                skipped=(),
                counts=before.counts,
                truncated=True,
            )
        )
    found = await impact(use_cases, "f5")
    assert (found.verdict, found.bounds[0]) == (Verdict.UNKNOWN, f"chain: {FOLLOWED_IN_PART}")


async def test_what_only_subtyping_makes_possible_is_no_yes(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    source = (
        "class Shape:\n    def area(self):\n        return 0\n\nclass Square(Shape):\n    def area(self):\n        return 1\n\n"
        "def measure(shape: Shape):\n    return shape.area()\n"
    )
    await aelus.index(write_project(tmp_path / "shapes", {"shapes.py": source}))
    found = await impact(use_cases, "Square.area")
    assert ([one.node.node.name for one in found.dependants], found.verdict) == (["measure"], Verdict.UNKNOWN)


async def test_users_of_its_members_depend_on_a_class(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    source = "class Box:\n    def open(self):\n        pass\n\ndef use(box: Box):\n    box.open()\n\nclass Crate(Box):\n    pass\n"
    await aelus.index(write_project(tmp_path / "boxes", {"boxes.py": source}))
    found = await impact(use_cases, "Box")
    assert {one.node.node.name for one in found.dependants} >= {"use", "Crate"}


async def test_a_recursion_ends(use_cases: UseCases, aelus: Aelus, tmp_path: Path) -> None:
    await aelus.index(write_project(tmp_path / "ring", {"ring.py": "def a():\n    b()\n\ndef b():\n    a()\n"}))
    found = await impact(use_cases, "a", max_depth=8)
    assert [one.node.node.name for one in found.dependants] == ["b"]


@pytest.mark.usefixtures("chain")
async def test_an_unknown_name_brings_the_closest(use_cases: UseCases) -> None:
    with pytest.raises(NotFound):
        await impact(use_cases, "g0")


@pytest.mark.parametrize(("max_depth", "limit"), [(0, 10), (9, 10), (1, 0), (1, 501)])
async def test_figures_out_of_range_are_refused(use_cases: UseCases, max_depth: int, limit: int) -> None:
    with pytest.raises(InvalidRequest):
        await impact(use_cases, "f0", max_depth, limit)
