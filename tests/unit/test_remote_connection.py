"""A server that lies to the command line: it is told apart, it fills no memory, and it steers no terminal."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from pydantic import BaseModel

from aelus.entrypoints.cli.remote.connection import Connection
from aelus.ports import errors

ADDRESS = "https://aelus.example"


class Word(BaseModel):
    word: str


def asking(answer: Callable[[httpx2.Request], httpx2.Response]) -> Connection:
    headers = {"Authorization": "Bearer aelus_key"}
    client = httpx2.AsyncClient(base_url=ADDRESS, headers=headers, transport=httpx2.MockTransport(answer))
    return Connection(client, max_answer_bytes=200_000, max_event_bytes=10_000)


def saying(status: int, content: bytes, **headers: str) -> Connection:
    return asking(lambda _: httpx2.Response(status, content=content, headers=headers))


async def endless(part: bytes) -> AsyncIterator[bytes]:
    while True:
        yield part


async def test_an_answer_is_read() -> None:
    assert (await saying(200, b'{"word": "yes"}').get("/x", Word)).word == "yes"


STRANGE = [b"", b"{", b"<html>", b"[1]", b'{"word": 7}', b"\xff\xfe", b"[" * 100_000]


@pytest.mark.parametrize("content", STRANGE)
@pytest.mark.parametrize("status", [200, 302, 404, 500])
async def test_what_is_no_answer_of_aelus_is_said_to_be_none(status: int, content: bytes) -> None:
    with pytest.raises(errors.Misconfigured, match=r"aelus\.example is no Aelus"):
        await saying(status, content).get("/x", Word)


async def test_a_key_is_not_sent_where_a_redirect_points() -> None:
    asked = []

    def redirect(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.host)
        return httpx2.Response(302, headers={"Location": "https://evil.example/"})

    with pytest.raises(errors.Misconfigured):
        await asking(redirect).get("/x", Word)
    assert asked == ["aelus.example"]


async def test_an_endless_answer_is_given_up() -> None:
    for status in (200, 422):
        with pytest.raises(errors.Misconfigured):
            await asking(lambda _, status=status: httpx2.Response(status, content=endless(b"x" * 1000))).get("/x", Word)  # type: ignore[misc] # bound


async def test_an_answer_that_cannot_be_unpacked_is_none_of_aelus() -> None:
    with pytest.raises(errors.Misconfigured):
        await saying(200, b"no gzip", **{"Content-Encoding": "gzip"}).get("/x", Word)


async def test_events_come_line_by_line() -> None:
    told = [one.word async for one in saying(200, b': hello\r\ndata: {"word": "a"}\r\n\r\ndata: {"word": "b"}\n\n').events("/x", Word)]
    assert told == ["a", "b"]


@pytest.mark.parametrize("part", [b"data: {\n", b"data: 7\n", b"x" * 1000])
async def test_events_that_are_none_end_the_following(part: bytes) -> None:
    with pytest.raises(errors.Misconfigured):
        _ = [one async for one in asking(lambda _: httpx2.Response(200, content=endless(part))).events("/x", Word)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, errors.NotAuthenticated),
        (403, errors.NotAllowed),
        (404, errors.NotFound),
        (409, errors.Conflict),
        (422, errors.InvalidRequest),
        (429, errors.RateLimited),
        (503, errors.Unavailable),
        (418, errors.Unavailable),
    ],
)
async def test_a_refusal_becomes_the_error_that_it_is(status: int, kind: type[errors.PortError]) -> None:
    problem = b'{"detail": "It is so.", "errors": [{"loc": ["body", "name"], "msg": "is empty"}]}'
    with pytest.raises(kind, match=r"It is so\. name: is empty\."):
        await saying(status, problem, **{"Retry-After": "soon"}).post("/x", Word, {})


async def test_how_long_to_wait_is_taken_from_the_answer() -> None:
    with pytest.raises(errors.RateLimited) as caught:
        await saying(429, b'{"detail": "Later."}', **{"Retry-After": "7"}).get("/x", Word)
    assert caught.value.retry_after_s == 7


async def test_a_server_that_is_away_is_said_to_be() -> None:
    def away(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("no", request=request)

    with pytest.raises(errors.Unavailable, match=r"https://aelus\.example does not answer"):
        await asking(away).get("/x", Word)
