from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from tests.pack.handmade import NOW, order, patient, ward_data

from wardkeep.adapters.both_shelves import BothShelves
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import build
from wardkeep.adapters.pdf_pages import count, sheets, texts
from wardkeep.adapters.shelf_paper import ShelfPaper
from wardkeep.chart.medication import Timing, TimingForm
from wardkeep.hospital.printing import Printer
from wardkeep.hospital.site import Site
from wardkeep.pack.contents import WardData
from wardkeep.pack.events import PackBuilt, PrintOrdered
from wardkeep.pack.print_order import COVER_PAGES
from wardkeep.pack.prints import Print
from wardkeep.paper.words import LANGUAGES


def at(hour: str) -> Timing:
    return Timing(form=TimingForm.TIMES, text=hour, times=(hour,))


def ordered(part: str = "whole", printer: str = "own") -> Print:
    return Print(
        ordered=PrintOrdered(
            order="4XQ0ABCD", ward="4B", printer=printer, at=NOW, by="m", part=part, run="R"
        )
    )


class Stand:
    """A shelf with one ward's pack."""

    def __init__(self, folder: Path, data: WardData, language: str = "en") -> None:
        (folder / "keys").mkdir()
        (folder / "packs").mkdir()
        ring, _ = make_key_ring(folder / "keys")
        self.shelf = PackShelf(folder / "packs", ring)
        encoded = msgspec.msgpack.encode(data)
        made = build(encoded, language)
        self.pdf, self.pages = made.pdf, made.pages
        built = PackBuilt(
            ward="4B",
            generation=3,
            revision=1,
            language=language,
            at=NOW,
            as_of=NOW,
            pages=made.pages,
            patients=len(data.charts),
            digest=hashlib.sha256(made.pdf).hexdigest(),
        )
        self.shelf.put(built, made.pdf)
        self.shelf.keep_sound("4B", encoded, [])
        room = Printer(name="room", uri="cups:room", room=True)
        site = msgspec.structs.replace(data.site, printers=(room,))
        self.paper = ShelfPaper(BothShelves(self.shelf, self.shelf), site)
        self.data = data


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Stand:
    late = order("1", "paracetamol", timing=at("22:00"))
    soon = order("2", "amoxicillin", timing=at("06:00"))
    folder = tmp_path_factory.mktemp("shelf")
    charts = (
        patient("1", family="Aerts", bed="1", orders=(late,)),
        patient("2", family="Baeten", bed="2", orders=()),
        patient("3", family="Claes", bed="3", orders=(soon,)),
    )
    return Stand(folder, ward_data(*charts))


def test_a_whole_pack_is_printed_as_it_stands_on_the_shelf(stand: Stand) -> None:
    paper = stand.paper(ordered())
    assert paper is not None
    assert (paper.pdf, paper.pages, paper.generation) == (stand.pdf, stand.pages, 3)


def test_the_two_parts_are_the_whole_and_have_no_page_in_both(stand: Stand) -> None:
    sheet, records = (stand.paper(ordered(part)) for part in ("sheet", "records"))
    assert sheet is not None
    assert records is not None
    assert (count(sheet.pdf), count(records.pdf)) == (sheet.pages, records.pages)
    assert sheet.pages + records.pages == stand.pages
    read = [*texts(sheet.pdf), *texts(records.pdf)]
    assert sorted(read) == sorted(texts(stand.pdf))
    assert all("WARD SHEET" in text for text in texts(sheet.pdf))


def test_patients_come_out_in_the_order_of_their_next_doses(stand: Stand) -> None:
    records = stand.paper(ordered("records"))
    assert records is not None
    numbers = dict(zip(stand.data.sheets[1:], ("Aerts", "Baeten", "Claes"), strict=True))
    read = [numbers[each.sheet] for each in sheets(texts(records.pdf))]
    assert read == ["Claes", "Aerts", "Baeten"]


def test_what_a_print_room_prints_has_a_cover_and_a_slip_in_front(stand: Stand) -> None:
    plain, covered = stand.paper(ordered("sheet")), stand.paper(ordered("sheet", "room"))
    assert plain is not None
    assert covered is not None
    assert count(covered.pdf) == covered.pages == plain.pages + COVER_PAGES
    front, slip, *ward = texts(covered.pdf)
    assert ward == texts(plain.pdf)
    assert "PAPER FOR THIS WARD" in front
    assert "RUNNER'S SLIP" in slip
    assert all("4B" in page and "4XQ0ABCD" in page for page in (front, slip))
    records = stand.paper(ordered("records", "room"))
    assert records is not None
    assert "RUNNER'S SLIP" not in "".join(texts(records.pdf))


def test_a_whole_pack_from_a_print_room_has_them_too_and_says_how_many_pages_are_behind(
    stand: Stand,
) -> None:
    covered = stand.paper(ordered("whole", "room"))
    assert covered is not None
    assert count(covered.pdf) == covered.pages == stand.pages + COVER_PAGES
    front, slip, *pack = texts(covered.pdf)
    assert pack == texts(stand.pdf)
    assert f"{stand.pages} pages: the ward sheet and 3 patients' sheets" in front
    assert "later" not in front
    assert f"count the pages behind it: {stand.pages}." in slip


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_patient_stands_on_a_cover(tmp_path: Path, language: str) -> None:
    stand = Stand(tmp_path, ward_data(patient("1", family="Aerts")), language)
    covered = stand.paper(ordered("sheet", "room"))
    assert covered is not None
    front, slip = texts(covered.pdf)[:COVER_PAGES]
    assert "AERTS" not in (front + slip).upper()


def test_a_wards_paper_is_measured_without_being_printed(stand: Stand) -> None:
    found = stand.paper.measure("4B")
    assert found is not None
    assert found.sheet + found.records == stand.pages
    assert found.due is not None
    assert found.due > NOW
    assert stand.paper.measure("9Z") is None


def test_a_ward_without_a_pack_has_no_paper(stand: Stand) -> None:
    nobody = msgspec.structs.replace(ordered().ordered, ward="9Z")
    assert stand.paper(Print(ordered=nobody)) is None


def test_a_pack_of_an_empty_ward_has_no_patients_sheets(tmp_path: Path) -> None:
    stand = Stand(tmp_path, ward_data())
    assert stand.paper(ordered("records")) is None
    assert stand.paper(ordered("sheet")) is not None
    assert isinstance(stand.data.site, Site)
