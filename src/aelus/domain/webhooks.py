"""Announcements of pushes, as Git servers send them: who signed them, and what they say.

Source: GitHub, "Validating webhook deliveries"; GitLab, "Webhooks"; Gitea, "Webhooks".
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

HEADS: Final = "refs/heads/"
NO_COMMIT: Final = "0" * 40
"""What stands for the commit of a branch that was deleted."""
Headers = Mapping[str, str]
"""By lower-case name."""


class Provider(StrEnum):
    GITHUB = "github"
    GITLAB = "gitlab"
    GITEA = "gitea"


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    branch: str
    default_branch: str
    """Empty where the announcement does not say it."""
    deleted: bool


def is_signed(provider: Provider, headers: Headers, body: bytes, secret: str) -> bool:
    """Whether the sender knows the secret. Takes the same time whatever it is that differs."""
    return _SIGNATURES[provider](headers, body, secret)


def delivery_of(provider: Provider, headers: Headers, body: bytes) -> str:
    """What tells a delivery from all others: its content where that is signed, else the number that the server gave it.

    A number beside signed content is not signed: whoever has seen a delivery could send it again under another one.
    """
    given = next((headers[name] for name in _NUMBERS.get(provider, ()) if headers.get(name)), "")
    return hashlib.sha256(given.encode("utf-8", "surrogateescape") or body).hexdigest()


def is_push(provider: Provider, headers: Headers) -> bool:
    """Whether it announces a push to a branch or a tag, and nothing else that the server may tell of."""
    name, event = _EVENTS[provider]
    return headers.get(name, "") == event


def read_push(payload: object) -> Push | None:
    """What a push announces; None for tags, and for what is no such announcement."""
    if not isinstance(payload, dict):
        return None
    reference, after = payload.get("ref"), payload.get("after")
    if not isinstance(reference, str) or not reference.startswith(HEADS):
        return None
    described = payload.get("repository") or payload.get("project")
    shown = payload.get("project") if isinstance(payload.get("project"), dict) else described
    default = shown.get("default_branch") if isinstance(shown, dict) else ""
    return Push(
        branch=reference.removeprefix(HEADS),
        default_branch=default if isinstance(default, str) else "",
        deleted=after == NO_COMMIT or payload.get("deleted") is True,
    )


def _digest(body: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _github(headers: Headers, body: bytes, secret: str) -> bool:
    return _same(headers.get("x-hub-signature-256", ""), f"sha256={_digest(body, secret)}")


def _gitea(headers: Headers, body: bytes, secret: str) -> bool:
    return _same(headers.get("x-gitea-signature", ""), _digest(body, secret))


def _gitlab(headers: Headers, _body: bytes, secret: str) -> bool:
    return _same(headers.get("x-gitlab-token", ""), secret)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


_SIGNATURES: Final[Mapping[Provider, Callable[[Headers, bytes, str], bool]]] = {
    Provider.GITHUB: _github,
    Provider.GITLAB: _gitlab,
    Provider.GITEA: _gitea,
}
_NUMBERS: Final[Mapping[Provider, tuple[str, ...]]] = {Provider.GITLAB: ("idempotency-key", "x-gitlab-event-uuid")}
"""Of those that show the secret itself: whoever has seen that can send what they like."""
_EVENTS: Final[Mapping[Provider, tuple[str, str]]] = {
    Provider.GITHUB: ("x-github-event", "push"),
    Provider.GITLAB: ("x-gitlab-event", "Push Hook"),
    Provider.GITEA: ("x-gitea-event", "push"),
}
