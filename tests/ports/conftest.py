"""Every store twice: in memory and in PostgreSQL."""

from __future__ import annotations

import pytest

from aelus.adapters.postgres.database import Database
from stores import Stores, in_memory, in_postgres


@pytest.fixture(params=["memory", "postgres"])
def stores(request: pytest.FixtureRequest, database: Database) -> Stores:
    return in_memory() if request.param == "memory" else in_postgres(database)
