"""The driver's errors as the ports' errors, in one place. No message carries an address with its password."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import asyncpg

from aelus.ports.errors import Conflict, InvalidRequest, Misconfigured, NotFound, PortError, Unavailable

REFUSED: Final = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.UndefinedTableError,
)
AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that the server has just ended, and that the driver does not know of yet
    ConnectionError,
    TimeoutError,
    OSError,
)
FULL: Final = (asyncpg.DiskFullError, asyncpg.OutOfMemoryError)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise errors of the database as what they mean. `doing` completes "The database failed while …"."""
    try:
        yield
    except PortError:
        raise
    except asyncpg.UniqueViolationError as error:
        raise Conflict(f"It exists already: {doing}.", "Take another name.") from error
    except asyncpg.ForeignKeyViolationError as error:
        raise NotFound(f"What it belongs to does not exist: {doing}.") from error
    except FULL as error:
        raise Misconfigured("The database has no room left.", "Make room on its disk.") from error
    except REFUSED as error:
        raise Misconfigured(f"The database refuses: {error.args[0] if error.args else error}.", "Check AELUS_DATABASE_URL.") from error
    except AWAY as error:
        raise _unreachable(error) from error
    except asyncpg.DataError as error:
        raise InvalidRequest(f"A value cannot be used: {doing}.", "Give another one.") from error
    except asyncpg.PostgresError as error:
        raise Unavailable(f"The database failed while {doing}: {error.sqlstate}.", "Try again; its log says more.") from error


def _unreachable(error: Exception) -> PortError:
    if isinstance(error, socket.gaierror):
        return Misconfigured("The database's host name is not known.", "Check AELUS_DATABASE_URL.")
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Misconfigured("The disk is full.", "Make room.")
    return Unavailable("The database does not answer.", "Check that it runs and that AELUS_DATABASE_URL is right.")
