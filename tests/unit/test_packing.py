from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from aelus.domain.context_pack import Candidate, Form, Role, Shown
from aelus.domain.packing import Packed, pack

REPOSITORY = UUID(int=1)


def candidate(name: str, start: int, end: int, *, role: Role = Role.MATCH, worth: float = 1.0, part: int = 0, path: str = "a") -> Candidate:
    """A function of these lines; one line costs one token. `part` is the length of the passage that was found in it."""
    whole = Shown(form=Form.WHOLE, start_line=start, end_line=end, text="")
    passage = (Shown(form=Form.PART, start_line=start, end_line=start + part - 1, text=""),) if part else ()
    signature = Shown(form=Form.SIGNATURE, start_line=start, end_line=end, text="")
    return Candidate(
        repository_id=REPOSITORY,
        path=path,
        kind="Function",
        qualified_name=name,
        node_id=name,
        language="",
        role=role,
        worth=worth,
        forms=(whole, *passage, signature),
    )


def cost(_candidate: Candidate, shown: Shown) -> int:
    return 1 if shown.form is Form.SIGNATURE else shown.end_line - shown.start_line + 1


def forms(packed: Packed) -> dict[str, Form]:
    return {one.qualified_name: shown.form for one, shown in packed.chosen}


def test_matches_are_shown_whole_as_long_as_there_is_room() -> None:
    packed = pack([candidate("a", 1, 10), candidate("b", 11, 20)], 100, cost)
    assert forms(packed) == {"a": Form.WHOLE, "b": Form.WHOLE}


def test_what_does_not_fit_whole_is_shown_in_part() -> None:
    packed = pack([candidate("a", 1, 500, part=20)], 100, cost)
    assert forms(packed) == {"a": Form.PART}


def test_what_takes_much_of_the_room_is_shown_in_part_where_others_are_to_come() -> None:
    large = [candidate(name, 100 * number, 100 * number + 29, part=5) for number, name in enumerate("abcdefgh", 1)]
    packed = pack(large, 80, cost)
    assert forms(packed) == {"a": Form.WHOLE, **dict.fromkeys("bcdefgh", Form.PART)}


def test_with_room_left_what_is_shown_in_part_becomes_whole() -> None:
    packed = pack([candidate("a", 1, 30, part=5), candidate("b", 100, 129, part=5)], 80, cost)
    assert forms(packed) == {"a": Form.WHOLE, "b": Form.WHOLE}


def test_what_does_not_fit_in_part_is_shown_by_its_signature() -> None:
    packed = pack([candidate("a", 1, 10), candidate("b", 11, 500)], 15, cost)
    assert forms(packed) == {"a": Form.WHOLE, "b": Form.SIGNATURE}


def test_what_has_no_room_at_all_is_left_out_and_named() -> None:
    packed = pack(
        [candidate("a", 1, 10), candidate("b", 11, 500)], 12, lambda one, shown: cost(one, shown) * (1 if one.node_id == "a" else 9)
    )
    assert [one.qualified_name for one in packed.left_out] == ["b"]


def test_a_neighbour_is_shown_whole_only_with_room_left() -> None:
    near = candidate("near", 50, 59, role=Role.CALLEE, worth=0.5)
    assert forms(pack([candidate("a", 1, 10), near], 14, cost))["near"] is Form.SIGNATURE
    assert forms(pack([candidate("a", 1, 10), near], 30, cost))["near"] is Form.WHOLE


def test_a_near_neighbour_comes_before_the_body_of_a_weak_match() -> None:
    candidates = [candidate("a", 1, 10), candidate("weak", 20, 29, worth=0.2), candidate("near", 50, 59, role=Role.CALLEE, worth=0.5)]
    assert forms(pack(candidates, 24, cost)) == {"a": Form.WHOLE, "weak": Form.SIGNATURE, "near": Form.WHOLE}


def test_what_lies_within_a_shown_definition_is_not_shown_again() -> None:
    packed = pack([candidate("outer", 1, 30), candidate("inner", 5, 9)], 100, cost)
    assert forms(packed) == {"outer": Form.WHOLE}
    assert packed.left_out == ()


def test_a_definition_takes_in_what_is_shown_of_it_already() -> None:
    packed = pack([candidate("inner", 5, 9), candidate("outer", 1, 30)], 100, cost)
    assert forms(packed) == {"outer": Form.WHOLE}


def test_equal_lines_of_another_file_are_other_lines() -> None:
    packed = pack([candidate("a", 1, 10), candidate("b", 1, 10, path="b")], 100, cost)
    assert forms(packed) == {"a": Form.WHOLE, "b": Form.WHOLE}


spans = st.tuples(st.integers(1, 40), st.integers(0, 15), st.integers(0, 5), st.sampled_from(Role), st.floats(0, 1))


@given(st.lists(spans, max_size=12), st.integers(0, 120))
def test_no_line_is_shown_twice_and_the_room_is_kept(given_spans: list[tuple[int, int, int, Role, float]], room: int) -> None:
    candidates = [
        candidate(str(number), start, start + length, role=role, worth=worth, part=min(part, length))
        for number, (start, length, part, role, worth) in enumerate(given_spans)
    ]
    packed = pack(candidates, room, cost)
    lines = [line for _, shown in packed.chosen if shown.form is not Form.SIGNATURE for line in range(shown.start_line, shown.end_line + 1)]
    assert len(lines) == len(set(lines))
    assert sum(cost(one, shown) for one, shown in packed.chosen) <= room
