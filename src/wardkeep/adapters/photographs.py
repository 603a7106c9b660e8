"""Reads the codes on photographed or scanned pages.

A picture is tried as it is, then without its specks, larger, and sharpened: whatever one try
finds counts (docs/benchmarks.md says how often each is needed).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import zxingcpp
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from wardkeep.adapters.errors import UnreadablePhotographError
from wardkeep.pack.paper_codes import Part, part_of

MOST_PIXELS = 120_000_000
"""A telephone has 12 to 108 million; what says it has more is no photograph."""
_FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")
# Below this a code's module is under four pixels, and larger pixels help.
_SMALL = 4_000


def parts_on(photograph: Path) -> list[Part]:
    """Return what the codes on a photograph hold, each once; none where there is none.

    Raises UnreadablePhotographError where the file is no picture that can be opened.
    """
    picture = _opened(photograph)
    found: dict[bytes, Part] = {}
    for attempt in _attempts(picture):
        for read in zxingcpp.read_barcodes(
            memoryview(attempt.tobytes()).cast("B", (attempt.height, attempt.width)),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        ):
            content = bytes(read.bytes)
            part = part_of(content)
            if part is not None:
                found[content] = part
        if _are_enough(list(found.values())):
            break
    return list(found.values())


def _opened(photograph: Path) -> Image.Image:
    try:
        with Image.open(photograph, formats=_FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadablePhotographError(f"{photograph}: it is larger than a photograph")
            return ImageOps.exif_transpose(picture).convert("L")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as fault:
        why = type(fault).__name__
        raise UnreadablePhotographError(f"{photograph}: no picture ({why})") from fault


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    tries: tuple[Callable[[], Image.Image], ...] = (
        lambda: picture,
        lambda: picture.filter(ImageFilter.MedianFilter(3)),
        lambda: ImageOps.scale(picture, 1.5 if picture.width > _SMALL else 2.0),
        lambda: picture.filter(ImageFilter.UnsharpMask(3, 150, 2)),
        lambda: ImageOps.autocontrast(picture.filter(ImageFilter.GaussianBlur(1)), cutoff=2),
    )
    return (attempt() for attempt in tries)


def _are_enough(parts: list[Part]) -> bool:
    """Say whether every whole that was seen can be put together: more tries are idle then."""
    wholes = {part.whole for part in parts}
    counts = {part.whole: part.parts for part in parts}
    return bool(wholes) and all(
        sum(part.whole == whole for part in parts) >= counts[whole] for whole in wholes
    )
