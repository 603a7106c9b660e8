"""Large QR symbols for bytes, drawn as small pictures (PNG, one bit a module).

segno makes the small symbols of sheets; for these its time (0.2 s each) would be most of a
pack's: ZXing's is twenty times as fast, and reads them back as well.
"""

from __future__ import annotations

import struct
import zlib

import zxingcpp

_QUIET = 4
"""Modules of white around a symbol (ISO/IEC 18004, 9.1)."""
# What goes in is sealed, so it looks like chance, and any mask is as good as the best of eight.
_MASK = 3
_BITS = bytes.maketrans(b"\x00\xff", b"01")


def drawing(content: bytes) -> bytes:
    """Return a QR symbol (error correction M) of up to 2,300 bytes as PNG, a pixel a module.

    Raises ValueError for more.
    """
    made = zxingcpp.create_barcode(
        content, zxingcpp.BarcodeFormat.QRCode, ec_level="M", data_mask=_MASK
    )
    # Its stubs do not say that a picture is a buffer, of rows of grey bytes.
    picture = memoryview(made.to_image(scale=1, add_quiet_zones=False))  # type: ignore[arg-type]
    grey = picture.tobytes().translate(_BITS)
    side = len(picture)
    margin = b"1" * _QUIET
    blank = b"1" * (side + 2 * _QUIET)
    rows = [margin + grey[at : at + side] + margin for at in range(0, side * side, side)]
    return _png([blank] * _QUIET + rows + [blank] * _QUIET)


def _png(rows: list[bytes]) -> bytes:
    """Return rows of the digits 0 (dark) and 1 as a PNG of bit depth 1 (ISO/IEC 15948)."""
    side = len(rows)
    width = -(-side // 8)
    lines = b"".join(
        b"\0" + (int(row, 2) << (width * 8 - side)).to_bytes(width, "big") for row in rows
    )
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + data))
    return struct.pack(">I", len(data)) + name + data + check
