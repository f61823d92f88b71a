"""Connections to public addresses only. The address is checked that the socket then connects to, so a name cannot change in between."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Sequence
from typing import Any, Final

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_CONNECT_S: Final = 10.0
_READ_S: Final = 20.0
_EMBEDDING: Final = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Networks whose addresses carry an IPv4 address in their last 32 bits. Source: RFC 6052, RFC 8215."""

_NOBODYS: Final = tuple(ipaddress.ip_network(text) for text in ("192.88.99.0/24", "3fff::/20", "5f00::/16", "fec0::/10"))
"""Not for the internet, though older versions of Python take them for it. Source: RFC 7526, RFC 9637, RFC 9602, RFC 3879."""


class AddressRefused(Exception):
    """The host has an address that is not public."""


class Guard:
    """Knows which hosts may be connected to."""

    def __init__(self, allowed_private: Sequence[str]) -> None:
        self._networks = [network for entry in allowed_private if (network := _network(entry))]
        self._hosts = {entry.lower() for entry in allowed_private}

    def connect(self, host: str, port: int, timeout_s: float) -> socket.socket:
        """Connect to the first address that answers. Raises AddressRefused when one is not allowed, OSError when none answers."""
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        for *_, target in found:
            self._check(host, str(target[0]))
        failure: OSError = socket.gaierror(f"no address for {host}")
        for family, kind, protocol, _, target in found:
            try:
                return _connect(family, kind, protocol, target, timeout_s)
            except OSError as error:
                failure = error
        raise failure

    def _check(self, host: str, text: str) -> None:
        address = ipaddress.ip_address(text.partition("%")[0])
        if host.lower().strip("[]") in self._hosts or any(address in network for network in self._networks):
            return
        if not is_public(address):
            raise AddressRefused(f"{host} has the address {text}, which is not public")


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to the public internet, with no private one hidden in it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = _embedded(address)
        if inner is not None:
            return is_public(inner)
    nobodys = any(address in network for network in _NOBODYS)
    return address.is_global and not address.is_multicast and not address.is_reserved and not nobodys


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if address.teredo:
        return address.teredo[1]
    if any(address in network for network in _EMBEDDING):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _network(entry: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return None


def _connect(family: int, kind: int, protocol: int, target: Any, timeout_s: float) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(timeout_s)
        connection.connect(target)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def guarded_pool(guard: Guard) -> urllib3.PoolManager:
    """Connections that the guard opens, without proxy, redirect or second try."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self._dns_host, self.port, _CONNECT_S)

    class Encrypted(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return guard.connect(self._dns_host, self.port or 443, _CONNECT_S)

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class EncryptedPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Encrypted

    retries = urllib3.Retry(total=0, redirect=False)
    pool = urllib3.PoolManager(retries=retries, timeout=urllib3.Timeout(connect=_CONNECT_S, read=_READ_S))
    pool.pool_classes_by_scheme = {"http": PlainPool, "https": EncryptedPool}
    return pool
