"""Which addresses a Git server may have."""

from __future__ import annotations

import ipaddress
import socket

import pytest

from aelus.adapters.git.guarded_connection import AddressRefused, Guard, is_public

PRIVATE = (
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.5",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "100::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
)
HIDDEN = (
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2001:0:1:1:1:1:80ff:fffe",
    "2002:7f00:1::",
)


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_that_is_not_of_the_internet_is_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", HIDDEN)
def test_a_private_address_is_found_inside_another(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::"])
def test_addresses_of_the_internet_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("allowed", ["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.0/8", "127.1.2.3/8"])
def test_what_is_allowed_by_name_address_or_network_is_asked(allowed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        Guard([allowed, "::1"]).connect("localhost", listener.getsockname()[1], 5.0).close()


@pytest.mark.parametrize("allowed", ["", "other", "10.0.0.0/8", "127.0.0.1/999", "localhost.evil.example"])
def test_what_is_not_allowed_is_refused_before_it_is_asked(allowed: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        with pytest.raises(AddressRefused, match="not public"):
            Guard([allowed]).connect("localhost", listener.getsockname()[1], 5.0)
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1"])
def test_other_ways_to_write_an_address_do_not_help(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        Guard([]).connect(host, 9, 1.0)


def test_who_is_allowed_and_away_is_an_error_of_the_network(port: int) -> None:
    with pytest.raises(OSError, match=r"refused|Connection"):
        Guard(["127.0.0.1"]).connect("127.0.0.1", port, 5.0)
