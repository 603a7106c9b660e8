"""Which ward is meant by a code, and what is said where there is none."""

from __future__ import annotations

import difflib
from collections.abc import Collection

from wardkeep.app.errors import UnknownNumberError

_NEAREST = 3
_ALIKE = 0.4
"""difflib's own bound of 0.6 finds no neighbour of codes of two letters."""
_SHOWN = 5


def refuse_unknown(
    code: str, known: Collection[str], what: str = "no ward has the code"
) -> None:
    """Raise UnknownNumberError, naming the nearest, where `code` is none of the known."""
    if code in known:
        return
    codes = sorted(known)
    near = difflib.get_close_matches(code, codes, n=_NEAREST, cutoff=_ALIKE) or codes[:_SHOWN]
    hint = f"; the nearest: {', '.join(near)}" if near else ""
    raise UnknownNumberError(f"{what} {code!r}{hint}")
