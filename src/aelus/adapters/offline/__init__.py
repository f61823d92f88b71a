"""Vectors without a service: static word vectors that ship with the package.

Here: splitting text into known words, the table of their vectors, and the embedder over both.
The table is made by `training/` of the repository.
"""

from aelus.adapters.offline.affinity import OfflineAffinity
from aelus.adapters.offline.embedder import OfflineEmbedder

__all__ = ["OfflineAffinity", "OfflineEmbedder"]
