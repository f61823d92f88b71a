from __future__ import annotations

from uuid import uuid4

from aelus.adapters.postgres.facts_cache import SPREAD, FactsCache
from index_builder import facts

TENANT = uuid4()
FACTS = facts()


def keep(cache: FactsCache, *blobs: str, size_bytes: int = 1) -> None:
    cache.keep(TENANT, "1", dict.fromkeys(blobs, FACTS), dict.fromkeys(blobs, bytes(size_bytes)))


def kept(cache: FactsCache, *blobs: str) -> set[str]:
    return set(cache.known(TENANT, "1", blobs))


def test_what_was_not_used_for_the_longest_time_goes_first() -> None:
    cache = FactsCache(2 * SPREAD)
    keep(cache, "a", "b")
    kept(cache, "a")
    keep(cache, "c")
    assert kept(cache, "a", "b", "c") == {"a", "c"}


def test_a_repository_larger_than_the_cache_drives_nothing_out() -> None:
    cache = FactsCache(2 * SPREAD)
    keep(cache, "a")
    keep(cache, "b", "c", "d")
    assert kept(cache, "a", "b", "c", "d") == {"a"}


def test_facts_of_another_tenant_or_version_are_not_known() -> None:
    cache = FactsCache()
    keep(cache, "a")
    assert not cache.known(uuid4(), "1", ["a"])
    assert not cache.known(TENANT, "2", ["a"])


def test_what_is_kept_again_counts_once() -> None:
    cache = FactsCache(2 * SPREAD)
    keep(cache, "a")
    keep(cache, "b")
    keep(cache, "b")
    assert kept(cache, "a", "b") == {"a", "b"}
