"""A context pack as Markdown, which people and models read alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from aelus.domain.context_pack import Candidate, Form, LeftOut, Passage, Role, Shown, Source, citation
from aelus.domain.repository import RepositoryId
from aelus.domain.tokens import estimated_tokens

FOOTER_SHARE: Final = 0.08
"""Of the budget, for saying what was left out."""
MAX_QUESTION: Final = 200
MAX_SOURCES: Final = 8
_RELATIONS: Final = {
    Role.CALLER: "calls",
    Role.CALLEE: "is called by",
    Role.TYPE: "is a type of",
    Role.CONTAINER: "contains",
    Role.MEMBER: "is a member of",
}
_TICKS: Final = re.compile(r"`{3,}")


class PackText:
    """Words for the parts of a pack. The sources decide how a passage is cited; the note is said before all of them."""

    def __init__(self, question: str, sources: Sequence[Source], note: str = "") -> None:
        self._note = note
        self._question = " ".join(question.split())[:MAX_QUESTION]
        self._sources: Mapping[RepositoryId, Source] = {source.repository_id: source for source in sources}

    def cite(self, candidate: Candidate, shown: Shown) -> str:
        """`path:start-end@commit`, with the repository before it where the pack is made from several."""
        source = self._sources[candidate.repository_id]
        prefix = f"{source.repository}:" if len(self._sources) > 1 else ""
        return prefix + citation(candidate.path, shown, source.revision)

    def header(self) -> str:
        shown = [index_line(source, source.revision) for source in self._sources.values()][:MAX_SOURCES]
        more = len(self._sources) - len(shown)
        return "\n".join(
            (
                f"# {self._question}",
                "",
                *shown,
                *([f"and {more} more repositories"] if more > 0 else ()),
                *([self._note] if self._note else ()),
                "",
            )
        )

    def block(self, candidate: Candidate, shown: Shown) -> str:
        """A passage under its citation, or one line for a signature."""
        name, place = candidate.qualified_name, self.cite(candidate, shown)
        relation = f", {_RELATIONS[candidate.role]} {candidate.relates_to}" if candidate.relates_to else ""
        if shown.form is Form.SIGNATURE:
            return f"- {place} {name}: {_inline(shown.text)} ({candidate.kind}{relation})\n"
        part = ", in part" if shown.form is Form.PART else ""
        fence = _fence(shown.text)
        return f"## {place}\n{candidate.kind} {name}{part}{relation}\n\n{fence}{candidate.language}\n{shown.text}\n{fence}\n"

    def footer(self, left_out: Sequence[LeftOut], room: int) -> str:
        """What there was no room for, as far as there is room to say it."""
        if not left_out:
            return ""
        text = f"Left out for want of room: {len(left_out)}"
        for number, one in enumerate(left_out):
            longer = f"{text}{';' if number else ':'} {one.citation} {one.qualified_name}"
            if estimated_tokens(longer) > room:
                return f"{text}{'; …' if number else ''}\n"
            text = longer
        return f"{text}\n"

    def whole(self, passages: Iterable[Passage], footer: str) -> str:
        """The pack: bodies first, then all signatures in one list."""
        blocks = [(one.shown.form, self.block(one.candidate, one.shown)) for one in passages]
        bodies = [block for form, block in blocks if form is not Form.SIGNATURE]
        signatures = "".join(block for form, block in blocks if form is Form.SIGNATURE)
        related = [f"## Signatures\n{signatures}"] if signatures else []
        return "\n".join(part for part in (self.header(), *bodies, *related, footer) if part)


class IndexFacts(Protocol):
    """What is known of an index that was asked."""

    @property
    def repository(self) -> str: ...
    @property
    def indexed_at(self) -> datetime: ...
    @property
    def files(self) -> int: ...
    @property
    def skipped(self) -> Mapping[str, int]: ...
    @property
    def unread(self) -> Sequence[str]: ...
    @property
    def truncated(self) -> bool: ...


def index_line(index: IndexFacts, revision: str) -> str:
    """How far an answer from the index can be trusted, in a line."""
    left_out = ", ".join(f"{count} {reason.replace('_', ' ')}" for reason, count in index.skipped.items())
    parts = [
        f"{index.repository} at {revision}, indexed {index.indexed_at:%Y-%m-%d %H:%M} UTC: {index.files} files",
        f"left out: {left_out}" if left_out else "",
        f"not read: {', '.join(index.unread)}" if index.unread else "",
        "some edges may be missing" if index.truncated else "",
    ]
    return "; ".join(part for part in parts if part)


def _inline(text: str) -> str:
    return f"``{text}``" if "`" in text else f"`{text}`"


def _fence(text: str) -> str:
    """Longer than any run of ticks in the text."""
    return "`" * max(3, *(len(run) + 1 for run in _TICKS.findall(text)), 3)
