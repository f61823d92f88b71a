"""What a message of a change says of itself and not of the code: numbers of reports, hashes of commits, trailers, that something is mended.

Such words are rare in code, so that a word search would take them for the most telling ones. Numbers and addresses by themselves may be
what is looked for: they go only where the words around them say what they are.
"""

from __future__ import annotations

import re
from typing import Final

_ASIDE: Final = re.compile(
    r"""(?imx)
      ^ [ \t]* [a-z]+ (?:-[a-z]+)* -by: [ \t] .* $                                             # Signed-off-by: …
    | https?:// \S{0,200}? (?: /(?:issues?|pulls?|merge_requests|commits?|bugs?|tickets?)/ | bug\.cgi\?id= | /bugs\.[\w.]{1,80}/ ) [\w\#-]+
    | \b (?: cve-[0-9]{4}-[0-9]{4,} | ghsa(?:-[a-z0-9]{4}){3} ) \b
    | \( [ \t]* (?: \# | (?:(?:close|fixe|resolve)[sd] | bug | issue | pr | gh) [ \t:#-]{1,3} ) [0-9]{2,} [ \t]* \)
    | ^ [ \t]* (?: bug | issue | ticket | pr | gh ) [ \t:#-]{1,3} [0-9]{2,} (?= [ \t]* (?:[.,;:)] | $) )
    | (?<=[.;:)]) [ \t]* (?: bug | issue | ticket ) [ \t:#-]{1,3} [0-9]{2,} \b
    | \b (?:close|fixe|resolve)[sd] :? [ \t]+ (?: \# | (?:bug|issue) [ \t#]{1,2} ) [0-9]{2,} \b
    | \b (?:commit|reverts?|fixes) :? [ \t]+ (?=[a-f]*[0-9]) (?=[0-9]*[a-f]) [0-9a-f]{7,40} \b   # a hash
    | \b (?=[a-f]*[0-9][a-f]*[0-9]) (?=[0-9]*[a-f]) (?: [0-9a-f]{10,12} | [0-9a-f]{40} ) \b      # long enough to be nothing else
    """
)
_MENDING: Final = re.compile(r"(?im)(?:^|(?<=[:.*-][ \t]))[ \t]*(?:bug ?)?fix(?:es)?(?![\w-]):?")
"""At the beginning of a sentence: `Fix the order of …`, `dns: fixes …`."""


def without_asides(text: str) -> str:
    """The text without them; as it is, where no word would be left."""
    rest = _MENDING.sub(" ", _ASIDE.sub(" ", text))
    return rest.strip() if any(map(str.isalnum, rest)) else text
