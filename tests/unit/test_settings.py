from __future__ import annotations

from pathlib import Path

import pytest

from aelus.entrypoints.settings import is_loopback, load_settings
from aelus.ports.errors import Misconfigured
from aelus.ports.queue import Task


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AELUS_HOME", "AELUS_DATABASE_URL", "AELUS_HOST", "AELUS_PORT", "VOYAGE_API_KEY", "AELUS_PATH_ROOTS"):
        monkeypatch.delenv(name, raising=False)


def test_nothing_need_be_set() -> None:
    settings = load_settings()
    assert (settings.host, settings.database_url, settings.redis_url) == ("127.0.0.1", None, None)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_PORT", "9000")
    assert load_settings().port == 9000


def test_what_is_given_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_PORT", "9000")
    assert load_settings(port=9001).port == 9001


def test_a_worker_may_be_for_one_kind_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_WORKER_TASKS", "parse_and_index_file")
    assert load_settings().worker_tasks == (Task.FILES,)
    monkeypatch.setenv("AELUS_WORKER_TASKS", "sleep")
    with pytest.raises(Misconfigured, match="AELUS_WORKER_TASKS"):
        load_settings()


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_DATABASE_URL", "")
    assert load_settings().database_url is None


def test_the_provider_s_own_variable_gives_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOYAGE_API_KEY", "secret")
    key = load_settings().voyage_api_key
    assert key is not None
    assert key.get_secret_value() == "secret"


def test_roots_are_separated_as_in_a_search_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_PATH_ROOTS", "/a:/b")
    assert load_settings().path_roots == (Path("/a"), Path("/b"))


def test_a_wrong_setting_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_PORT", "s3cret")
    with pytest.raises(Misconfigured, match="AELUS_PORT") as caught:
        load_settings()
    assert "s3cret" not in str(caught.value)


def test_an_open_address_is_refused_without_access_control() -> None:
    with pytest.raises(Misconfigured, match=r"0\.0\.0\.0"):
        load_settings(host="0.0.0.0")


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("a.b", False)]
)
def test_loopback_addresses_are_told_from_others(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_an_open_address_is_taken_where_everybody_shows_a_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AELUS_HOST_NAMES", "aelus.example, code.example")
    settings = load_settings(host="0.0.0.0", auth="keys")
    assert (settings.host, settings.host_names) == ("0.0.0.0", ("aelus.example", "code.example"))


def test_keys_cannot_be_recognised_without_a_secret_that_all_processes_have() -> None:
    database = "postgresql://aelus@localhost/aelus"
    with pytest.raises(Misconfigured, match="secret_key"):
        load_settings(auth="keys", database_url=database)
    assert load_settings(auth="keys", database_url=database, secret_key="s" * 32).auth == "keys"
    assert load_settings(auth="keys").secret_key is None
