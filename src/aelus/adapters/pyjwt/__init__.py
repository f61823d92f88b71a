"""JSON Web Tokens, by the package PyJWT: those of this service, and those of issuers that it believes."""

from aelus.adapters.pyjwt.issuer import JwtIssuer
from aelus.adapters.pyjwt.providers import JwtProviders, TrustedIssuer

__all__ = ["JwtIssuer", "JwtProviders", "TrustedIssuer"]
