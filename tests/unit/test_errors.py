"""Errors of ports: they cross to other processes whole, and speak for themselves."""

from __future__ import annotations

import pickle
from collections.abc import Iterator

import pytest

from aelus.domain.quotas import Quota
from aelus.entrypoints.http.problems import status_of
from aelus.ports import errors
from aelus.ports.errors import PortError, QuotaExceeded, RateLimited, Unavailable


def below(kind: type[PortError]) -> Iterator[type[PortError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from below(one)


KINDS = tuple(below(PortError))


def made(kind: type[PortError]) -> PortError:
    if issubclass(kind, QuotaExceeded):
        return kind(Quota.VECTORS, 10, 9)
    return kind("It is so.", "Do that.")


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_arrives_in_another_process_as_it_left(kind: type[PortError]) -> None:
    error = made(kind)
    again = pickle.loads(pickle.dumps(error))
    assert (type(again), str(again), vars(again)) == (kind, str(error), vars(error))


@pytest.mark.parametrize("kind", KINDS[1:])
def test_every_error_has_a_status_that_is_no_defect(kind: type[PortError]) -> None:
    assert status_of(made(kind)) != 500


@pytest.mark.parametrize("kind", KINDS)
def test_the_tree_in_the_docstring_has_every_error(kind: type[PortError]) -> None:
    assert f" {kind.__name__}" in (errors.__doc__ or "")


def test_only_what_passes_by_itself_is_worth_another_try() -> None:
    assert {kind for kind in KINDS if kind.retryable} == {Unavailable, RateLimited}


def test_how_long_to_wait_goes_along() -> None:
    again = pickle.loads(pickle.dumps(RateLimited("Too many.", retry_after_s=2.5)))
    assert again.retry_after_s == 2.5


@pytest.mark.parametrize(("quota", "hint", "status"), [(Quota.JOBS, "Wait", 429), (Quota.VECTORS, "operator", 403)])
def test_a_quota_says_which_how_much_and_what_helps(quota: Quota, hint: str, status: int) -> None:
    error = QuotaExceeded(quota, 1000, 998)
    assert all(word in str(error) for word in (quota.value, "1,000", "998", hint))
    assert status_of(error) == status
