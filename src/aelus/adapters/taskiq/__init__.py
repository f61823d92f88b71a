"""The queue over Redis Streams, by taskiq."""

from aelus.adapters.taskiq.queue import TaskiqQueue

__all__ = ["TaskiqQueue"]
