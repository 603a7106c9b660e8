import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader
from tests.stories.site_server import message, wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PHARMACY, PackKeys, of_ward


class Papers:
    """A ward's pages as photographed, and the words of the envelopes; the hospital is gone."""

    def __init__(self, folder: Path) -> None:
        hospital, pdf = folder / "hospital", folder / "A2.pdf"
        wardkeep("init", hospital, "--json")
        with (hospital / "wardkeep.toml").open("a") as settings:
            settings.write(
                '\n[[wards]]\ncode = "A2"\ntelephones = ["+32 87 55 01 02"]\n'
                '\n[[systems]]\nname = "Dialysis book"\nask = "ext. 4411"\n'
            )
        (folder / "feed.hl7").write_bytes(message(1) + message(2, "4712"))
        wardkeep("load", hospital, folder / "feed.hl7")
        wardkeep("pack", hospital, "--ward", "A2", "--out", pdf, "--language", "fr")
        ring = load_key_ring(hospital / "keys")
        keys = PackKeys(hospital / "pack-keys", ring)
        self.ward, self.crisis = keys.words(of_ward("A2")), keys.words(CRISIS)
        self.other = keys.words(PHARMACY)
        self.signer = fingerprint(ring.verifying_key())
        self.first_text = text_of(pdf)
        (folder / "hospital").rename(folder / "gone")
        drawn = ["pdftoppm", "-r", "300", "-gray", "-png", pdf, folder / "page"]
        subprocess.run(drawn, check=True)
        pages = [page.extract_text() for page in PdfReader(pdf).pages]
        photographs = sorted(folder.glob("page-*.png"))
        self.all = photographs
        self.with_codes = [
            photograph
            for photograph, text in zip(photographs, pages, strict=True)
            if "wardkeep rebuild" in text
        ]


def text_of(pdf: Path) -> str:
    text = "".join(page.extract_text() for page in PdfReader(pdf).pages)
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return Papers(tmp_path_factory.mktemp("papers"))


def rebuild(
    photographs: Sequence[Path], words: str, out: Path, *more: str, status: int = 0
) -> dict[str, object]:
    key = out.parent / "envelope.txt"
    key.write_text(words)
    told = wardkeep(
        "rebuild", *photographs, "--key", key, "--out", out, "--json", *more, status=status
    )
    found = json.loads(told)
    assert isinstance(found, dict)
    return found


def test_a_ward_is_there_again_from_photographs_and_its_envelope_alone(
    papers: Papers, tmp_path: Path
) -> None:
    out = tmp_path / "rebuilt"
    told = rebuild(papers.with_codes, papers.ward, out, "--fingerprint", papers.signer)
    assert told["signers"] == [papers.signer]
    (pdf,) = out.glob("A2-*.pdf")
    text = text_of(pdf)
    for sent in ("PEETERS", "4711", "4712"):
        assert sent in papers.first_text
        assert sent in text
    assert "RELU SUR PAPIER" in text
    [made] = told["wards"]  # type: ignore[misc]  # JSON
    assert made["settings"]
    assert "+32 87 55 01 02" in text
    assert "N'ENVOIE RIEN À CE PAPIER : Dialysis book" in text
    (found,) = out.glob("A2-*.json")
    charts = json.loads(found.read_text())["charts"]
    assert {chart["record"] for chart in charts} == {"4711", "4712"}
    assert {path.stat().st_mode & 0o777 for path in (pdf, found)} == {0o600}


def test_the_crisis_team_opens_every_ward_and_the_pharmacy_none(
    papers: Papers, tmp_path: Path
) -> None:
    assert rebuild(papers.with_codes, papers.crisis, tmp_path / "crisis")["ok"]
    told = rebuild(papers.with_codes, papers.other, tmp_path / "none", status=4)
    assert told["error"]["code"] == "nothing-read"  # type: ignore[index]
    assert "sealed to another key" in json.dumps(told)
    assert not (tmp_path / "none").exists()


def test_pages_without_codes_and_what_is_no_picture_are_named(
    papers: Papers, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture")
    told = rebuild([*papers.all, broken], papers.ward, tmp_path / "rebuilt", status=4)
    assert told["no_picture"] == ["broken.jpg"]
    bare = {path.name for path in papers.all} - {path.name for path in papers.with_codes}
    assert set(told["no_code"]) == bare  # type: ignore[call-overload]
    assert told["wards"][0]["missing"] == 0  # type: ignore[index]


def test_a_page_that_was_not_photographed_is_missed(papers: Papers, tmp_path: Path) -> None:
    told = rebuild(papers.with_codes[:1], papers.ward, tmp_path / "rebuilt", status=4)
    assert told["wards"][0]["missing"] == 1  # type: ignore[index]
    (pdf,) = (tmp_path / "rebuilt").glob("*.pdf")
    assert "1 patients sur 2" in text_of(pdf)


def test_codes_that_another_key_signed_are_not_trusted(papers: Papers, tmp_path: Path) -> None:
    wrong = ["--fingerprint", " ".join(["0011"] * 16)]
    told = rebuild(papers.with_codes, papers.ward, tmp_path / "none", *wrong, status=4)
    assert "not as that key signed" in json.dumps(told)


def test_a_coffee_ring_over_one_code_costs_nothing(papers: Papers, tmp_path: Path) -> None:
    stained = tmp_path / "stained.png"
    page = Image.open(papers.with_codes[0]).convert("L")
    black = page.point([255 if grey < 128 else 0 for grey in range(256)])
    pen = ImageDraw.Draw(page)
    left, top = first_code(black)
    pen.ellipse((left - 60, top - 60, left + 420, top + 420), fill=90)
    page.save(stained)
    told = rebuild([stained, *papers.with_codes[1:]], papers.ward, tmp_path / "rebuilt")
    assert told["wards"][0]["patients"] == 2  # type: ignore[index]


def first_code(page: Image.Image) -> tuple[int, int]:
    """Return left and top of the first code of a chart: the lowest wide band of ink above the
    footer (27 mm at 300 dpi)."""
    above = page.crop((0, page.height // 3, page.width, page.height - 330))
    import zxingcpp

    found = zxingcpp.read_barcodes(Image.eval(above, lambda grey: 255 - grey))
    large = min((each.position.top_left for each in found if len(each.bytes) > 100),
                key=lambda corner: corner.x)  # fmt: skip
    return large.x, large.y + page.height // 3
