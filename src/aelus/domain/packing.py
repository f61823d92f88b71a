"""Choosing what goes into a context pack: whole passages first, signatures for the rest, no line twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aelus.domain.context_pack import Candidate, Form, Role, Shown

SIGNATURE_SHARE: Final = 0.15
"""Of the room, kept for signatures while whole passages are chosen."""

BEST_SHARE: Final = 0.5
"""Of the room, that the best match may take whole; what is larger is shown by its passage that was found, until all have had their turn."""

WHOLE_SHARE: Final = 0.15
"""The same of every other one: an answer is often several functions, and a large one in front would leave the others out."""

STRONG: Final = 0.6
"""Worth of a match that is shown whole before any neighbour is looked at."""

Cost = Callable[[Candidate, Shown], int]
"""Tokens of a candidate in one of its forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    chosen: tuple[tuple[Candidate, Shown], ...]
    """In the order of the candidates."""
    left_out: tuple[Candidate, ...]
    """Those that there was no room for; those whose lines are shown with others are not among them."""


def pack(candidates: Sequence[Candidate], room: int, cost: Cost) -> Packed:
    """Fill `room` tokens from candidates in the order of their worth.

    In rounds: strong matches, the best first; signatures of the best of what is left, and of the neighbours; bodies of whatever is worth
    most; all of what is shown in part; and with what room remains, more signatures.
    """
    packing = _Packing(candidates, room, cost)
    packing.add_bodies(reserve=int(room * SIGNATURE_SHARE))
    packing.add_signatures(int(room * SIGNATURE_SHARE))
    packing.unfold_signatures()
    packing.complete_parts()
    packing.add_signatures(room)
    return packing.packed()


class _Packing:
    def __init__(self, candidates: Sequence[Candidate], room: int, cost: Cost) -> None:
        self._candidates = candidates
        self._room = room
        self._shares = (int(room * BEST_SHARE), int(room * WHOLE_SHARE))
        self._cost = cost
        self._chosen: dict[int, Shown] = {}

    def add_bodies(self, *, reserve: int) -> None:
        for index, candidate in enumerate(self._candidates):
            if candidate.role is Role.MATCH and candidate.worth >= STRONG:
                self._show_body(index, reserve)

    def add_signatures(self, most: int) -> None:
        """At most so many tokens of them."""
        left = self._room - most
        for index in self._by_worth():
            candidate, least = self._candidates[index], self._candidates[index].forms[-1]
            fits = least.form is Form.SIGNATURE and self._cost(candidate, least) <= self._room - max(left, 0)
            if fits and index not in self._chosen and not self._is_covered(candidate):
                self._take(index, least)

    def unfold_signatures(self) -> None:
        for index in self._by_worth():
            shown = self._chosen.get(index)
            if shown is None and not self._is_covered(self._candidates[index]):
                self._show_body(index, 0)
            elif shown is not None and shown.form is Form.SIGNATURE:
                self._unfold(index, shown)

    def _unfold(self, index: int, signature: Shown) -> None:
        self._give_back(index)
        if not self._is_covered(self._candidates[index]) and not self._show_body(index, 0):
            self._take(index, signature)

    def complete_parts(self) -> None:
        for index in self._by_worth():
            shown = self._chosen.get(index)
            if shown is not None and shown.form is Form.PART:
                self._give_back(index)
                if not self._show_body(index, 0, whole=True):
                    self._take(index, shown)

    def _by_worth(self) -> list[int]:
        return sorted(range(len(self._candidates)), key=lambda index: -self._candidates[index].worth)

    def packed(self) -> Packed:
        left_out = [one for index, one in enumerate(self._candidates) if index not in self._chosen and not self._is_covered(one)]
        chosen = [(self._candidates[index], shown) for index, shown in sorted(self._chosen.items())]
        return Packed(chosen=tuple(chosen), left_out=tuple(left_out))

    def _show_body(self, index: int, reserve: int, *, whole: bool = False) -> bool:
        """Show the fullest form that fits and shares no line with what is shown; what lies wholly within it goes with it."""
        candidate = self._candidates[index]
        for shown in candidate.forms:
            if shown.form is Form.SIGNATURE or (not whole and self._is_large(index, shown)):
                continue
            overlapping = self._overlapping(candidate, shown)
            within = [one for one in overlapping if _contains(shown, self._chosen[one])]
            if len(within) < len(overlapping):
                continue
            freed = sum(self._cost(self._candidates[one], self._chosen[one]) for one in within)
            if self._cost(candidate, shown) <= self._room - reserve + freed:
                for one in within:
                    self._give_back(one)
                self._take(index, shown)
                return True
        return False

    def _is_large(self, index: int, shown: Shown) -> bool:
        """Whether it would take more than its share, and can be shown in part."""
        candidate = self._candidates[index]
        can_be_cut = shown.form is Form.WHOLE and any(other.form is Form.PART for other in candidate.forms)
        return can_be_cut and self._cost(candidate, shown) > self._shares[min(index, 1)]

    def _take(self, index: int, shown: Shown) -> None:
        self._chosen[index] = shown
        self._room -= self._cost(self._candidates[index], shown)

    def _give_back(self, index: int) -> None:
        self._room += self._cost(self._candidates[index], self._chosen.pop(index))

    def _overlapping(self, candidate: Candidate, shown: Shown) -> list[int]:
        return [
            index
            for index, other in self._chosen.items()
            if other.form is not Form.SIGNATURE and _same_file(self._candidates[index], candidate) and _overlap(shown, other)
        ]

    def _is_covered(self, candidate: Candidate) -> bool:
        """Whether all its lines are shown with another one."""
        least = candidate.forms[-1]
        return any(
            other.form is not Form.SIGNATURE and _same_file(self._candidates[index], candidate) and _contains(other, least)
            for index, other in self._chosen.items()
        )


def _same_file(one: Candidate, other: Candidate) -> bool:
    return (one.repository_id, one.path) == (other.repository_id, other.path)


def _contains(outer: Shown, inner: Shown) -> bool:
    return outer.start_line <= inner.start_line and inner.end_line <= outer.end_line


def _overlap(one: Shown, other: Shown) -> bool:
    return one.start_line <= other.end_line and other.start_line <= one.end_line
