import io
import os
import random
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from wardkeep.adapters.errors import UnreadablePhotographError
from wardkeep.adapters.photographs import parts_on
from wardkeep.pack.paper_codes import cut, join
from wardkeep.paper.dense_code import drawing

SEALED = random.Random(4).randbytes(2_100)
SIDE = 520


def page() -> Image.Image:
    """Return a strip of paper at 300 dpi with the codes of one chart."""
    codes = [Image.open(io.BytesIO(drawing(part))).convert("L") for part in cut(SEALED)]
    strip = Image.new("L", (len(codes) * (SIDE + 40) + 200, SIDE + 200), 255)
    for place, code in enumerate(codes):
        large = code.resize((SIDE, SIDE), Image.Resampling.NEAREST)
        strip.paste(large, (100 + place * (SIDE + 40), 100))
    return strip


def read(picture: Image.Image, path: Path, **options: int) -> list[bytes]:
    picture.save(path, **options)
    return join(parts_on(path))[0]


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.webp", "a.bmp"])
def test_a_page_is_read_from_every_kind_of_picture_a_telephone_makes(
    name: str, tmp_path: Path
) -> None:
    assert read(page(), tmp_path / name) == [SEALED]


@pytest.mark.parametrize("turned", [90, 180, 270, 4, -11])
def test_a_page_is_read_whichever_way_it_was_held(turned: int, tmp_path: Path) -> None:
    askew = page().rotate(turned, Image.Resampling.BICUBIC, expand=True, fillcolor=120)
    assert read(askew, tmp_path / "turned.jpg", quality=82) == [SEALED]


def test_a_page_out_of_focus_in_bad_light_is_read(tmp_path: Path) -> None:
    dim = page().filter(ImageFilter.GaussianBlur(1.4)).point([60 + g // 3 for g in range(256)])
    assert read(dim, tmp_path / "dim.jpg", quality=80) == [SEALED]


def test_a_page_without_a_chart_has_no_parts(tmp_path: Path) -> None:
    Image.new("L", (900, 600), 230).save(tmp_path / "blank.png")
    assert parts_on(tmp_path / "blank.png") == []


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", os.urandom(999)])
def test_what_is_no_picture_is_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "wrong.jpg"
    path.write_bytes(content)
    with pytest.raises(UnreadablePhotographError, match=r"wrong\.jpg"):
        parts_on(path)


def test_a_picture_that_says_it_is_huge_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (40_000, 8_000)).save(path)
    with pytest.raises(UnreadablePhotographError, match=r"bomb\.png"):
        parts_on(path)
