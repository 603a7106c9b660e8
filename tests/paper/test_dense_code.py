import io

import pytest
import zxingcpp
from PIL import Image, ImageOps

from wardkeep.paper.dense_code import drawing


@pytest.mark.parametrize("size", [1, 13, 810, 2_300])
def test_what_a_code_holds_is_read_back_from_its_drawing(size: int) -> None:
    content = bytes(number * 7 % 256 for number in range(size))
    picture = Image.open(io.BytesIO(drawing(content)))
    assert picture.mode == "1"
    large = ImageOps.scale(picture.convert("L"), 4, Image.Resampling.NEAREST)
    found = zxingcpp.read_barcodes(large)
    assert [bytes(each.bytes) for each in found] == [content]
    assert found[0].ec_level == "M"


def test_a_code_has_four_white_modules_around_it() -> None:
    picture = Image.open(io.BytesIO(drawing(b"1" * 100))).convert("L")
    side = picture.width
    assert picture.height == side
    assert ImageOps.invert(picture).getbbox() == (4, 4, side - 4, side - 4)


def test_more_than_a_code_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        drawing(b"x" * 2_400)
