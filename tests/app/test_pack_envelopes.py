"""Sealed envelopes as the ward has them: one page, words by number, a symbol, a wall card."""

import io
import re
import stat
import subprocess
from pathlib import Path

import pypdf
import pyrage
import pytest
from tests.stories.site_server import wardkeep

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_keys import CRISIS, PackKeys, of_ward
from wardkeep.adapters.public_pack_keys import keep
from wardkeep.adapters.writer_lock import WriterLock
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


@pytest.fixture
def took_over(tmp_path: Path) -> tuple[HospitalFolder, str]:
    """A box whose ward 4B has a key of the box before: the folder, and its public half."""
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    with (folder.path / "wardkeep.toml").open("a") as settings:
        settings.write('\n[[wards]]\ncode = "4B"\n')
    before = str(pyrage.x25519.Identity.generate().to_public())
    keep(folder.pack_keys, [(of_ward("4B"), before)], load_key_ring(folder.keys).signing_key())
    return folder, before


def sealed_to(folder: HospitalFolder) -> str:
    return PackKeys(folder.pack_keys, load_key_ring(folder.keys)).public()[of_ward("4B")]


def test_new_envelopes_that_cannot_be_written_leave_the_old_ones_in_force(
    took_over: tuple[HospitalFolder, str], tmp_path: Path
) -> None:
    folder, before = took_over
    print_new = ("keys", "envelopes", folder.path, "--new", "--ward", "4B", "--out")
    wardkeep(*print_new, tmp_path / "no" / "x.pdf", status=1)
    assert sealed_to(folder) == before
    with WriterLock(folder.writer_lock):
        # Who prints cannot be recorded now.
        wardkeep(*print_new, tmp_path / "x.pdf", status=1)
    assert sealed_to(folder) == before
    assert not (tmp_path / "x.pdf").exists()
    wardkeep(*print_new, tmp_path / "x.pdf")
    assert sealed_to(folder) != before
    [page] = pypdf.PdfReader(tmp_path / "x.pdf").pages
    keys = PackKeys(folder.pack_keys, load_key_ring(folder.keys))
    assert words_on(page) == keys.words(of_ward("4B"))
    assert not list(folder.pack_keys.glob(".*")), "nothing is left beside"


def test_a_ward_that_is_called_as_a_list_s_holder_hides_no_envelope(tmp_path: Path) -> None:
    wardkeep("init", tmp_path / "site", "--json")
    folder = HospitalFolder(tmp_path / "site")
    with (folder.path / "wardkeep.toml").open("a") as settings:
        settings.write("".join(f'\n[[wards]]\ncode = "{w}"\n' for w in ("kitchen", "crisis")))
    out = tmp_path / "x.pdf"
    wardkeep("keys", "envelopes", folder.path, "--out", out)
    keys = PackKeys(folder.pack_keys, load_key_ring(folder.keys))
    holders = [of_ward("crisis"), of_ward("kitchen"), CRISIS, "pharmacy", *LISTS]
    pages = pypdf.PdfReader(out).pages
    assert [words_on(page) for page in pages] == [keys.words(each) for each in holders]
