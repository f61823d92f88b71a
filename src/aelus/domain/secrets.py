"""What is kept secret about a repository."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class SecretPurpose(StrEnum):
    CREDENTIAL = "credential"
    """What its Git server asks for: `user:password`, or a token alone."""
    SSH_KEY = "ssh_key"
    """The private key that its Git server admits, without a passphrase (PEM or OpenSSH's form)."""
    KNOWN_HOSTS = "known_hosts"
    """The host keys of its Git server, as in the file of that name."""
    WEBHOOK = "webhook"
    """What its Git server signs the announcement of a push with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """What opens a Git server: a name and a password, or a token; over ssh, a private key and the host keys that are trusted."""

    username: str = ""
    password: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)
    known_hosts: str = ""


FOR_ITS_SERVER = (SecretPurpose.CREDENTIAL, SecretPurpose.SSH_KEY, SecretPurpose.KNOWN_HOSTS)
"""What is forgotten when a repository moves to another address, be it of the same server."""
OF_LINES = (SecretPurpose.SSH_KEY, SecretPurpose.KNOWN_HOSTS)
"""Those that have several lines."""
DEFAULT_USERNAME = "git"
"""Servers that take a token look at the password alone, and want some name."""


def read_credential(text: str) -> Credential:
    """From `user:password`, or a token alone."""
    username, colon, password = text.partition(":")
    return Credential(username=username, password=password) if colon else Credential(username=DEFAULT_USERNAME, password=text)
