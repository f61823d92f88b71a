"""Questions to a small project, each with the line that answers it. A failure shows the rank of every answer."""

from __future__ import annotations

from pathlib import Path

from aelus import Aelus
from aelus.domain.search import Hit

FIXTURES = Path(__file__).parent.parent / "fixtures" / "ranking"
CASES = [line.split(" -> ") for line in (FIXTURES / "questions.txt").read_text().splitlines() if not line.startswith("#")]


def rank_of(place: str, hits: tuple[Hit, ...]) -> int:
    """1 for the first hit; 0 where no hit holds the place."""
    path, _, line = place.partition(":")
    holds = (hit.chunk.path == path and hit.chunk.start_line <= int(line) <= hit.chunk.end_line for hit in hits)
    return next((rank for rank, held in enumerate(holds, 1) if held), 0)


async def test_questions_find_their_answers_among_the_first_hits(aelus: Aelus) -> None:
    await aelus.index(FIXTURES / "project")
    ranks = {question: rank_of(place, tuple(await aelus.search(question, k=5))) for question, place in CASES}
    recall = sum(0 < rank <= 3 for rank in ranks.values()) / len(ranks)
    reciprocal = sum(1 / rank for rank in ranks.values() if rank) / len(ranks)
    assert (recall >= 0.85, reciprocal >= 0.75) == (True, True), f"recall@3 {recall:.2f}, MRR {reciprocal:.2f}: {ranks}"
