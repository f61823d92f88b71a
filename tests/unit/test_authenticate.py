"""Who is found behind a key, and when nobody is."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from aelus.adapters import memory
from aelus.adapters.cryptography import AesGcmCipher, HmacDigest
from aelus.adapters.pyjwt import JwtIssuer
from aelus.application.authenticate import Authenticate
from aelus.application.change_operators import ChangeOperators
from aelus.application.change_tenants import ChangeTenants
from aelus.application.change_users import ChangeUsers, UserChange
from aelus.application.issue_key import IssuedKey, IssueKey, NewKey
from aelus.application.revoke_key import RevokeKey
from aelus.domain.identity import LOCAL, Role, Scope
from aelus.ports.errors import Conflict, InvalidRequest, NotAllowed, NotAuthenticated


class Service:
    """Use cases over one memory and one clock. `authenticate` forgets at once unless it is told otherwise."""

    def __init__(self, *, remembered_s: float = 0.0) -> None:
        state, self.clock = memory.MemoryDatabase(), memory.SettableClock()
        self.users, self.keys, self.grants = memory.MemoryUserStore(state), memory.MemoryKeyStore(state), memory.MemoryGrantStore(state)
        operators, tenants, digests = memory.MemoryOperatorStore(state), memory.MemoryTenantStore(state), HmacDigest(lambda: "key " * 8)
        self.issue = IssueKey(keys=self.keys, users=self.users, digests=digests, clock=self.clock)
        self.revoke = RevokeKey(keys=self.keys, clock=self.clock)
        self.tenants = ChangeTenants(tenants=tenants, issue=self.issue, clock=self.clock)
        self.members = ChangeUsers(users=self.users, clock=self.clock)
        self.operators = ChangeOperators(operators=operators, digests=digests, clock=self.clock)
        self.tokens = JwtIssuer(keys=memory.MemorySigningKeyStore(state), cipher=AesGcmCipher(lambda: "key " * 8), clock=self.clock)
        self.authenticate = Authenticate(
            keys=self.keys,
            operators=operators,
            users=self.users,
            grants=self.grants,
            tenants=tenants,
            tokens=self.tokens,
            revocations=memory.MemoryRevocationStore(state),
            providers=memory.NoIdentityProviders(),
            digests=digests,
            clock=self.clock,
            remembered_s=remembered_s,
        )

    async def key(self, tenant: UUID, role: Role = Role.MEMBER, **given: object) -> IssuedKey:
        return await self.issue(tenant, NewKey(name="key", role=role, **given), by=LOCAL)  # type: ignore[arg-type] # by name

    async def tenant(self) -> UUID:
        return (await self.tenants.create("team")).tenant.id


@pytest.fixture
def service() -> Service:
    return Service()


async def refused(service: Service, token: str) -> None:
    with pytest.raises(NotAuthenticated):
        await service.authenticate(token)


async def test_a_key_stands_for_its_tenant_and_its_rights(service: Service) -> None:
    made = await service.tenants.create("team")
    key = await service.key(made.tenant.id, scopes=frozenset((Scope.READ,)))
    found = await service.authenticate(key.token)
    assert (found.tenant, found.role, found.scopes, found.repositories) == (made.tenant.id, Role.MEMBER, frozenset((Scope.READ,)), None)
    assert (found.subject, found.credential, found.operator) == (f"key:{key.key.id}", str(key.key.id), False)
    assert (await service.authenticate(made.key.token)).role is Role.OWNER


async def test_an_operators_key_stands_for_no_tenant(service: Service) -> None:
    first = await service.operators.first()
    assert first is not None
    assert await service.operators.first() is None
    found = await service.authenticate(first.token)
    assert (found.tenant, found.operator, found.scopes) == (None, True, frozenset())
    await service.operators.revoke(first.key.id)
    await refused(service, first.token)


SPOILT = (
    lambda t: t[:-1] + ("0" if t[-1] != "0" else "1"),
    lambda t: t[:-1],
    lambda t: f"{t}0",
    str.upper,
    lambda _: "",
    lambda t: f" {t}",
)


@pytest.mark.parametrize("spoilt", SPOILT)
async def test_a_token_that_is_not_quite_one_is_refused(service: Service, spoilt: object) -> None:
    assert callable(spoilt)
    key = await service.key(await service.tenant())
    await refused(service, spoilt(key.token))


async def test_a_tenants_secret_with_an_operators_mark_is_refused(service: Service) -> None:
    key = await service.key(await service.tenant(), Role.OWNER)
    await refused(service, key.token.replace("aelus_", "aelus_operator_"))


async def test_a_key_ends_when_it_was_said_to(service: Service) -> None:
    key = await service.key(await service.tenant(), days=1.0)
    service.clock.advance(86_399)
    assert (await service.authenticate(key.token)).role is Role.MEMBER
    service.clock.advance(1)
    await refused(service, key.token)


async def test_what_is_remembered_ends_with_the_key() -> None:
    service = Service(remembered_s=3600)
    key = await service.key(await service.tenant(), days=1.0)
    await service.authenticate(key.token)
    service.clock.advance(86_400)
    await refused(service, key.token)


async def test_a_revoked_key_opens_nothing(service: Service) -> None:
    tenant = await service.tenant()
    key = await service.key(tenant)
    revoked = await service.revoke(tenant, key.key.id, by=LOCAL)
    assert await service.revoke(tenant, key.key.id, by=LOCAL) == revoked
    await refused(service, key.token)
    with pytest.raises(Conflict):
        await service.issue.rotate(tenant, key.key.id, by=LOCAL)


async def test_rotation_leaves_one_token_for_the_same_key(service: Service) -> None:
    tenant = await service.tenant()
    old = await service.key(tenant)
    new = await service.issue.rotate(tenant, old.key.id, by=LOCAL)
    await refused(service, old.token)
    assert (await service.authenticate(new.token)).credential == str(old.key.id)


async def test_keys_of_a_deleted_tenant_open_nothing_until_it_is_back(service: Service) -> None:
    tenant = await service.tenant()
    key = await service.key(tenant)
    await service.tenants(tenant, deleted=True)
    await refused(service, key.token)
    await service.tenants(tenant, deleted=False)
    assert (await service.authenticate(key.token)).tenant == tenant


async def test_a_members_key_may_what_the_member_may_now(service: Service) -> None:
    tenant = await service.tenant()
    ada = await service.members.add(tenant, UserChange(name="ada", role=Role.ADMIN), by=LOCAL)
    key = await service.key(tenant, Role.ADMIN, user_id=ada.id)
    assert (await service.authenticate(key.token)).scopes == Role.ADMIN.scopes
    await service.members(tenant, ada.id, UserChange(role=Role.READER), by=LOCAL)
    found = await service.authenticate(key.token)
    assert (found.role, found.scopes, found.subject) == (Role.READER, Role.READER.scopes, f"user:{ada.id}")
    await service.members.remove(tenant, ada.id, by=LOCAL)
    await refused(service, key.token)


@pytest.mark.parametrize(("role", "restricted"), [(Role.READER, True), (Role.MEMBER, True), (Role.ADMIN, False)])
async def test_some_members_see_what_they_were_granted(service: Service, role: Role, *, restricted: bool) -> None:
    tenant = await service.tenant()
    ada = await service.members.add(tenant, UserChange(name="ada", role=role, all_repositories=False), by=LOCAL)
    key = await service.key(tenant, role, user_id=ada.id)
    assert (await service.authenticate(key.token)).repositories == (frozenset() if restricted else None)


async def test_nobody_gives_what_they_do_not_have(service: Service) -> None:
    tenant = await service.tenant()
    admin = await service.authenticate((await service.key(tenant, Role.ADMIN)).token)
    narrow = await service.authenticate((await service.key(tenant, Role.ADMIN, scopes=frozenset((Scope.ADMINISTER,)))).token)
    owner = await service.members.add(tenant, UserChange(name="grace", role=Role.OWNER), by=LOCAL)
    owners, spoken_for = await service.key(tenant, Role.OWNER), await service.key(tenant, Role.READER, user_id=owner.id)
    for forbidden in (
        service.issue.rotate(tenant, spoken_for.key.id, by=admin),
        service.members.add(tenant, UserChange(name="eve", role=Role.READER), by=narrow),
        service.issue(tenant, NewKey(name="key", role=Role.OWNER), by=admin),
        service.issue(tenant, NewKey(name="key", role=Role.READER), by=narrow),
        service.issue(tenant, NewKey(name="key", role=Role.READER, user_id=owner.id), by=admin),
        service.issue.rotate(tenant, owners.key.id, by=admin),
        service.revoke(tenant, owners.key.id, by=admin),
        service.members(tenant, owner.id, UserChange(role=Role.READER), by=admin),
        service.members.remove(tenant, owner.id, by=admin),
        service.members.add(tenant, UserChange(name="eve", role=Role.OWNER), by=admin),
    ):
        with pytest.raises(NotAllowed):
            await forbidden


async def test_a_key_has_no_scope_beyond_its_role(service: Service) -> None:
    tenant = await service.tenant()
    for scopes in (frozenset(Scope), frozenset[Scope]()):
        with pytest.raises(InvalidRequest):
            await service.key(tenant, Role.READER, scopes=scopes)


async def test_only_digests_are_kept(service: Service) -> None:
    tenant = await service.tenant()
    key = await service.key(tenant)
    stored = await service.keys.find(key.key.prefix)
    assert stored is not None
    assert len(stored.digest) == 32
    secret = key.token.rpartition("_")[2]
    assert secret not in repr(stored) + repr(key)
    assert service.clock.now() + timedelta(0) == key.key.lifetime.created_at
