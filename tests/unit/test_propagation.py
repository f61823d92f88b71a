"""The engine of the value flow."""

from __future__ import annotations

from aelus.domain.linking.propagation import VALUES_PER_SLOT, Propagation
from aelus.domain.linking.slot_tables import SlotTables
from aelus.domain.linking.values import DEF, OBJECT, value

SOURCE, TARGET, REACTION = 1, 2, 9


def reacted(propagation: Propagation) -> list[tuple[int, int]]:
    """Run; return what reacted to which value."""
    seen: list[tuple[int, int]] = []
    propagation.run(lambda slot, inner: seen.append((slot, inner)), slots=10)
    return seen


def test_an_expression_reacts_to_each_value_once() -> None:
    propagation = Propagation(SlotTables())
    propagation.copy(SOURCE, TARGET)
    propagation.subscribe(TARGET, REACTION)
    propagation.add(SOURCE, 5)
    propagation.add(TARGET, 5)
    assert reacted(propagation) == [(REACTION, 5)]


def test_a_late_subscription_reacts_to_what_is_held_already() -> None:
    propagation = Propagation(SlotTables())
    propagation.add(SOURCE, 5)
    assert reacted(propagation) == []
    propagation.subscribe(SOURCE, REACTION)
    assert reacted(propagation) == [(REACTION, 5)]


def test_what_is_connected_or_subscribed_again_is_there_once_however_much_there_is() -> None:
    propagation, slots = Propagation(SlotTables(40)), [*range(10, 30)]
    for _ in range(2):
        for slot in slots:
            propagation.connect(SOURCE, slot)
            propagation.subscribe(SOURCE, slot)
    assert (propagation.edges[SOURCE], propagation.reactions[SOURCE]) == (slots, slots)


def test_a_slot_that_can_hold_too_much_lets_only_its_own_value_react() -> None:
    propagation = Propagation(SlotTables())
    propagation.copy(SOURCE, TARGET)
    propagation.subscribe(TARGET, REACTION)
    propagation.add(TARGET, 7)
    for number in range(100, 100 + VALUES_PER_SLOT):
        propagation.add(SOURCE, value(DEF, number))
    assert reacted(propagation) == [(REACTION, 7)]
    assert propagation.is_saturated(TARGET)


def test_containers_do_not_crowd_functions_out() -> None:
    propagation = Propagation(SlotTables())
    for number in range(VALUES_PER_SLOT):
        propagation.add(TARGET, value(OBJECT, number))
    propagation.add(TARGET, value(DEF, 1))
    assert value(DEF, 1) in propagation.held(TARGET)
    assert not propagation.is_saturated(TARGET)


def test_values_go_round_a_circle_once() -> None:
    propagation = Propagation(SlotTables())
    propagation.copy(SOURCE, TARGET)
    propagation.copy(TARGET, SOURCE)
    propagation.add(SOURCE, 5)
    assert reacted(propagation) == []
    assert set(propagation.held(TARGET)) == {5}
