"""The use cases of a server, for commands: the same calls, answered over HTTP. What a server does not answer is refused here."""

from aelus.entrypoints.cli.remote.service import remote_service

__all__ = ["remote_service"]
