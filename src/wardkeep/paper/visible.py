"""Text from outside made safe for a page: nothing hidden, nothing reordered, no missing glyph.

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

import msgspec

from wardkeep.paper.coverage import PRINTABLE

_BREAK = "\u200b"
# A run without a space that is longer than this would run out of its column.
_LONGEST_RUN = 24


class Visible(msgspec.Struct, frozen=True):
    """What is printed; `altered` where characters had to be printed as codes."""

    text: str
    altered: bool


def visible(text: str) -> Visible:
    """Return `text` with every hidden, moving or unprintable character as a visible code.

    Spaces, tabs and line ends become one space. Long runs may be broken over lines.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    words = text.split()
    joined = " ".join(words)
    altered = not (joined.isascii() and joined.isprintable()) and not PRINTABLE.issuperset(
        joined
    )
    return Visible(" ".join(_printed(word, altered=altered) for word in words), altered)


def _printed(word: str, *, altered: bool) -> str:
    """Return a word with its codes; long ones in pieces, so that no code is torn."""
    places = range(0, len(word), _LONGEST_RUN)
    pieces = [word[place : place + _LONGEST_RUN] for place in places]
    return _BREAK.join(_coded(piece) if altered else piece for piece in pieces)


def _coded(piece: str) -> str:
    return "".join(char if char in PRINTABLE else f"[U+{ord(char):04X}]" for char in piece)


def cut(text: str, limit: int) -> tuple[str, int]:
    """Return the first `limit` characters and how many more there are: the sheet says so."""
    return text[:limit], max(0, len(text) - limit)
