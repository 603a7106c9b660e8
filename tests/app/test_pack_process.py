import io
import threading
from pathlib import Path

from pypdf import PdfReader
from tests.stories.site_server import SiteServer, message

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.pack.events import PackBuilt


def shelved(shelf: PackShelf, ward: str) -> tuple[PackBuilt, bytes]:
    """Return a ward's pack as soon as it stands (a minute at most on a busy machine)."""
    pause = threading.Event()
    for _ in range(600):
        found = shelf.newest(ward)
        if found is not None:
            return found
        pause.wait(0.1)
    raise AssertionError(f"no pack of {ward} was built")


def test_an_admitted_patient_is_on_the_wards_paper_without_anybody_asking(
    tmp_path: Path,
) -> None:
    site = SiteServer(tmp_path / "hospital")
    site.start()
    try:
        site.send(message(1))
        shelf = PackShelf(site.folder / "packs", load_key_ring(site.folder / "keys"))
        built, pdf = shelved(shelf, "A2")
    finally:
        assert site.stop() == 0
    assert built.patients == 1
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert "PEETERS" in text
    assert "Penicillin" in text
