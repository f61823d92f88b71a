"""What is checked of every token, in one place. Source: RFC 8725 (JWT best current practices), RFC 9068 (JWT access tokens)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import jwt

from aelus.ports.errors import NotAuthenticated

LEEWAY_S: Final = 30
"""Clocks may differ by so much."""
ASYMMETRIC: Final = ("EdDSA", "ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
"""Whoever can check a signature must not be able to make one: no other algorithm is ever taken, whatever a token says."""
REQUIRED: Final = ("iss", "aud", "sub", "iat", "exp")

ACCESS_TYPES: Final = ("", "jwt", "at+jwt")
"""What the header of another issuer's token may call itself; those for something else (a logout, an event) give no access."""

Claims = Mapping[str, Any]


@contextmanager
def refused() -> Iterator[None]:
    """Whatever is wrong with a token, the one who shows it hears the same."""
    try:
        yield
    except (jwt.PyJWTError, ArithmeticError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise NotAuthenticated("The token is not good: it is not one, or its time is over, or it is for somebody else.") from error


def header_of(text: str) -> Mapping[str, Any]:
    """What a token says of how it is signed. Raises NotAuthenticated."""
    with refused():
        return dict(jwt.get_unverified_header(text))


def is_access_token(header: Mapping[str, Any]) -> bool:
    """Whether a token's header does not say that it is for something else. Source: RFC 8725, 3.11."""
    kind = header.get("typ", "")
    return isinstance(kind, str) and kind.lower().removeprefix("application/") in ACCESS_TYPES


def claimed_issuer(text: str) -> str:
    """Who a token says has made it, which proves nothing; empty where it says nothing."""
    try:
        issuer = jwt.decode(text, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return ""
    return issuer if isinstance(issuer, str) else ""


def checked(text: str, key: jwt.PyJWK, *, algorithms: Sequence[str], audience: str, issuer: str, required: Sequence[str] = ()) -> Claims:
    """The claims of a token that holds. Raises NotAuthenticated."""
    with refused():
        claims: Claims = jwt.decode(
            text,
            key,
            algorithms=[name for name in algorithms if name in ASYMMETRIC],
            audience=audience,
            issuer=issuer,
            leeway=LEEWAY_S,
            options={"require": [*REQUIRED, *required]},
        )
        return claims
