"""What may be said in the settings of an external issuer of tokens."""

from __future__ import annotations

from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

Algorithm = Literal["EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def _safe(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("must be an https:// address")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("must be an address without user, query and fragment")
    return address


Address = Annotated[str, AfterValidator(_safe)]


class OidcIssuer(BaseModel):
    """One issuer whose tokens are believed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    issuer: Address
    audience: str = Field(min_length=1)
    algorithms: tuple[Algorithm, ...] = Field(("RS256",), min_length=1)
    jwks_url: Address | None = None
    """Where its keys lie, when that is not on its own server as its discovery document says."""
    tenant: UUID | None = None
    """The one tenant that it speaks of; or else:"""
    tenant_claim: str = ""
    """The claim that names the tenant."""
    tenants: dict[str, UUID] = Field(default_factory=dict)
    """What that claim may say, and which tenant is meant."""
    any_tenant: bool = False
    """Whether the claim is the tenant's id itself, so that the issuer may speak for every tenant. Then `tenants` is left out."""
    roles_claim: str = ""
    """The claim with a role or several, of owner, admin, member, reader; the highest counts. Members of the tenant have their own role."""
    groups_claim: str = ""
    """The claim with names of groups, whose repositories are open to who is no member."""

    @model_validator(mode="after")
    def _name_a_tenant(self) -> Self:
        if (self.tenant is None) == (not self.tenant_claim):
            raise ValueError("give either tenant or tenant_claim")
        if self.tenant_claim and self.any_tenant == bool(self.tenants):
            raise ValueError("give with tenant_claim either tenants, or any_tenant where the issuer may speak for every tenant")
        return self
