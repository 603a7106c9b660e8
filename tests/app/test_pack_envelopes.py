"""Sealed envelopes as the ward has them: one page, words by number, a symbol, a wall card."""

import io
import re
import stat
import subprocess
from pathlib import Path

import pypdf
import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PackKeys, of_ward
from wardkeep.app.custody import custody_of
from wardkeep.app.folder import HospitalFolder
from wardkeep.paper.words import LANGUAGES

LISTS = ("emergency", "laboratory", "theatre", "kitchen", "front-desk", "cards")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> HospitalFolder:
    folder = tmp_path_factory.mktemp("envelopes") / "site"
    wardkeep("init", folder, "--json")
    with (folder / "wardkeep.toml").open("a") as settings:
        settings.write('\n[[wards]]\ncode = "4B"\n[[wards]]\ncode = "ICU/2"\nlanguage = "nl"\n')
    return HospitalFolder(folder)


def words_on(page: pypdf.PageObject) -> str:
    numbered = re.findall(r"^(\d{1,2}) +([a-z]{3,8})$", page.extract_text(), re.MULTILINE)
    found = {int(number): word for number, word in numbered}
    return " ".join(found[number] for number in range(1, 25))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_envelope_is_one_page_with_its_words_and_the_fingerprint_of_the_site(
    site: HospitalFolder, tmp_path: Path, language: str
) -> None:
    out = tmp_path / "envelopes.pdf"
    wardkeep("keys", "envelopes", site.path, "--out", out, "--language", language)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    ring = load_key_ring(site.keys)
    keys, printed = PackKeys(site.pack_keys, ring), fingerprint(ring.verifying_key())
    pages = pypdf.PdfReader(io.BytesIO(out.read_bytes())).pages
    holders = [of_ward("4B"), of_ward("ICU/2"), CRISIS, "pharmacy", *LISTS]
    assert [words_on(page) for page in pages] == [keys.words(holder) for holder in holders]
    for page in pages:
        assert printed in " ".join(page.extract_text().split())
    assert "ICU%2F2.html" in pages[1].extract_text()


def test_the_symbol_is_the_key_that_a_scanner_types(
    site: HospitalFolder, tmp_path: Path
) -> None:
    out = tmp_path / "one.pdf"
    wardkeep("keys", "envelopes", site.path, "--ward", "4B", "--out", out)
    subprocess.run(["pdftoppm", "-r", "200", "-png", out, tmp_path / "page"], check=True)
    [image] = tmp_path.glob("page*.png")
    read = subprocess.run(["zbarimg", "-q", "--raw", image], capture_output=True, check=True)
    keys = PackKeys(site.pack_keys, load_key_ring(site.keys))
    assert read.stdout.decode().strip() == keys.identity(of_ward("4B"))


def test_who_printed_which_is_recorded_and_an_unknown_ward_prints_nothing(
    site: HospitalFolder, tmp_path: Path
) -> None:
    wardkeep(
        "keys", "envelopes", site.path, "--out", tmp_path / "x.pdf", "--ward", "9Z", status=6
    )
    assert not (tmp_path / "x.pdf").exists()
    wardkeep("keys", "envelopes", site.path, "--out", tmp_path / "no" / "x.pdf", status=1)
    assert custody_of(site).own.source == "file", "the events of envelopes read back"
