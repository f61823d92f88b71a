"""The id of a request, on its way through the database and into the worker."""

from __future__ import annotations

import pytest

from aelus.adapters.postgres.database import Database
from aelus.domain.origin import on_behalf_of
from aelus.domain.tenancy import LOCAL_TENANT


@pytest.mark.parametrize(
    ("request_id", "named"),
    [("request-1", "aelus request-1"), ("", "aelus"), ("x'; drop table jobs; --", "aelus"), ("r" * 128, "aelus " + "r" * 57)],
)
async def test_a_session_bears_the_request_as_long_as_it_works_for_it(database: Database, request_id: str, named: str) -> None:
    with on_behalf_of(request_id):
        async with database.tenant(LOCAL_TENANT) as connection:
            during = await connection.fetchval("show application_name")
        async with database.operator() as connection:
            as_operator = await connection.fetchval("show application_name")
    async with database.connection() as connection:
        after = await connection.fetchval("show application_name")
    assert (during, as_operator, after) == (named, named, "aelus")
