"""A forged feed names a ward as the book of known patients is named; nobody prints the book."""

import hashlib
from pathlib import Path

import msgspec
import pytest
from tests.pack.handmade import ward_data

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import build
from wardkeep.adapters.shelf_paper import ShelfPaper
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.founding import found
from wardkeep.app.printing import Printery
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.hospital.site import Site
from wardkeep.pack.errors import GlassNeededError
from wardkeep.pack.events import PackBuilt, PrintOrdered
from wardkeep.pack.print_decide import SCHEDULE
from wardkeep.pack.prints import Print
from wardkeep.web.process import Shelf

BOOK = "list+cards"
PRINTER = '\n[[printers]]\nname = "room"\nuri = "cups:room"\nroom = true\n'


class Forged:
    """A folder with the book on the lists' shelf, and a ward that is called as it is."""

    def __init__(self, path: Path) -> None:
        found(path, default_settings_toml("H", 2575, 8443) + PRINTER, "aegis", now())
        self.folder = HospitalFolder(path)
        ring = load_key_ring(self.folder.keys)
        self.packs = PackShelf(self.folder.packs, ring)
        self.lists = PackShelf(self.folder.lists, ring)
        data = ward_data()
        pdf = build(msgspec.msgpack.encode(data), "en").pdf
        for shelf, ward in ((self.packs, "4B"), (self.packs, BOOK), (self.lists, BOOK)):
            # As a list's, the first page of this one bears no sheet code.
            made = pdf if ward == "4B" else b"%PDF-1.7 of a book"
            shelf.put(self.built(ward, made), made)
        self.site: Site = load_site(self.folder)
        self.paper = ShelfPaper(BothShelves(self.packs, self.lists), self.site)

    def built(self, ward: str, pdf: bytes) -> PackBuilt:
        return PackBuilt(
            ward=ward, generation=1, revision=1, language="en", at=now(), as_of=now(), pages=1,
            patients=0, digest=hashlib.sha256(pdf).hexdigest(),
        )  # fmt: skip


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> Forged:
    return Forged(tmp_path_factory.mktemp("forged") / "hospital")


def test_the_print_verb_orders_no_book(forged: Forged) -> None:
    printery = Printery(forged.folder, forged.site)
    with pytest.raises(GlassNeededError):
        printery.order(BOOK, "os:m")
    assert not printery.prints()
    printery.close()


def test_print_all_and_the_site_s_hours_print_the_wards_and_no_book(forged: Forged) -> None:
    printery = Printery(forged.folder, forged.site)
    ordered = printery.order_all(printery.plan(), SCHEDULE)
    assert {each.ward for each in ordered} == {"4B"}
    printery.close()


def test_a_ward_whose_pack_is_damaged_keeps_no_other_from_its_paper(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = Forged(tmp_path / "hospital")
    house.packs.put(house.built("5A", b"%PDF-1.7 damaged"), b"%PDF-1.7 damaged")
    printery = Printery(house.folder, house.site)
    assert {each.ward for each in printery.plan().steps} == {"4B"}
    assert "ward 5A is not printed" in capsys.readouterr().err
    printery.close()


def test_the_screens_have_no_ward_that_is_called_as_a_list(forged: Forged) -> None:
    assert set(Shelf(forged.packs, forged.folder).made()) == {"4B"}


@pytest.mark.parametrize("part", ["whole", "sheet", "records"])
def test_no_paper_of_the_book_is_taken_from_the_shelf_whoever_ordered_it(
    forged: Forged, part: str
) -> None:
    order = PrintOrdered(order="4XQ0ABCD", ward=BOOK, printer="room", at=1, by="m", part=part)
    assert forged.paper(Print(ordered=order)) is None
    assert forged.paper.measure(BOOK) is None
