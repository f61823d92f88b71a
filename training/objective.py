"""What the word table is trained for: the vectors of whole texts, and the likeness of their words.

Both are used in search: the first finds candidates, the second (`aelus.adapters.offline.affinity`) tells them apart. So both are trained
on the same rows, each with the weights and the formula that search has.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from bags import Bag, Bags, Floats, Ints
from table_file import Table

TEMPERATURE = 0.05
DROPPED = 0.1
"""Share of words that are left out of a bag in one step."""
SAME = 0.9
MOST_ASKED = 12
MOST_SHOWN = 64
"""Words of a question and of a passage that are compared with each other; drawn anew each time."""


class Words(nn.Module):
    def __init__(self, table: Table) -> None:
        super().__init__()
        self.rows = nn.Parameter(torch.from_numpy(table.rows.copy()))
        self.document = nn.Parameter(torch.from_numpy(np.log(table.document_weights + 1e-4)))
        self.query = nn.Parameter(torch.from_numpy(np.log(table.query_weights + 1e-4)))

    def forward(self, bags: tuple[Ints, Floats, Ints], weights: torch.Tensor, dropped: float = 0.0) -> torch.Tensor:
        """Unit vectors. Shape: (bags, dimensions)."""
        rows, counts, offsets = map(torch.from_numpy, bags)
        factors = functional.dropout(counts, dropped) * weights[rows].exp()
        return functional.normalize(functional.embedding_bag(rows, self.rows, offsets, mode="sum", per_sample_weights=factors), dim=-1)

    def embed(self, bags: list[Bag], weights: torch.Tensor) -> torch.Tensor:
        lengths = np.array([len(bag[0]) for bag in bags])
        return self(
            (np.concatenate([bag[0] for bag in bags]), np.concatenate([bag[1] for bag in bags]), np.cumsum(lengths) - lengths), weights
        )


def meaning_loss(words: Words, questions: tuple[Ints, Floats, Ints], passages: tuple[Ints, Floats, Ints]) -> torch.Tensor:
    """A question is nearer to its own passage than to all others of the batch, and the passage to its question (InfoNCE)."""
    scores = words(questions, words.query, DROPPED) @ words(passages, words.document, DROPPED).T / TEMPERATURE
    own = torch.arange(len(scores))
    return (functional.cross_entropy(scores, own) + functional.cross_entropy(scores.T, own)) / 2


def drawn(bags: Bags, places: Ints, most: int, chance: np.random.Generator) -> Ints:
    """Some rows of each bag, filled up with -1. Shape: (bags, most)."""
    found = np.full((len(places), most), -1, np.int64)
    for number, place in enumerate(places):
        rows = bags.rows[bags.ends[place] : bags.ends[place + 1]]
        rows = rows if len(rows) <= most else chance.choice(rows, most, replace=False)
        found[number, : len(rows)] = rows
    return found


def likeness_loss(words: Words, asked: Ints, shown: Ints) -> torch.Tensor:
    """The words of a question find likelier ones in its own passage than in others of the package.

    Args:
        words: the table.
        asked: rows of questions. Shape: (blocks, texts, words).
        shown: the same of passages.
    """
    blocks, texts, width = asked.shape
    questions, passages = torch.from_numpy(asked), torch.from_numpy(shown)
    vectors = words.rows[questions.clamp(min=0).view(blocks, -1)]
    lengths = vectors.norm(dim=-1)
    others = functional.normalize(words.rows[passages.clamp(min=0).view(blocks, -1)], dim=-1)
    alike = torch.bmm(vectors / lengths.clamp(min=1e-6)[..., None], others.transpose(1, 2)).clamp(min=0)
    alike = alike.view(blocks, texts * width, texts, -1).masked_fill((passages < 0).view(blocks, 1, texts, -1), 0.0)
    best = alike.amax(-1)
    with torch.no_grad():
        rarity = torch.log1p(texts / (1 + (best > SAME).sum(-1)))
    weights = (words.query[questions.clamp(min=0)].exp().view(blocks, -1) * lengths * rarity).masked_fill(
        (questions < 0).view(blocks, -1), 0.0
    )
    scores = (weights[..., None] * best).view(blocks, texts, width, texts).sum(2)
    scores = scores / weights.view(blocks, texts, width).sum(-1, keepdim=True).clamp(min=1e-6)
    own = torch.arange(texts).expand(blocks, texts)
    return functional.cross_entropy((scores / TEMPERATURE).reshape(-1, texts), own.reshape(-1))
