"""The certificate that the server shows. Whoever renews it puts new files in place; nothing need be restarted."""

from __future__ import annotations

import ssl
from pathlib import Path

import structlog

from aelus.ports.errors import Misconfigured


class Certificate:
    """Raises Misconfigured when the files are not a certificate with its chain, and its key without a password."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.context.set_alpn_protocols(["http/1.1"])
        try:
            self._times = self._written()
            self._load(self.context)
        except (OSError, ssl.SSLError) as error:
            raise Misconfigured(
                f"The certificate in {certificate} or its key cannot be used: {error.strerror or type(error).__name__}.",
                "Give PEM files in AELUS_TLS_CERTIFICATE and AELUS_TLS_KEY.",
            ) from error

    def renew(self) -> None:
        """Read the files again when they have changed. The old certificate stays in use while the new one cannot be read."""
        try:
            times = self._written()
            if times != self._times:
                self._load(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER))
                self._load(self.context)
                self._times = times
                structlog.get_logger("aelus").info("certificate_renewed")
        except (OSError, ssl.SSLError) as error:
            structlog.get_logger("aelus").warning("certificate_not_renewed", reason=type(error).__name__)

    def _load(self, context: ssl.SSLContext) -> None:
        certificate, key = self._files
        context.load_cert_chain(certificate, key, password=_no_password)

    def _written(self) -> tuple[int, ...]:
        return tuple(file.stat().st_mtime_ns for file in self._files)


def _no_password() -> bytes:
    """A key with a password would have the server ask for it on the terminal."""
    return b""
