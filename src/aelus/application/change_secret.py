"""Keep or forget what is secret about a repository."""

from __future__ import annotations

from aelus.domain.repository import RepositoryId
from aelus.domain.secrets import OF_LINES, SecretPurpose
from aelus.domain.tenancy import TenantId
from aelus.ports.errors import InvalidRequest
from aelus.ports.repository_store import RepositoryStore
from aelus.ports.secret_store import SecretStore

LEAST_WEBHOOK = 16
MOST = 4096
MOST_OF_LINES = 32_768


class ChangeSecret:
    """A secret goes in and is never shown again."""

    def __init__(self, *, secrets: SecretStore, repositories: RepositoryStore) -> None:
        self._secrets = secrets
        self._repositories = repositories

    async def __call__(self, tenant: TenantId, repository: RepositoryId, purpose: SecretPurpose, secret: str | None) -> None:
        """Keep the secret in place of the one before; None forgets it.

        Raises:
            NotFound: there is no such repository.
            InvalidRequest: it cannot be a secret.
            Misconfigured: there is no key to seal it with.
        """
        await self._repositories.get(tenant, repository)
        if secret is None:
            await self._secrets.forget(tenant, repository, purpose)
            return
        least, most = LEAST_WEBHOOK if purpose is SecretPurpose.WEBHOOK else 1, MOST_OF_LINES if purpose in OF_LINES else MOST
        lines = secret.splitlines() if purpose in OF_LINES else [secret]
        if not least <= len(secret) <= most or not all(line.isprintable() for line in lines):
            raise InvalidRequest(f"The secret must have {least} to {most} characters that can be printed.", "Give another one.")
        await self._secrets.put(tenant, repository, purpose, secret)
