"""Texts into calls that the service's limits admit, by an estimate of tokens: the service's own tokenizer would be a download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from aelus.domain.tokens import estimated_tokens

BLANK: Final = "."
"""Stands for a text without a visible character, which the service refuses."""


class Measured(NamedTuple):
    text: str
    tokens: int
    """Estimated, no fewer than the service counts."""


def fitting(text: str, max_tokens: int) -> Measured:
    """The beginning of `text` that is estimated at `max_tokens` or less, never empty; what UTF-8 cannot say is replaced."""
    if not text.strip():
        return Measured(BLANK, estimated_tokens(BLANK))
    text = text.encode("utf-8", "replace").decode("utf-8")
    tokens = estimated_tokens(text)
    while tokens > max_tokens and len(text) > 1:
        text = text[: max(1, len(text) * max_tokens // tokens)]
        tokens = estimated_tokens(text)
    return Measured(text, tokens)


def batches(texts: Sequence[Measured], *, max_texts: int, max_tokens: int) -> Iterator[list[Measured]]:
    """In order, each of at most `max_texts` texts and `max_tokens` estimated tokens; no text may have more than `max_tokens`."""
    batch: list[Measured] = []
    left = max_tokens
    for measured in texts:
        if batch and (len(batch) == max_texts or measured.tokens > left):
            yield batch
            batch, left = [], max_tokens
        batch.append(measured)
        left -= measured.tokens
    if batch:
        yield batch
