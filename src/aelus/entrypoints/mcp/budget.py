"""Cut answers to their budgets of tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from aelus.domain.tokens import estimated_tokens
from aelus.entrypoints.mcp import answers

ANSWER_TOKENS: Final = 8_000
"""Of the structured half of an answer; the words are fewer."""

A = TypeVar("A", bound="answers.Answer | str")


def cost(item: answers.Answer | str) -> int:
    return estimated_tokens(item if isinstance(item, str) else item.model_dump_json())


def fitting(items: Sequence[A], max_tokens: int = ANSWER_TOKENS) -> tuple[list[A], bool]:
    """The first items that fit into the budget, and whether others were left out. The first is shown whatever it costs."""
    room = max_tokens
    for number, item in enumerate(items):
        room -= cost(item)
        if room < 0 and number:
            return list(items[:number]), True
    return list(items), False


def fitting_calls(entries: Sequence[answers.DefinitionCalls]) -> tuple[list[answers.DefinitionCalls], bool]:
    """The same for definitions, each with as many of its calls as there is room for."""
    room, shown = ANSWER_TOKENS, list[answers.DefinitionCalls]()
    for entry in entries:
        room -= cost(entry.definition)
        if room < 0 and shown:
            return shown, True
        calls, cut = fitting(entry.calls, room)
        shown.append(entry.model_copy(update={"calls": calls}))
        if cut:
            return shown, True
        room -= sum(map(cost, calls))
    return shown, False


def fitting_context(context: answers.Context, max_tokens: int) -> answers.Context:
    """The passages that fit with what is said beside them; the others are named as left out, as far as there is room."""
    room = max_tokens - cost(context.model_copy(update={"passages": [], "left_out": []}))
    passages, _ = fitting(context.passages, room)
    room -= sum(map(cost, passages))
    left_out = [*(one.citation for one in context.passages[len(passages) :]), *context.left_out]
    named, _ = fitting(left_out, room) if room > 0 else ([], True)
    return context.model_copy(update={"passages": passages, "left_out": named})
