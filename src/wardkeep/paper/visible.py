"""Text from outside made safe for paper and screen: nothing hidden, reordered or missing.

Rules kept here:
- Whatever a tired person cannot see, or what would move other text, is printed as a code such
  as [U+202E]: controls, formatting (bidirectional overrides and isolates), zero-width,
  unassigned, private and combining characters left over after composition (Unicode NFC).
- A character that the shipped typefaces cannot print is printed as its code too, because a
  typesetter prints an empty box for it without saying so. Right-to-left letters are among them.
- Nothing is dropped. What was changed is told, so that the sheet can say AS SENT.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import msgspec

from wardkeep.paper.coverage import PRINTABLE

_BREAK = "\u200b"
# A run without a space that is longer than this would run out of its column.
_LONGEST_RUN = 24


class Visible(msgspec.Struct, frozen=True):
    """What is printed; `altered` where characters had to be printed as codes."""

    text: str
    altered: bool


def is_plain(text: str) -> bool:
    """Say whether every character may stand as it is."""
    return (text.isascii() and text.isprintable()) or PRINTABLE.issuperset(text)


def in_runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the text in runs; True where a run is the code of one character, as [U+202E]."""
    start = 0
    for place, char in enumerate(text):
        if char not in PRINTABLE:
            if start < place:
                yield text[start:place], False
            yield f"[U+{ord(char):04X}]", True
            start = place + 1
    if start < len(text):
        yield text[start:], False


def visible(text: str) -> Visible:
    """Return `text` with every hidden, moving or unprintable character as a visible code.

    Spaces, tabs and line ends become one space. Long runs may be broken over lines.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    words = text.split()
    joined = " ".join(words)
    altered = not is_plain(joined)
    if not altered and max(map(len, words), default=0) <= _LONGEST_RUN:
        return Visible(joined, altered=False)
    return Visible(" ".join(_printed(word, altered=altered) for word in words), altered)


def on_a_terminal(text: str) -> str:
    """Return text that is safe to show in one piece: a name is copied from a terminal.

    The breaks that keep a long word within its column on paper are left out; characters of
    that kind in `text` itself are shown as codes.
    """
    return visible(text).text.replace(_BREAK, "")


def _printed(word: str, *, altered: bool) -> str:
    """Return a word with its codes; long ones in pieces, so that no code is torn."""
    places = range(0, len(word), _LONGEST_RUN)
    pieces = [word[place : place + _LONGEST_RUN] for place in places]
    return _BREAK.join(_coded(piece) if altered else piece for piece in pieces)


def _coded(piece: str) -> str:
    return "".join(run for run, _is_code in in_runs(piece))


def cut(text: str, limit: int) -> tuple[str, int]:
    """Return the first `limit` characters and how many more there are: the sheet says so."""
    return text[:limit], max(0, len(text) - limit)
