"""What the client raises, in the words of `ports.errors`.

The originals are not chained: their texts repeat what the service sent back, which may hold the key or source code.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

import aiohttp
from voyageai import error as voyage

from aelus.ports.errors import LimitExceeded, Misconfigured, PortError, RateLimited, Unavailable

_MAX_DETAIL: Final = 200
_LATER: Final = "Run it again later; what is indexed stays searchable."
_FORBIDDEN: Final = 403


@contextmanager
def translated(model: str, key: str) -> Iterator[None]:
    """Turn errors of the client and its transport into those of the ports.

    Raises:
        Unavailable: no answer, a broken one, or the service's own failure.
        RateLimited: too many calls; `retry_after_s` when the service said it.
        Misconfigured: the key, the model or its dimensions are refused.
        LimitExceeded: the texts have more tokens than a call admits.
    """
    try:
        yield
    except (TimeoutError, voyage.Timeout):
        raise Unavailable(f"Voyage did not answer in time for {model}.", _LATER) from None
    except voyage.VoyageError as error:
        raise _port_error(error, model, key) from None
    except (aiohttp.ClientError, OSError) as error:
        raise Unavailable(f"The connection to Voyage failed for {model} ({type(error).__name__}).", _LATER) from None
    except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
        raise Unavailable(f"Voyage's answer for {model} cannot be read ({type(error).__name__}).", _LATER) from None


def _port_error(error: voyage.VoyageError, model: str, key: str) -> PortError:
    status, detail = error.http_status, _detail(error, key)
    if isinstance(error, voyage.AuthenticationError) or status == _FORBIDDEN:
        return Misconfigured("Voyage refuses the API key.", "Set VOYAGE_API_KEY to a valid key, or unset it to embed offline.")
    if isinstance(error, voyage.RateLimitError):
        return RateLimited(f"Voyage's rate limit is reached for {model}.", _LATER, retry_after_s(error.headers))
    if isinstance(error, voyage.InvalidRequestError | voyage.MalformedRequestError):
        return _refused(detail, model)
    if status is None:
        return Unavailable(f"Voyage cannot be reached for {model} ({type(error).__name__}).", _LATER)
    return Unavailable(f"Voyage failed for {model} with HTTP status {status}.", _LATER)


def _refused(detail: str, model: str) -> PortError:
    if "token" in detail.lower():
        return LimitExceeded(f"Voyage finds the texts too long for {model}: {detail}")
    return Misconfigured(f"Voyage refuses the request for {model}: {detail}", "Check the embedding model and its dimensions.")


def _detail(error: voyage.VoyageError, key: str) -> str:
    return str(error.user_message).replace(key, "[key]")[:_MAX_DETAIL]


def retry_after_s(headers: Mapping[str, str]) -> float:
    """Of the `Retry-After` header, in seconds or as a date; 0 when there is none that can be read. Source: RFC 9110, 10.2.3."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        seconds = float(value)
    except ValueError:
        return _until(value)
    return max(seconds, 0.0) if math.isfinite(seconds) else 0.0


def _until(date: str) -> float:
    try:
        moment = parsedate_to_datetime(date)
    except ValueError:
        return 0.0
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)
