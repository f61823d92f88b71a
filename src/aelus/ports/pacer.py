"""Keeping calls to a service apart, for all processes that share its limit."""

from __future__ import annotations

from typing import Protocol


class Pacer(Protocol):
    async def reserve(self, name: str, seconds: float) -> float:
        """Take the next free `seconds` of what is called `name`; returns the seconds to wait until they begin.

        Raises Unavailable.
        """
        ...

    async def hold(self, name: str, seconds: float) -> None:
        """Let nothing more begin for so long: the service asked for it. Raises Unavailable."""
        ...
