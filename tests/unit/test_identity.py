from __future__ import annotations

from uuid import uuid4

import pytest

from aelus.domain.identity import ANONYMOUS, LOCAL, Admission, Caller, Principal, Role, Scope

ORDER = (Role.OWNER, Role.ADMIN, Role.MEMBER, Role.READER)
ADMISSIONS: tuple[Admission, ...] = (*Caller, *Scope)


@pytest.mark.parametrize(("place", "role"), list(enumerate(ORDER)))
def test_a_role_may_all_that_the_lower_ones_may(place: int, role: Role) -> None:
    assert all(role.scopes >= lower.scopes and role.covers(lower) for lower in ORDER[place:])
    assert not any(role.covers(higher) for higher in ORDER[:place])


@pytest.mark.parametrize("role", ORDER)
def test_a_member_gets_in_where_a_scope_of_theirs_is_asked_for(role: Role) -> None:
    member = Principal(tenant=uuid4(), subject="user:1", credential="1", role=role, scopes=role.scopes)
    assert {one for one in ADMISSIONS if member.may(one)} == {Caller.ANYONE, Caller.MEMBER, *role.scopes}


def test_an_operator_opens_no_tenants_door() -> None:
    operator = Principal(tenant=None, subject="operator:1", credential="1", scopes=frozenset(Scope), operator=True)
    assert {one for one in ADMISSIONS if operator.may(one)} == {Caller.ANYONE, Caller.OPERATOR}


def test_nobody_gets_in_where_anyone_does() -> None:
    assert {one for one in ADMISSIONS if ANONYMOUS.may(one)} == {Caller.ANYONE}


def test_the_person_at_the_machine_may_everything() -> None:
    assert all(LOCAL.may(one) for one in ADMISSIONS)
