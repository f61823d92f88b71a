"""Hear from a Git server that a branch was pushed to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from aelus.application.request_ingestion import RequestIngestion
from aelus.domain.jobs import Job
from aelus.domain.repository import Repository, RepositoryId
from aelus.domain.secrets import SecretPurpose
from aelus.domain.tenancy import TenantId
from aelus.domain.webhooks import Headers, Provider, Push, delivery_of, is_push, is_signed, read_push
from aelus.ports.clock import Clock
from aelus.ports.delivery_store import DeliveryStore
from aelus.ports.errors import InvalidRequest, NotAuthenticated
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.secret_store import SecretStore

NOBODY = UUID(int=0)
NOBODYS_SECRET = "0" * 32
"""Looked up and compared with where there is no repository or no secret, so that this takes as long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    job: Job | None
    """None where there is nothing to do."""
    reason: str
    """Why not."""
    tenant: TenantId
    """Whose repository it is."""


class ReceivePush:
    """Asks for a branch of a repository to be indexed when it was pushed to."""

    def __init__(
        self, *, repositories: RepositoryStore, secrets: SecretStore, deliveries: DeliveryStore, request: RequestIngestion, clock: Clock
    ) -> None:
        self._repositories = repositories
        self._secrets = secrets
        self._deliveries = deliveries
        self._request = request
        self._clock = clock

    async def __call__(self, provider: Provider, repository_id: RepositoryId, headers: Headers, body: bytes) -> Reception:
        """Check who sent it, and act on it once.

        Raises:
            NotAuthenticated: there is no such repository, or it has no webhook secret, or the sender does not know it.
            InvalidRequest: it is no JSON.
            Unavailable: the queue does not answer. The server delivers again, or a worker finds the job when it starts.
        """
        tenant = await self._repositories.owner(repository_id)
        secret = await self._secrets.get(tenant or NOBODY, repository_id, SecretPurpose.WEBHOOK)
        signed = is_signed(provider, headers, body, secret or NOBODYS_SECRET)
        if tenant is None or secret is None or not signed:
            raise NotAuthenticated(
                "The announcement is not signed with the secret of this repository.", "Set the same secret at both ends."
            )
        payload = _parsed(body)
        if not is_push(provider, headers):
            return Reception(job=None, reason="It announces no push.", tenant=tenant)
        return await self._act(tenant, await self._repositories.get(tenant, repository_id), delivery_of(provider, headers, body), payload)

    async def _act(self, tenant: TenantId, repository: Repository, delivery: str, payload: object) -> Reception:
        push = read_push(payload)
        pushed = None if push is None else await self._pushed(tenant, repository, push)
        if pushed is None:
            return Reception(job=None, reason="No branch that is indexed was pushed to.", tenant=tenant)
        if await self._deliveries.knows(tenant, repository.id, delivery):
            return Reception(job=None, reason="This delivery has come before.", tenant=tenant)
        job = await self._request(tenant, pushed.id)
        await self._deliveries.remember(tenant, repository.id, delivery, at=self._clock.now())
        return Reception(job=job, reason="", tenant=tenant)

    async def _pushed(self, tenant: TenantId, repository: Repository, push: Push) -> Repository | None:
        """The index of the branch that was pushed to."""
        if _concerns(push, repository):
            return repository
        branches = await self._repositories.branches(tenant, repository.id)
        return next((one for one in branches if one.branch == push.branch and not push.deleted), None)


def _concerns(push: Push, repository: Repository) -> bool:
    wanted = repository.branch or push.default_branch
    return not push.deleted and (not wanted or push.branch == wanted)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequest("The announcement is no JSON.", "Set the webhook's content type to application/json.") from error
