"""Members, groups and keys of the caller's tenant over HTTP."""

from __future__ import annotations

from starlette.responses import Response

from aelus.application.change_users import UserChange
from aelus.application.issue_key import IssuedKey, NewKey
from aelus.domain.credentials import ApiKey
from aelus.domain.members import User
from aelus.entrypoints.http import identity_models as models
from aelus.entrypoints.http.calls import Call
from aelus.entrypoints.http.models import NoParameters, PageParameters


async def own_tenant(call: Call[NoParameters, None]) -> models.OwnTenantAnswer:
    principal = call.principal
    tenant = await call.use.read_tenants().one(call.tenant)
    return models.OwnTenantAnswer(
        id=tenant.id,
        name=tenant.name,
        created_at=tenant.created_at,
        subject=principal.subject,
        role=principal.role,
        scopes=sorted(principal.scopes),
        all_repositories=principal.repositories is None,
    )


async def add_user(call: Call[NoParameters, models.NewUser]) -> models.UserAnswer:
    body = call.body
    wanted = UserChange(name=body.name, role=body.role, all_repositories=body.all_repositories, external=body.external)
    return user_answer(await call.use.change_users().add(call.tenant, wanted, by=call.principal))


async def users(call: Call[PageParameters, None]) -> models.UserPageAnswer:
    found = await call.use.read_members()(call.tenant, after=call.parameters.cursor, limit=call.parameters.limit)
    return models.UserPageAnswer(
        items=[user_answer(user) for user in found.items], next_cursor=found.items[-1].name if found.more else None
    )


async def user(call: Call[models.UserParameters, None]) -> models.UserAnswer:
    return user_answer(await call.use.read_members().one(call.tenant, call.parameters.user_id))


async def change_user(call: Call[models.UserParameters, models.UserPatch]) -> models.UserAnswer:
    body = call.body
    change = UserChange(name=body.name, role=body.role, all_repositories=body.all_repositories, external=body.external)
    return user_answer(await call.use.change_users()(call.tenant, call.parameters.user_id, change, by=call.principal))


async def remove_user(call: Call[models.UserParameters, None]) -> Response:
    await call.use.change_users().remove(call.tenant, call.parameters.user_id, by=call.principal)
    return Response(status_code=204)


async def user_grants(call: Call[models.UserParameters, None]) -> models.GrantsAnswer:
    return models.GrantsAnswer(repository_ids=sorted(await call.use.read_members().granted(call.tenant, call.parameters.user_id)))


async def grant_to_user(call: Call[models.UserParameters, models.RepositoryGrants]) -> Response:
    await call.use.change_groups().grant(call.tenant, call.parameters.user_id, call.body.repository_ids)
    return Response(status_code=204)


async def add_group(call: Call[NoParameters, models.NewGroup]) -> models.GroupAnswer:
    group = await call.use.change_groups()(call.tenant, call.body.name)
    return models.GroupAnswer(id=group.id, name=group.name)


async def groups(call: Call[PageParameters, None]) -> models.GroupPageAnswer:
    found = await call.use.read_members().groups(call.tenant, after=call.parameters.cursor, limit=call.parameters.limit)
    items = [models.GroupAnswer(id=group.id, name=group.name) for group in found.items]
    return models.GroupPageAnswer(items=items, next_cursor=items[-1].name if found.more else None)


async def remove_group(call: Call[models.GroupParameters, None]) -> Response:
    await call.use.change_groups().remove(call.tenant, call.parameters.group_id)
    return Response(status_code=204)


async def group_members(call: Call[models.GroupParameters, None]) -> models.GroupMembersAnswer:
    return models.GroupMembersAnswer(user_ids=sorted(await call.use.read_members().members(call.tenant, call.parameters.group_id)))


async def set_group_members(call: Call[models.GroupParameters, models.GroupMembers]) -> Response:
    await call.use.change_groups().set_members(call.tenant, call.parameters.group_id, call.body.user_ids)
    return Response(status_code=204)


async def group_grants(call: Call[models.GroupParameters, None]) -> models.GrantsAnswer:
    return models.GrantsAnswer(repository_ids=sorted(await call.use.read_members().granted(call.tenant, call.parameters.group_id)))


async def grant_to_group(call: Call[models.GroupParameters, models.RepositoryGrants]) -> Response:
    await call.use.change_groups().grant(call.tenant, call.parameters.group_id, call.body.repository_ids)
    return Response(status_code=204)


async def add_key(call: Call[NoParameters, models.NewApiKey]) -> models.IssuedKeyAnswer:
    body = call.body
    scopes = None if body.scopes is None else frozenset(body.scopes)
    wanted = NewKey(name=body.name, role=body.role, scopes=scopes, user_id=body.user_id, days=body.expires_in_days)
    return issued_answer(await call.use.issue_key()(call.tenant, wanted, by=call.principal))


async def keys(call: Call[models.KeyPageParameters, None]) -> models.ApiKeyPageAnswer:
    found = await call.use.read_members().keys(call.tenant, after=call.parameters.cursor, limit=call.parameters.limit)
    return models.ApiKeyPageAnswer(items=[key_answer(key) for key in found.items], next_cursor=found.items[-1].id if found.more else None)


async def rotate_key(call: Call[models.KeyParameters, None]) -> models.IssuedKeyAnswer:
    return issued_answer(await call.use.issue_key().rotate(call.tenant, call.parameters.key_id, by=call.principal))


async def revoke_key(call: Call[models.KeyParameters, None]) -> Response:
    await call.use.revoke_key()(call.tenant, call.parameters.key_id, by=call.principal)
    return Response(status_code=204)


def user_answer(user: User) -> models.UserAnswer:
    return models.UserAnswer(
        id=user.id,
        name=user.name,
        role=user.role,
        all_repositories=user.all_repositories,
        external=user.external,
        created_at=user.created_at,
    )


def key_answer(key: ApiKey) -> models.ApiKeyAnswer:
    return models.ApiKeyAnswer(
        id=key.id,
        name=key.name,
        prefix=key.prefix,
        role=key.role,
        scopes=sorted(key.scopes),
        user_id=key.user_id,
        created_at=key.lifetime.created_at,
        expires_at=key.lifetime.expires_at,
        revoked_at=key.lifetime.revoked_at,
    )


def issued_answer(issued: IssuedKey) -> models.IssuedKeyAnswer:
    return models.IssuedKeyAnswer(key=issued.token, **key_answer(issued.key).model_dump())
