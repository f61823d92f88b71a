"""The SQL of the stores, in files beside this one: each section starts with `-- name: NAME` and a line that describes it."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

SECTION: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)


def load(file: str, name: str) -> str:
    """One statement of `FILE.sql`.

    Raises KeyError when there is none of the name.
    """
    return _sections(file)[name]


@cache
def _sections(file: str) -> dict[str, str]:
    text = (files(__package__) / f"{file}.sql").read_text("utf-8")
    parts = SECTION.split(text)
    return {parts[position]: parts[position + 1].strip() for position in range(1, len(parts), 2)}
