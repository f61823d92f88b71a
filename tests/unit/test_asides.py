from __future__ import annotations

import time

import pytest

from aelus.domain.asides import without_asides


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Fix daemon startup. Bug 2930", "daemon startup."),
        ("Fixes: leave the queue in order", "leave the queue in order"),
        ("dns: fix the order of answers", "dns:  the order of answers"),
        ("Retry what timed out (#1234)", "Retry what timed out"),
        ("Build with version 2 (fixes 2728)", "Build with version 2"),
        ("Keep the order, closes #12", "Keep the order,"),
        ("Check lengths, CVE-2023-1234, see https://example.org/a/issues/12", "Check lengths, , see"),
        ("Revert 22ed7a5295f1 as sockets leak", "as sockets leak"),
        ("Close early. Bug 3054 Broken=by: f6b1f8e7d642", "Close early.  Broken=by:"),
        ("Close sockets\n\nSigned-off-by: Ann <ann@example.org>", "Close sockets"),
    ],
)
def test_what_a_message_says_of_itself_is_left_out(message: str, left: str) -> None:
    assert without_asides(message).split() == left.split()


@pytest.mark.parametrize(
    "text",
    [
        "how are broken documents fixed",
        "prefix of fixtures",
        "error 404 and port 8080",
        "how is error #404 handled",
        "how are cve-ids read",
        "magic 89504e47",
        "md5 d41d8cd98f00b204e9800998ecf8427e",
        "fixed width font",
        "Fixed-size array",
        "issue 100 tickets to bug 4096",
        "gh:443 port",
        "who calls https://example.org/issues",
        "issue a certificate",
        "colour #ff00aa",
        "who calls https://example.org/v1/carts",
        "a facade over decade",
        "fix_encoding",
    ],
)
def test_what_is_about_code_stays(text: str) -> None:
    assert without_asides(text) == text


@pytest.mark.parametrize("text", ["Fix", "Bug 2930", "(#12)", "CVE-2023-1234", "🎉"])
def test_a_text_of_asides_alone_stays_whole(text: str) -> None:
    assert without_asides(text) == text


@pytest.mark.parametrize(
    "part", ["https://", "a-", "a1", "- ", "fix ", "#1 ", "bug ", "\n", "9-by: ", "(#", "(bug-", "https://bugs.", "commit a1"]
)
def test_long_ones_end_soon(part: str) -> None:
    begun = time.process_time()
    without_asides(part * (8192 // len(part)))
    assert time.process_time() - begun < 1
