"""What is kept secret about a repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SecretPurpose(StrEnum):
    CREDENTIAL = "credential"
    """What its Git server asks for: `user:password`, or a token alone."""
    WEBHOOK = "webhook"
    """What its Git server signs the announcement of a push with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """A name and a password, or a token, for a Git server."""

    username: str
    password: str = field(repr=False)


DEFAULT_USERNAME = "git"
"""Servers that take a token look at the password alone, and want some name."""


def read_credential(text: str) -> Credential:
    """From `user:password`, or a token alone."""
    username, colon, password = text.partition(":")
    return Credential(username=username, password=password) if colon else Credential(username=DEFAULT_USERNAME, password=text)
