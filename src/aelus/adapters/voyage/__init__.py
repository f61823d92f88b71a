"""Vectors from Voyage AI, by its own client.

Needs the extra `aelus[voyage]`; the client is imported when an embedder is made, not before.
"""

from aelus.adapters.voyage.embedder import VoyageEmbedder

__all__ = ["VoyageEmbedder"]
