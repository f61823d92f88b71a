"""What all processes of one service share by way of Redis, beside the queue: the pace of calls to others, and what is worth keeping."""

from aelus.adapters.redis.cache import RedisCache
from aelus.adapters.redis.pacer import RedisPacer

__all__ = ["RedisCache", "RedisPacer"]
