"""How many pages' sealed charts are read back from creased paper photographed by a telephone.

    PYTHONPATH=src python benchmarks/paper_codes.py [--pages N] [--seed S] [--keep FOLDER]

Pages of the sample hospital, every chart sealed as on a site, drawn at 300 dpi. Then the paper:
two folds across the page on which toner is lost, five shorter creases, a soft print. Then the
photograph: 12 megapixels, the page filling 82 to 95 % of its width, held askew, light that
falls off by up to 45 %, out of focus by 0.6 to 1.3 pixels, sensor noise, JPEG 82. `--scan` is
a flat bed at 300 dpi instead. One photograph a page; a page counts if its chart opens and
equals what was sealed. No peer: no product is known that prints its charts so. Bar: 95 %.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import tempfile
import time
from pathlib import Path

import msgspec
import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from packs import wards_of_the_sample
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from wardkeep.adapters.photographs import parts_on
from wardkeep.adapters.sealed_copy import open_copy, seal_copy
from wardkeep.adapters.typst_press import typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.pack.paper_codes import cut, join
from wardkeep.pack.paper_copy import copy_of, fitting

DPI = 300
PHOTOGRAPH = (4000, 3000)


def creased(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return a page that was folded twice and crumpled: toner is lost along the lines."""
    width, height = page.size
    lost = Image.new("L", page.size, 0)
    pen = ImageDraw.Draw(lost)
    for _ in range(2):
        at, lean, wide = (
            chance.uniform(0.25, 0.75),
            chance.uniform(-40, 40),
            chance.randint(3, 9),
        )
        if chance.random() < 0.5:
            pen.line((at * width, 0, at * width + lean, height), fill=210, width=wide)
        else:
            pen.line((0, at * height, width, at * height + lean), fill=210, width=wide)
    for _ in range(5):
        x, y = chance.uniform(0, width), chance.uniform(0, height)
        end = (x + chance.uniform(-700, 700), y + chance.uniform(-700, 700))
        pen.line((x, y, *end), fill=170, width=chance.randint(2, 5))
    lost = lost.filter(ImageFilter.GaussianBlur(1.2))
    soft = page.filter(ImageFilter.GaussianBlur(0.7))
    return Image.composite(Image.new("L", page.size, 215), soft, lost)


def photographed(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return what a telephone makes of a page on a table."""
    width, height = page.size
    around = Image.new("L", (int(width * 1.5), int(height * 1.9)), 90)
    left, top = (around.width - width) // 2, (around.height - height) // 2
    around.paste(_lit(page, chance), (left, top))
    fills = chance.uniform(0.82, 0.95)
    seen = (width / fills, width / fills * PHOTOGRAPH[1] / PHOTOGRAPH[0])
    middle = (around.width / 2, around.height / 2)
    corners = [(-0.5, -0.5), (-0.5, 0.5), (0.5, 0.5), (0.5, -0.5)]
    quad = [
        middle[axis] + corner[axis] * seen[axis] + chance.uniform(-90, 90)
        for corner in corners
        for axis in (0, 1)
    ]
    picture = around.transform(PHOTOGRAPH, Image.Transform.QUAD, quad, Image.Resampling.BICUBIC)
    picture = picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.6, 1.3)))
    return ImageChops.add(picture, Image.effect_noise(PHOTOGRAPH, 9), 1, -128)


def _lit(page: Image.Image, chance: random.Random) -> Image.Image:
    darkest = int(255 * chance.uniform(0.55, 0.9))
    light = Image.linear_gradient("L").rotate(chance.choice((0, 90, 180, 270)))
    light = light.point([darkest + (255 - darkest) * level // 255 for level in range(256)])
    return ImageChops.multiply(page, light.resize(page.size))


def scanned(page: Image.Image, chance: random.Random) -> Image.Image:
    """Return what a flat-bed scanner makes of a page at 300 dpi."""
    askew = page.rotate(chance.uniform(-2, 2), Image.Resampling.BICUBIC, fillcolor=240)
    return ImageChops.add(askew, Image.effect_noise(page.size, 6), 1, -128)


def sealed_ward(
    ward: WardData, to: pyrage.x25519.Identity
) -> tuple[WardData, dict[bytes, bytes]]:
    """Return a ward with its codes, and what each sealed chart holds."""
    key = Ed25519PrivateKey.generate()
    recipients = [to.to_public(), pyrage.x25519.Identity.generate().to_public()]
    parts, held = [], {}
    for chart in ward.charts:
        copy = copy_of(chart, ward, "fr")
        packed = fitting(copy)
        assert packed is not None
        sealed = seal_copy(packed, key, recipients)
        held[sealed] = packed
        parts.append(cut(sealed))
    return msgspec.structs.replace(ward, copies=tuple(parts)), held


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scan", action="store_true")
    parser.add_argument("--keep", type=Path, help="keep the photographs that were not read")
    asked = parser.parse_args()
    chance = random.Random(asked.seed)
    to = pyrage.x25519.Identity.generate()
    wards = [ward for ward in wards_of_the_sample(3) if ward.charts]
    pages = read = tries = codes = 0
    spent = 0.0
    with tempfile.TemporaryDirectory() as scratch:
        while pages < asked.pages:
            ward, held = sealed_ward(chance.choice(wards), to)
            few = msgspec.structs.replace(
                ward, charts=ward.charts[:4], copies=ward.copies[:4], sheets=ward.sheets[:5]
            )
            for number, drawn in drawn_pages(few, Path(scratch)):
                photograph = Path(scratch) / "photograph.jpg"
                make = scanned if asked.scan else photographed
                make(creased(drawn, chance), chance).save(photograph, quality=82)
                began = time.process_time()
                found = parts_on(photograph)
                spent += time.process_time() - began
                whole, _ = join(found)
                right = any(
                    open_copy(each, to)[0] == held[each] for each in whole if each in held
                )
                pages, read, codes = pages + 1, read + right, codes + len(found)
                tries += 1
                if not right and asked.keep:
                    photograph.rename(asked.keep / f"{pages}-{number}.jpg")
                if pages >= asked.pages:
                    break
            print(f"{read} of {pages} pages read back, {codes} codes", flush=True)
    print(f"{100 * read / pages:.1f} %, {spent / tries:.2f} s of processor time a page")


def drawn_pages(ward: WardData, scratch: Path) -> list[tuple[int, Image.Image]]:
    """Return the pages with codes on them, at 300 dpi."""
    pdf = scratch / "ward.pdf"
    pdf.write_bytes(typeset(ward_pack(ward, "fr", translator("fr"))).pdf)
    found = []
    told = subprocess.run(["pdftotext", pdf, "-"], capture_output=True, check=True).stdout
    for number, text in enumerate(told.decode().split("\f"), start=1):
        if "wardkeep rebuild" not in text:
            continue
        words = [
            "pdftoppm",
            "-r",
            str(DPI),
            "-gray",
            "-png",
            "-f",
            str(number),
            "-l",
            str(number),
        ]
        drawn = subprocess.run([*words, pdf], capture_output=True, check=True).stdout
        found.append((number, Image.open(io.BytesIO(drawn)).convert("L")))
    return found


if __name__ == "__main__":
    main()
