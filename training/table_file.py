"""The word table's file: what `aelus.adapters.offline.table` reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(slots=True)
class Table:
    words: list[str]
    costs: Floats
    rows: Floats
    """Shape: (words + buckets, dimensions) float32."""
    document_weights: Floats
    query_weights: Floats
    buckets: int


def write_table(table: Table, model: str, path: Path) -> None:
    """Quantise every row to 8 bits by its own scale."""
    scales = np.abs(table.rows).max(1).clip(1e-9) / 127
    np.savez(
        path,
        model=np.array(model),
        words=np.frombuffer("\n".join(table.words).encode(), np.uint8),
        costs=table.costs.astype(np.float16),
        rows=np.round(table.rows / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
        document_weights=table.document_weights.astype(np.float32),
        query_weights=table.query_weights.astype(np.float32),
        buckets=np.array(table.buckets),
    )


def read_table(path: Path) -> Table:
    with np.load(path) as data:
        return Table(
            words=data["words"].tobytes().decode().split("\n"),
            costs=data["costs"].astype(np.float32),
            rows=data["rows"].astype(np.float32) * data["scales"][:, None],
            document_weights=data["document_weights"],
            query_weights=data["query_weights"],
            buckets=int(data["buckets"]),
        )
