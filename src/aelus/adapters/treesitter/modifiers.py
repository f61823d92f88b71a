"""Modifiers of definitions: words before their names and around their parameters, and what a receiver outside of a type says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aelus.adapters.treesitter.draft import Captures, DefinitionDraft
from aelus.adapters.treesitter.lowering import Lowering
from aelus.adapters.treesitter.room import Rules

WORDS: Final = re.compile(r"[A-Za-z_]+")


def add_modifiers(rules: Rules, source: bytes, draft: DefinitionDraft) -> None:
    """Modifiers are words between the decorators and the name."""
    words, behind = rules.modifier_words, rules.trailing_modifiers
    if behind and "parameters" in draft.captures:
        end = draft.captures["parameters"][0].end_byte
        between = source[end : end + 40].partition(b"{")[0].partition(b";")[0]
        draft.modifiers.extend(word for word in WORDS.findall(between.decode("utf-8", "replace")) if word in behind)
    if rules.leading_modifiers:
        before = source[max(0, draft.head_start - 12) : draft.head_start].decode("utf-8", "replace").split()[-1:]
        draft.modifiers.extend(word for word in before if word in rules.leading_modifiers)
    if words:
        head = source[draft.head_start : _end_of_head(draft)].decode("utf-8", "replace")
        names = rules.modifier_names
        written = [names.get(word, word) for word in WORDS.findall(head) if word in words]
        for word in written:
            if word not in draft.modifiers:
                draft.modifiers.append(word)


def _end_of_head(draft: DefinitionDraft) -> int:
    """Where the name stands behind its modifiers, or else the parameters: `name = async () => …`. Never before the head begins."""
    end = draft.name_start
    if ("name" not in draft.captures or end < draft.head_start) and "parameters" in draft.captures:
        end = draft.captures["parameters"][0].start_byte
    return max(draft.head_start, min(end, draft.head_start + 200))


def outer_modifiers(lowering: Lowering, captures: Captures) -> Iterator[str]:
    """By the receiver's type, and `of INTERFACE` by the last name of what is implemented: `fmt::Display` is `of Display`."""
    if lowering.rules.receiver_modifiers and "receiver" in captures:
        modifier = lowering.rules.receiver_modifiers.get(captures["receiver"][0].type)
        if modifier:
            yield modifier
    for node in captures.get("of", ()):
        yield f"of {lowering.text(node).partition('<')[0].rpartition(lowering.rules.package_separator)[2]}"
