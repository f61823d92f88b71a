"""Texts into calls that the service's limits admit, by an estimate of tokens: the service's own tokenizer would be a download."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

BYTES_PER_TOKEN: Final = 3
"""Source code has more bytes in a token than this; what has fewer is split when the service refuses it."""
BLANK: Final = "."
"""Stands for a text without a visible character, which the service refuses."""


def estimated_tokens(text: str) -> int:
    return len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN + 1


def fitting(text: str, max_tokens: int) -> str:
    """The beginning of `text` that is estimated at `max_tokens` or less, never empty."""
    if not text.strip():
        return BLANK
    encoded = text.encode("utf-8", "replace")
    return encoded[: (max_tokens - 1) * BYTES_PER_TOKEN].decode("utf-8", "ignore")


def batches(texts: Sequence[str], *, max_texts: int, max_tokens: int) -> Iterator[list[str]]:
    """In order, each of at most `max_texts` texts and `max_tokens` estimated tokens; no text may have more than `max_tokens`."""
    batch: list[str] = []
    left = max_tokens
    for text in texts:
        tokens = estimated_tokens(text)
        if batch and (len(batch) == max_texts or tokens > left):
            yield batch
            batch, left = [], max_tokens
        batch.append(text)
        left -= tokens
    if batch:
        yield batch
