"""Every store twice: in memory and in PostgreSQL."""

from __future__ import annotations

import pytest

from aelus.adapters.postgres.database import Database
from stores import Stores, in_memory, in_postgres


@pytest.fixture(params=["memory", "postgres"])
def stores(request: pytest.FixtureRequest) -> Stores:
    """A database is made for those who keep something in it."""
    if request.param == "memory":
        return in_memory()
    database: Database = request.getfixturevalue("database")
    return in_postgres(database)
