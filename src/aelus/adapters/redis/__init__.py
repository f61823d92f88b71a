"""What all processes of one service share by way of Redis, beside the queue: the pace of calls to others."""

from aelus.adapters.redis.pacer import RedisPacer

__all__ = ["RedisPacer"]
