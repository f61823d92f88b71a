"""Repositories over ssh: one pinned host key, one kept private key, the same bounds as over https."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import paramiko
import pytest

from aelus.adapters.git import GitPolicy, GitReader
from aelus.domain.secrets import Credential, SecretPurpose
from aelus.domain.source import Revision
from aelus.domain.tenancy import LOCAL_TENANT
from aelus.entrypoints.container import open_memory
from aelus.entrypoints.settings import load_settings
from aelus.ports.errors import InvalidRequest, LimitExceeded, LocationNotFound, Unavailable
from git_commands import COMMIT, git
from ssh_git_server import SshServer, new_key, serving_ssh

LOOPBACK = GitPolicy(allow_ssh=True, allowed_private=("127.0.0.1",), max_fetch_s=20)


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("origin's")
    git(folder, "init", "-q", "-b", "trunk")
    (folder / "main.py").write_text("def main():\n    return 1\n")
    (folder / "big.py").write_bytes(b"# " + os.urandom(40_000).hex().encode())
    git(folder, "add", "-A")
    git(folder, *COMMIT)
    return folder


async def fetched(server: SshServer, policy: GitPolicy = LOOPBACK, **changed: str) -> Revision:
    credential = replace(Credential(private_key=server.private_key, known_hosts=server.known_hosts), **changed)
    reader = GitReader(language_of=lambda path: "python" if path.endswith(".py") else "", policy=policy)
    async with reader.open(server.url, credential=credential) as tree:
        assert await tree.read(["main.py"]) == [b"def main():\n    return 1\n"]
        return tree.revision


async def test_a_repository_is_read_over_ssh_with_the_kept_key(origin: Path) -> None:
    with serving_ssh(origin) as server:
        revision = await fetched(server)
    assert (revision.branch, revision.commit) == ("trunk", git(origin, "rev-parse", "HEAD"))
    assert [command.partition(" ")[0] for command in server.commands] == ["git-upload-pack"]


async def test_another_host_key_is_refused_before_anything_is_shown(origin: Path) -> None:
    _, other = new_key()
    with serving_ssh(origin) as server:
        host = server.known_hosts.split()[0]
        for known, words in ((f"{host} {other.get_name()} {other.get_base64()}", "another host key"), ("", "no host key")):
            with pytest.raises(InvalidRequest, match=words):
                await fetched(server, known_hosts=known)
    assert server.commands == []


async def test_a_key_that_is_not_admitted_or_is_none_is_told(origin: Path) -> None:
    with serving_ssh(origin) as server:
        for key, words in ((new_key()[0], "does not admit"), ("no key", "no private key"), ("", "no private key")):
            with pytest.raises(LocationNotFound, match=words):
                await fetched(server, private_key=key)
    assert server.commands == []


async def test_a_private_address_is_refused(origin: Path) -> None:
    with serving_ssh(origin) as server, pytest.raises(InvalidRequest, match="not public"):
        await fetched(server, replace(LOOPBACK, allowed_private=()))


async def test_ssh_has_to_be_allowed(origin: Path) -> None:
    with serving_ssh(origin) as server, pytest.raises(InvalidRequest, match="not read over ssh"):
        await fetched(server, replace(LOOPBACK, allow_ssh=False))


async def test_bytes_are_bounded(origin: Path) -> None:
    with serving_ssh(origin) as server, pytest.raises(LimitExceeded, match="max_fetch_bytes"):
        await fetched(server, replace(LOOPBACK, max_fetch_bytes=20_000))


async def test_objects_are_bounded(origin: Path) -> None:
    with serving_ssh(origin) as server, pytest.raises(LimitExceeded, match="max_fetch_objects"):
        await fetched(server, replace(LOOPBACK, max_fetch_objects=1))


async def test_a_server_that_says_nothing_is_left_in_time(origin: Path) -> None:
    began = time.monotonic()
    with serving_ssh(origin, lambda _channel, _command: time.sleep(30)) as server, pytest.raises(LimitExceeded, match="max_fetch_s"):
        await fetched(server, replace(LOOPBACK, max_fetch_s=1.5))
    assert time.monotonic() - began < 15


def hangs_up(channel: paramiko.Channel, _command: str) -> None:
    channel.sendall(b"00")
    channel.close()


async def test_a_server_that_hangs_up_is_an_error_of_the_server(origin: Path) -> None:
    with serving_ssh(origin, hangs_up) as server, pytest.raises(Unavailable):
        await fetched(server)


async def test_a_kept_key_opens_a_repository_and_goes_with_its_server(origin: Path, tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, git_allow_ssh=True, git_private_hosts=("127.0.0.1",), parser_processes=1)
    with serving_ssh(origin) as server:
        async with open_memory(settings) as use:
            repository = await use.register_repository()(LOCAL_TENANT, server.url, name="shop")
            kept = {SecretPurpose.SSH_KEY: server.private_key, SecretPurpose.KNOWN_HOSTS: server.known_hosts}
            for purpose, secret in kept.items():
                await use.change_secret()(LOCAL_TENANT, repository.id, purpose, secret)
            report = await use.index_repository()(LOCAL_TENANT, repository.id)
    assert report.commit == git(origin, "rev-parse", "HEAD")


@pytest.mark.parametrize(
    "address", ["ssh://", "ssh://host", "ssh://host/", "ssh://git:word@host/x", "ssh://-oProxyCommand=x/y", "ssh://h\nost/x"]
)
async def test_what_is_no_address_of_ssh_is_refused(address: str) -> None:
    with pytest.raises(LocationNotFound):
        async with GitReader(language_of=lambda _: "", policy=LOOPBACK).open(address):
            pass
