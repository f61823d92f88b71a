"""All errors that a port may raise.

    PortError
    ├── InvalidRequest              the caller asked for something that cannot be done
    │   ├── LocationNotFound        no such path, not a folder, no such URL or branch
    │   ├── NothingToIndex          the location holds no file of a known language
    │   └── LimitExceeded           more than a configured limit allows
    ├── NotAuthenticated            the caller does not prove who it is
    ├── NotAllowed                  the caller is known, and may not do this
    ├── NotFound                    no such object of this tenant
    ├── Conflict                    the object exists, or is busy
    ├── QuotaExceeded               the tenant has as much as it may have
    ├── Unavailable (retryable)     a service does not answer now
    │   └── RateLimited             it says when to come back
    └── Misconfigured               a setting, a database or a folder must be put right by its owner
        ├── SchemaTooNew            the database was written by a newer Aelus
        └── ExtensionMissing        the database lacks an extension

Every error is picklable (it crosses to workers): fields are its `args`. The text is for the person who asked: what happened, to which id,
what to do next. It never carries credentials.
"""

from __future__ import annotations

from typing import ClassVar

from aelus.domain.quotas import Quota


class PortError(Exception):
    """`message`: what happened, to what. `hint`: what to do next."""

    retryable: ClassVar[bool] = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InvalidRequest(PortError):
    pass


class LocationNotFound(InvalidRequest):
    pass


class NothingToIndex(InvalidRequest):
    pass


class LimitExceeded(InvalidRequest):
    pass


class NotAuthenticated(PortError):
    pass


class NotAllowed(PortError):
    pass


class NotFound(PortError):
    pass


class Conflict(PortError):
    pass


class QuotaExceeded(PortError):
    """`limit` and `usage` are in the unit of the quota; `usage` is what there is now, without what was asked for."""

    def __init__(self, quota: Quota, limit: int, usage: int) -> None:
        super().__init__(
            f"The quota {str(quota)!r} is used up: its limit is {limit:,}, and {usage:,} are in use.",
            "Ask an operator for a higher one, or make room." if quota is not Quota.JOBS else "Wait until jobs have ended.",
        )
        self.args = (quota, limit, usage)
        self.quota = quota
        self.limit = limit
        self.usage = usage


class Unavailable(PortError):
    retryable: ClassVar[bool] = True


class RateLimited(Unavailable):
    """`retry_after_s`: seconds to wait; 0 when the service did not say."""

    def __init__(self, message: str, hint: str = "", retry_after_s: float = 0.0) -> None:
        super().__init__(message, hint)
        self.args = (message, hint, retry_after_s)
        self.retry_after_s = retry_after_s


class Misconfigured(PortError):
    pass


class SchemaTooNew(Misconfigured):
    pass


class ExtensionMissing(Misconfigured):
    pass
