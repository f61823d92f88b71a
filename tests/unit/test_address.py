"""Which addresses of Git repositories are taken, and what is kept of them."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aelus.adapters.git.address import GitPolicy, parse_address, with_credential
from aelus.domain.secrets import Credential
from aelus.domain.source import is_address
from aelus.ports.errors import InvalidRequest

STRICT = GitPolicy()
OPEN = GitPolicy(allow_http=True, allow_ssh=True)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("https://git.example/owner/name", "https://git.example/owner/name"),
        ("HTTPS://Git.Example/Owner/Name/", "https://git.example/Owner/Name"),
        ("https://git.example:8443/name", "https://git.example:8443/name"),
        ("https://git.example:/name", "https://git.example/name"),
        ("https://[2001:db8::1]:8443/name", "https://[2001:db8::1]:8443/name"),
        ("https://git.example/a%20b/%C3%A9", "https://git.example/a%20b/%C3%A9"),
        ("https://git.example/a/b?service=x", "https://git.example/a/b?service=x"),
        ("https://git.example/name#main", "https://git.example/name"),
    ],
)
def test_an_address_has_one_way_to_be_written(location: str, url: str) -> None:
    assert parse_address(location, STRICT).url == url


def test_credentials_are_taken_out_of_an_address() -> None:
    found = parse_address("https://ann:p%40ss@git.example/name", STRICT)
    assert (found.url, found.username, found.password) == ("https://git.example/name", "ann", "p@ss")
    assert "p@ss" not in repr(found)


@pytest.mark.parametrize(
    "location",
    [
        "http://git.example/name",
        "ssh://git@git.example/name",
        "git@git.example:name",
        "git://git.example/name",
        "ftp://git.example/name",
        "ext::sh -c true",
        "javascript://git.example/",
        "file:///srv/git/name.git",
        "https://",
        "https:///name",
        "https://git.example:port/name",
        "https://git.example:99999/name",
        "https://[::1/name",
        "https://git.example/a b",
        "https://git.example/\r\nHost: other",
        "https://git.example\\@other/name",
        "file://other/srv/git",
        "file://relative",
        "",
    ],
)
def test_what_is_no_address_here_is_refused(location: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_address(location, STRICT)


@pytest.mark.parametrize(
    ("location", "host", "port", "path", "user"),
    [
        ("ssh://git@git.example/owner/name.git", "git.example", None, "/owner/name.git", "git"),
        ("ssh://git.example:2222/name", "git.example", 2222, "/name", None),
        ("git+ssh://git@git.example/name", "git.example", None, "/name", "git"),
        ("git@git.example:owner/name.git", "git.example", None, "owner/name.git", "git"),
        ("git@git.example:/srv/name.git", "git.example", None, "/srv/name.git", "git"),
    ],
)
def test_addresses_of_ssh_come_in_two_forms(location: str, host: str, port: int | None, path: str, user: str | None) -> None:
    found = parse_address(location, OPEN)
    assert found.ssh is not None
    assert (found.ssh.host, found.ssh.port, found.ssh.path, found.username) == (host, port, path, user)


@pytest.mark.parametrize(
    "location",
    [
        "ssh://-oProxyCommand=touch/name",
        "git@-oProxyCommand=touch:name",
        "ssh://git:secret@git.example/name",
        "ssh://git.example",
        "ssh://git.example/",
        "git@git.example:a b",
        "a@b@c:name",
    ],
)
def test_addresses_of_ssh_that_could_be_options_or_hide_something_are_refused(location: str) -> None:
    with pytest.raises(InvalidRequest):
        parse_address(location, OPEN)


def test_a_folder_is_read_only_below_those_that_are_allowed(tmp_path: Path) -> None:
    inside, outside = tmp_path / "git", tmp_path / "other"
    inside.mkdir()
    outside.mkdir()
    (inside / "link").symlink_to(outside)
    policy = GitPolicy(file_roots=(inside,))
    assert parse_address(f"file://{inside}/name.git", policy).path == inside / "name.git"
    assert parse_address(f"file://localhost{inside}", policy).path == inside
    for escaping in (outside, inside / ".." / "other", inside / "link", f"{inside}-more", f"{inside}/%2e%2e/other"):
        with pytest.raises(InvalidRequest, match="no folder"):
            parse_address(f"file://{escaping}", policy)


def test_addresses_are_told_from_paths() -> None:
    assert all(map(is_address, ("https://x/y", "git@x:y", "ext::x@y:z")))
    assert not any(map(is_address, ("C:/x", "./a:b", "src", "/srv/git", "a/b@c:d", "")))


def test_a_kept_credential_goes_where_the_address_takes_it() -> None:
    kept = Credential(username="ann", password="secret", private_key="key", known_hosts="hosts")
    by_https = with_credential(parse_address("https://git.example/name", OPEN), kept)
    by_ssh = with_credential(parse_address("git@git.example:name", OPEN), kept)
    assert (by_https.username, by_https.password, by_https.private_key) == ("ann", "secret", "")
    assert (by_ssh.username, by_ssh.password, by_ssh.private_key, by_ssh.known_hosts) == ("git", None, "key", "hosts")


@given(st.text(max_size=60) | st.from_regex(r"(https|ssh|file)://[ -~]{0,40}", fullmatch=True))
def test_any_text_is_an_address_or_is_refused(location: str) -> None:
    with suppress(InvalidRequest):
        found = parse_address(location, OPEN)
        assert found.ssh or parse_address(found.url, OPEN).url == found.url
