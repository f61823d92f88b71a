"""What all processes of one service share by way of Redis, beside the queue: the pace of calls to others, the number of
calls from outside, and what is worth keeping.
"""

from aelus.adapters.redis.cache import RedisCache
from aelus.adapters.redis.pacer import RedisPacer
from aelus.adapters.redis.rate_limiter import RedisRateLimiter

__all__ = ["RedisCache", "RedisPacer", "RedisRateLimiter"]
