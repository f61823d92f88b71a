"""What the service sends for a vector, in each of its output types, as unit vectors of floats."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from aelus.domain.search import Vector

OutputType = Literal["float", "int8", "uint8", "binary", "ubinary"]

_PACKED: Final = ("binary", "ubinary")
_MIDDLE: Final = 128
"""What unsigned bytes, and the bytes of `binary`, are shifted by. Source: Voyage AI, "Flexible dimensions and quantization"."""


def unit_vectors(embeddings: Sequence[Sequence[float]], *, count: int, dimensions: int, output_type: OutputType) -> list[Vector]:
    """Raises ValueError for anything but `count` vectors of `dimensions`, of which none is zero."""
    rows = _rows(np.asarray(embeddings, np.float32), output_type)
    if rows.shape != (count, dimensions):
        raise ValueError("not the vectors that were asked for")
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise ValueError("vectors without a direction")
    return [array("f", row.tobytes()) for row in rows / lengths]


def _rows(sent: NDArray[np.float32], output_type: OutputType) -> NDArray[np.float32]:
    """Shape: (count, dimensions)."""
    if output_type in _PACKED:
        shift = _MIDDLE if output_type == "binary" else 0
        bits = np.unpackbits((sent + shift).astype(np.uint8), axis=-1)
        return bits.astype(np.float32) * 2 - 1
    return sent - _MIDDLE if output_type == "uint8" else sent
