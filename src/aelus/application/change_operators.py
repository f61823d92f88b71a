"""Credentials of those who run the service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import uuid4

from aelus.application.issue_key import check_name, expiry, mint
from aelus.domain.credentials import KeyId, Lifetime, OperatorKey
from aelus.ports.clock import Clock
from aelus.ports.keyed_digest import KeyedDigest
from aelus.ports.operator_store import OperatorStore


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedOperatorKey:
    key: OperatorKey
    token: str = field(repr=False)


class ChangeOperators:
    def __init__(self, *, operators: OperatorStore, digests: KeyedDigest, clock: Clock) -> None:
        self._operators = operators
        self._digests = digests
        self._clock = clock

    async def __call__(self, name: str, *, days: float | None = None) -> IssuedOperatorKey:
        """A new key. Raises InvalidRequest, Misconfigured."""
        minted, now = mint(self._digests, operator=True), self._clock.now()
        lifetime = Lifetime(created_at=now, expires_at=expiry(now, days))
        key = OperatorKey(id=uuid4(), name=check_name(name), prefix=minted.prefix, lifetime=lifetime)
        await self._operators.add(key, minted.digest)
        return IssuedOperatorKey(key=key, token=minted.token)

    async def first(self) -> IssuedOperatorKey | None:
        """The first key of a new service; None when there was one before."""
        return None if await self._operators.list() else await self("first operator")

    async def list(self) -> Sequence[OperatorKey]:
        """Oldest first; those too that have ended."""
        return await self._operators.list()

    async def revoke(self, key: KeyId) -> OperatorKey:
        """Raises NotFound."""
        known = await self._operators.get(key)
        revoked = replace(known, lifetime=replace(known.lifetime, revoked_at=known.lifetime.revoked_at or self._clock.now()))
        await self._operators.replace(revoked)
        return revoked
