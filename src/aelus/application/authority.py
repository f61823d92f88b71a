"""Nobody gives what they do not have."""

from __future__ import annotations

from collections.abc import Iterable

from aelus.domain.identity import Principal, Role, Scope
from aelus.ports.errors import NotAllowed


def check_authority(by: Principal, role: Role, scopes: Iterable[Scope] = ()) -> None:
    """Raises NotAllowed when the role is above the giver's own, or a scope is not theirs."""
    if by.role is None or not by.role.covers(role):
        raise NotAllowed(f"The role {role.value!r} is above that of the credential.", "Ask somebody who has it.")
    if missing := sorted(scope.value for scope in set(scopes) - by.scopes):
        raise NotAllowed(f"The credential does not have the scope {', '.join(missing)} itself.", "Ask somebody who has it.")
