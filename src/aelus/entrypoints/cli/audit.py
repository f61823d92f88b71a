"""`aelus audit`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from aelus.domain.audit import AuditEntry, Outcome
from aelus.domain.tenancy import TenantId
from aelus.entrypoints.cli.graph_lines import json_line
from aelus.entrypoints.cli.service import TENANT, service
from aelus.entrypoints.cli.terminal import printable
from aelus.entrypoints.use_cases import UseCases
from aelus.ports.errors import InvalidRequest

ACTOR = "command line"


async def run(given: argparse.Namespace) -> None:
    if given.operators and given.tenant is not None:
        raise InvalidRequest("An audit log is of a tenant, or of operators.", "Leave --tenant or --operators out.")
    whose = None if given.operators else given.tenant or TENANT
    bounds = {name: day for name, day in (("since", given.since), ("until", given.until)) if day is not None}
    found = False
    async with service() as use:
        async for entry in use.audit_trail().everything(whose, **bounds):
            found = True
            if given.json:
                sys.stdout.buffer.write(json_line(entry_object(entry)))
            else:
                print(_line(entry))
    if not found and not given.json:
        print("Nothing is recorded of that time." if bounds else "Nothing is recorded yet.")


async def record(use: UseCases, tenant: TenantId | None, action: str, subject: str) -> None:
    """Write down what was done at the machine itself, in the operators' log where there is no tenant."""
    await use.audit_trail().record(tenant, actor=ACTOR, action=action, subject=subject, outcome=Outcome.DONE)


def entry_object(entry: AuditEntry) -> Mapping[str, object]:
    return {
        "id": str(entry.id),
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "object": entry.object,
        "origin": entry.origin,
        "outcome": entry.outcome.value,
        "status": entry.status,
        "request_id": entry.request_id,
    }


def _line(entry: AuditEntry) -> str:
    origin = f" from {entry.origin}" if entry.origin else ""
    return f"{entry.at:%Y-%m-%d %H:%M:%S}  {entry.outcome.value:<7}  {entry.action}  {printable(entry.object)}  by {entry.actor}{origin}"
