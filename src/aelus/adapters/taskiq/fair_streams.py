"""Messages of one kind in Redis: a stream for each tenant, read tenant by tenant in turn.

A stream alone is first come, first served: a thousand messages of one tenant would stand before the first of the next. So each tenant that
has messages has a stream of its own, and the tenant whose last turn is the longest ago is read next. What must not be torn apart is done
by scripts, so that several workers take turns as one would.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import Any, Final, NamedTuple, cast

from redis.asyncio import Redis

GROUP: Final = "aelus"
TURNS_KEPT: Final = 10_000
"""Tenants whose last turn is remembered."""
BELLS: Final = 64
"""Announcements of new messages that are kept for workers that wait."""
DEAD_LIMIT: Final = 10_000
"""Dead messages that are kept, about."""
PAGE: Final = 500
"""Dead messages that are looked at in one step."""

KEYS: Final = ("active", "turns", "turn", "bell")
"""Tenants that have messages by their turn; last turns of all tenants; number of the last turn; list of announcements."""

ADD: Final = """
local active, turns, bell, stream = KEYS[1], KEYS[2], KEYS[4], KEYS[5]
redis.pcall('XGROUP', 'CREATE', stream, ARGV[1], '0', 'MKSTREAM')
redis.call('XADD', stream, '*', 'data', ARGV[3])
redis.call('ZADD', active, 'NX', redis.call('ZSCORE', turns, ARGV[2]) or 0, ARGV[2])
redis.call('RPUSH', bell, '1')
redis.call('LTRIM', bell, -tonumber(ARGV[4]), -1)
"""
TAKE: Final = """
redis.replicate_commands()
local active, turns, turn = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, idle, prefix, kept = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local function first(entries)
    for _, entry in ipairs(entries or {}) do
        if entry and entry[2] then return entry end
    end
end
for _, tenant in ipairs(redis.call('ZRANGE', active, 0, -1)) do
    local stream = prefix .. tenant
    if redis.call('XLEN', stream) == 0 then
        redis.call('DEL', stream)
        redis.call('ZREM', active, tenant)
    else
        local found = first(redis.call('XAUTOCLAIM', stream, group, consumer, idle, '0-0', 'COUNT', 1)[2])
        if not found then
            local read = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'STREAMS', stream, '>')
            found = read and first(read[1][2])
        end
        if found then
            local now = redis.call('INCR', turn)
            redis.call('ZADD', active, now, tenant)
            redis.call('ZADD', turns, now, tenant)
            redis.call('ZREMRANGEBYRANK', turns, 0, -kept - 1)
            local pending = redis.call('XPENDING', stream, group, found[1], found[1], 1)
            return {stream, found[1], found[2][2], pending[1] and pending[1][4] or 1}
        end
    end
end
return false
"""
DEPTH: Final = """
local active, group, prefix = KEYS[1], ARGV[1], ARGV[2]
local waiting, working, oldest = 0, 0, false
for _, tenant in ipairs(redis.call('ZRANGE', active, 0, -1)) do
    local stream = prefix .. tenant
    local length = redis.call('XLEN', stream)
    if length > 0 then
        local info = redis.call('XINFO', 'GROUPS', stream)[1]
        local fields = {}
        for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
        working = working + fields['pending']
        waiting = waiting + length - fields['pending']
        local next = redis.call('XRANGE', stream, '(' .. fields['last-delivered-id'], '+', 'COUNT', 1)[1]
        local since = next and tonumber(string.match(next[1], '^%d+'))
        if since and (not oldest or since < oldest) then oldest = since end
    end
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
return {waiting, working, oldest and math.max(now - oldest, 0) or 0}
"""


class Delivery(NamedTuple):
    """A message that is leased to the worker that took it."""

    stream: bytes
    identifier: bytes
    data: bytes
    times: int
    """How often it was delivered, this time included."""


class FairStreams:
    """Args:
    name: of the kind; its keys begin with it, and lie together in a cluster.
    consumer: name of this worker.
    lease_s: seconds without a sign of life after which a message is another worker's to take.
    """

    def __init__(self, redis: Redis, name: str, *, consumer: str, lease_s: float) -> None:
        self._redis: Any = redis
        self._prefix = f"{{{name}}}:"
        self._keys = [self._prefix + key for key in KEYS]
        self._consumer = consumer
        self._idle_ms = int(lease_s * 1000)
        self._add, self._take, self._depth = (self._redis.register_script(script) for script in (ADD, TAKE, DEPTH))

    @property
    def dead_stream(self) -> str:
        return self._prefix + "dead"

    @property
    def bell(self) -> str:
        """A list that gets an entry with every message."""
        return self._prefix + "bell"

    def stream_of(self, tenant: str) -> str:
        return f"{self._prefix}of:{tenant}"

    async def add(self, tenant: str, data: bytes) -> None:
        await self._add(keys=[*self._keys, self.stream_of(tenant)], args=[GROUP, tenant, data, BELLS])

    async def take(self) -> Delivery | None:
        """The next message: one that was abandoned, or a new one; None where there is none."""
        arguments: list[str | int] = [GROUP, self._consumer, self._idle_ms, self.stream_of(""), TURNS_KEPT]
        found = await self._take(keys=self._keys, args=arguments)
        return None if not found else Delivery(*found)

    async def settle(self, one: Delivery) -> None:
        """It is done: forget it."""
        await self._settled(one)

    async def bury(self, one: Delivery, reason: str) -> None:
        """It is not done and will not be: keep it among the dead."""
        await self._settled(one, {"data": one.data, "reason": reason})

    async def forget(self, tenant: str) -> None:
        """Remove all that is there for a tenant, among the dead too."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self.stream_of(tenant))
            pipe.zrem(self._keys[0], tenant)
            pipe.zrem(self._keys[1], tenant)
            await pipe.execute()
        start, named = "-", tenant.encode()
        while entries := await self._redis.xrange(self.dead_stream, min=start, count=PAGE):
            gone = [identifier for identifier, fields in entries if named in fields.get(b"data", b"")]
            if gone:
                await self._redis.xdel(self.dead_stream, *gone)
            start = f"({entries[-1][0].decode()}"

    async def _settled(self, one: Delivery, dead: Mapping[str, Any] | None = None) -> None:
        async with self._redis.pipeline(transaction=True) as pipe:
            if dead is not None:
                pipe.xadd(self.dead_stream, dead, maxlen=DEAD_LIMIT, approximate=True)
            pipe.xack(one.stream, GROUP, one.identifier)
            pipe.xdel(one.stream, one.identifier)
            await pipe.execute()

    async def renew(self, one: Delivery) -> None:
        """A sign of life for a message that this worker has."""
        await self._redis.xclaim(one.stream, GROUP, self._consumer, 0, [one.identifier], justid=True)

    async def depth(self) -> tuple[int, int, float]:
        """Messages that wait, messages that workers have, and seconds that the oldest of the former has waited."""
        found = self._depth(keys=self._keys[:1], args=[GROUP, self.stream_of("")])
        waiting, working, oldest_ms = await cast("Awaitable[list[int]]", found)
        return waiting, working, oldest_ms / 1000
