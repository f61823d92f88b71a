"""What a message of a change says of itself and not of the code: numbers of reports, hashes of commits, trailers, that something is mended.

Such words are rare in code, so that a word search would take them for the most telling ones.
"""

from __future__ import annotations

import re
from typing import Final

_ASIDE: Final = re.compile(
    r"""(?imx)
      ^[ \t]* [a-z]+ (?:-[a-z]+)* -(?:by|id|to): [ \t] .* $                            # Signed-off-by: …
    | https?://\S{0,200}? (?:bug|issue|pull|commit|merge_request|ticket|advisor|cve) \S*
    | \b (?:cve|ghsa) - [\w-]+
    | \b (?:bug|issue|ticket|pr|gh|closes|fixes|fixed|resolves) [ \t:-]* \#? \d{2,} \b
    | (?<!\S) \(? \#\d+ \b \)?
    | \b (?=[a-f]*[0-9][a-f]*[0-9]) (?=[0-9]*[a-f]) [0-9a-f]{7,40} \b                          # an abbreviated hash
    """
)
_MENDING: Final = re.compile(r"(?im)(?:^|(?<=[:.*-][ \t]))[ \t]*(?:bug ?)?fix(?:e[sd])?\b:?")
"""At the beginning of a sentence: `Fix the order of …`, `dns: fixed …`."""


def without_asides(text: str) -> str:
    """The text without them; as it is, where no word would be left."""
    rest = _MENDING.sub(" ", _ASIDE.sub(" ", text))
    return rest.strip() if any(map(str.isalnum, rest)) else text
