"""The encrypted sheets of one ward pack as one file: each sheet an age file of its own.

So a damaged byte costs one sheet and not the ward. The bytes: `wardkeep sheets 1`, a line end,
then for each sheet its length (4 bytes, big-endian) and its age file. The ward sheet is first.
"""

from __future__ import annotations

from collections.abc import Iterable

from wardkeep.pack.errors import SheetsDamagedError

MAGIC = b"wardkeep sheets 1\n"
_LENGTH_BYTES = 4
LARGEST = 64 * 1024 * 1024
"""Two hundred patients have a tenth of it."""


def join(sheets: Iterable[bytes]) -> bytes:
    """Return encrypted sheets as one file."""
    parts = [MAGIC]
    for sheet in sheets:
        parts += [len(sheet).to_bytes(_LENGTH_BYTES, "big"), sheet]
    return b"".join(parts)


def part(content: bytes) -> tuple[list[bytes], bool]:
    """Return the encrypted sheets in a file, and whether it is whole to its last byte.

    Raises SheetsDamagedError where not even the beginning is one.
    """
    if not content.startswith(MAGIC) or len(content) > LARGEST:
        raise SheetsDamagedError("this does not begin as the sheets of a ward pack do")
    sheets, place = [], len(MAGIC)
    while place < len(content):
        begin = place + _LENGTH_BYTES
        length = int.from_bytes(content[place:begin], "big")
        place = begin + length
        sheets.append(content[begin:place])
    return sheets, place == len(content)
