"""What likeness of words promises, by equal words and by vectors."""

import asyncio

import pytest

from aelus.adapters.memory import ExactAffinity
from aelus.adapters.offline import OfflineAffinity
from aelus.ports.affinity import Affinity

PASSAGES = [
    "def close_socket(): shutdown(socket)",
    "def draw_circle(): paint(circle)",
    "",
    "socketClosed = true",
    "§§§",
    "x" * 5_000,
    "\ud800 lone",
]


@pytest.fixture(params=[ExactAffinity, OfflineAffinity])
def affinity(request: pytest.FixtureRequest) -> Affinity:
    made: Affinity = request.param()
    return made


async def test_every_passage_has_a_likeness_in_order(affinity: Affinity) -> None:
    (found,) = await affinity.measure("close the socket", PASSAGES)
    assert len(found) == len(PASSAGES)
    assert all(0 <= value <= 1.000001 for value in found)
    assert sorted(range(len(PASSAGES)), key=lambda place: -found[place])[:2] == [0, 3]


async def test_what_has_no_word_is_like_nothing(affinity: Affinity) -> None:
    assert await affinity.measure("§§§", PASSAGES[:2]) == [[0, 0]]
    assert (await affinity.measure("close", PASSAGES))[0][2] == 0
    assert await affinity.measure("close", []) == [[]]


async def test_a_word_that_few_passages_have_tells_more(affinity: Affinity) -> None:
    common = [f"read value_{number}" for number in range(8)]
    ((*_, with_rare, with_common),) = await affinity.measure("read checksum", [*common, "checksum", "read"])
    assert with_rare > with_common


async def test_each_view_of_passages_is_weighed_by_what_the_last_one_holds(affinity: Affinity) -> None:
    names, texts = ["read", "checksum", ""], ["read the checksum", "checksum: a number", "checksum of nothing"]
    first, last = await affinity.measure("read checksum", names, texts)
    ((read, checksum, nothing),) = await affinity.measure("read checksum", names)
    assert first[0] / first[1] > read / checksum
    assert (first[2], nothing) == (0, 0)
    assert last[0] == pytest.approx(1, abs=0.01)


async def test_vectors_know_words_that_mean_the_same() -> None:
    ((remove, draw),) = await OfflineAffinity().measure("delete the folder", ["remove_directory(path)", "draw_triangle(canvas)"])
    assert remove > draw
    assert await ExactAffinity().measure("delete the folder", ["remove_directory(path)", "draw_triangle(canvas)"]) == [[0, 0]]


@pytest.mark.parametrize("question", ["hydrate", "dehydrate", "desugar", "sugar"])
async def test_a_word_is_liker_itself_than_its_opposite(question: str) -> None:
    opposite = question.removeprefix("de") if question.startswith("de") else f"de{question}"
    ((itself, other, nothing),) = await OfflineAffinity().measure(question, [f"{question}(client)", f"{opposite}(client)", "paint"])
    assert itself == pytest.approx(1, abs=0.01)
    assert nothing < other < itself


async def test_passages_that_are_met_again_are_as_like_as_at_first() -> None:
    remembering, forgetful = OfflineAffinity(), OfflineAffinity(remembered_passages=2)
    first = await remembering.measure("close the socket", PASSAGES)
    assert await remembering.measure("close the socket", PASSAGES) == first
    assert await forgetful.measure("close the socket", PASSAGES) == first
    other = await OfflineAffinity().measure("paint a circle", PASSAGES)
    assert await remembering.measure("paint a circle", PASSAGES) == other == await forgetful.measure("paint a circle", PASSAGES)


async def test_others_get_their_turn_while_words_are_compared() -> None:
    turns: list[str] = []

    async def take() -> None:
        turns.append("other")

    other = asyncio.create_task(take())
    await OfflineAffinity().measure("close the socket", PASSAGES)
    assert turns == ["other"]
    await other
