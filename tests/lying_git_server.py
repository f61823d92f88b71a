"""Git servers that do not mean well: what they send begins as a repository does."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha1
from itertools import chain, repeat
from typing import Any

App = Callable[..., Any]
CAPABILITIES = b"side-band-64k ofs-delta shallow no-progress symref=HEAD:refs/heads/trunk"
SIDE_BAND = 60_000
COMMIT, TREE, BLOB = 1, 2, 3


def line(content: bytes) -> bytes:
    """A packet line."""
    return b"%04x" % (len(content) + 4) + content


def lying(head: bytes, pack: Callable[[], Iterable[bytes]]) -> App:
    """A server whose HEAD is that commit, and that sends this pack to whoever asks."""

    def app(environ: dict[str, Any], start_response: App) -> Iterator[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            start_response("200 OK", [("Content-Type", "application/x-git-upload-pack-advertisement")])
            refs = line(head + b" HEAD\0" + CAPABILITIES + b"\n") + line(head + b" refs/heads/trunk\n")
            yield line(b"# service=git-upload-pack\n") + b"0000" + refs + b"0000"
            return
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Type", "application/x-git-upload-pack-result")])
        yield line(b"shallow " + head + b"\n") + b"0000" + line(b"NAK\n")
        for part in pack():
            for start in range(0, len(part), SIDE_BAND):
                yield line(b"\x01" + part[start : start + SIDE_BAND])
        yield b"0000"

    return app


def endless_pack(objects: int) -> Callable[[], Iterator[bytes]]:
    """A pack whose head tells of so many objects, and that never ends; all of them are the same blob."""
    blob, head = _entry(BLOB, b"x = 1\n" * 9_000, level=0), b"PACK" + (2).to_bytes(4, "big") + objects.to_bytes(4, "big")
    return lambda: chain([head], repeat(blob))


def bomb(size_bytes: int) -> tuple[bytes, Callable[[], Iterator[bytes]]]:
    """A commit with one file of so many zeros, which are a thousandth of that when packed: the commit's id, and the pack."""
    digest, packed = sha1(b"blob %d\0" % size_bytes, usedforsecurity=False), zlib.compressobj()
    zeros, parts = bytes(1 << 20), list[bytes]()
    for _ in range(size_bytes >> 20):
        digest.update(zeros)
        parts.append(packed.compress(zeros))
    blob = _head(BLOB, size_bytes) + b"".join(parts) + packed.flush()
    tree = b"100644 a.py\0" + digest.digest()
    commit = _commit(_id(b"tree", tree))
    whole = _pack([_entry(COMMIT, commit), _entry(TREE, tree), blob])
    return _id(b"commit", commit).encode(), lambda: iter([whole])


def branching(levels: int, width: int) -> tuple[bytes, Callable[[], Iterator[bytes]]]:
    """A commit whose folders hold the next one under so many names, and the last one a file: few objects, and width ** levels paths."""
    blob = b"x = 1\n"
    trees = [b"100644 a.py\0" + bytes.fromhex(_id(b"blob", blob))]
    for _ in range(levels):
        inner = bytes.fromhex(_id(b"tree", trees[-1]))
        trees.append(b"".join(b"40000 %03d\0" % number + inner for number in range(width)))
    commit = _commit(_id(b"tree", trees[-1]))
    objects = [_entry(COMMIT, commit), _entry(BLOB, blob), *[_entry(TREE, tree) for tree in trees]]
    whole = _pack(objects)
    return _id(b"commit", commit).encode(), lambda: iter([whole])


def _commit(tree: str) -> bytes:
    return b"tree %s\nauthor A <a@example.org> 0 +0000\ncommitter A <a@example.org> 0 +0000\n\none\n" % tree.encode()


def _pack(entries: Sequence[bytes]) -> bytes:
    pack = b"PACK" + (2).to_bytes(4, "big") + len(entries).to_bytes(4, "big") + b"".join(entries)
    return pack + sha1(pack, usedforsecurity=False).digest()


def _id(kind: bytes, content: bytes) -> str:
    return sha1(b"%s %d\0" % (kind, len(content)) + content, usedforsecurity=False).hexdigest()


def _entry(kind: int, content: bytes, level: int = -1) -> bytes:
    return _head(kind, len(content)) + zlib.compress(content, level)


def _head(kind: int, size_bytes: int) -> bytes:
    """Source: gitformat-pack(5), "size encoding"."""
    head, rest = bytearray([kind << 4 | size_bytes & 15]), size_bytes >> 4
    while rest:
        head[-1] |= 128
        head.append(rest & 127)
        rest >>= 7
    return bytes(head)
