"""Reads a graph as JSON lines and prints the name of the function that is called from most places: a good one to ask about."""

from __future__ import annotations

import json
import sys
from collections import Counter


def main() -> None:
    names: dict[str, str] = {}
    calls: Counter[str] = Counter()
    for line in map(json.loads, sys.stdin):
        if line["type"] == "node" and line["kind"] in ("Function", "Method"):
            names[line["id"]] = line["qualified_name"]
        elif line.get("kind") == "CALLS" and line["dst"] in names:
            calls[line["dst"]] += 1
    print(next((names[called] for called, _ in calls.most_common(1)), ""))


if __name__ == "__main__":
    main()
