import msgspec
import pytest
from msgspec.structs import replace
from tests.pack.handmade import NOW, SITE, patient, streams, trapped, ward_data

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import Unread, UnreadFeed, UnreadMessage
from wardkeep.hospital.site import RecordSystem
from wardkeep.kernel.times import HOUR
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.pack.from_paper import LeftOut
from wardkeep.pack.paper_copy import (
    PaperCopy,
    copy_of,
    fitting,
    pack_copy,
    settings_of,
    unpack_copy,
)
from wardkeep.pack.rebuilding import RebuiltWard, rebuilt_wards
from wardkeep.paper.forms import PatientSheet
from wardkeep.paper.sheet_code import sheet_number

NUMBERS = [sheet_number(number) for number in range(40)]
CHARTS = (trapped(), patient("2"), patient("3"))


def read_back(data: WardData, chart: PatientChart) -> PaperCopy:
    packed = fitting(copy_of(chart, data, "fr"), 20_000)
    assert packed is not None
    return unpack_copy(packed)


def rebuilt(*copies: PaperCopy, later: int = 0) -> list[RebuiltWard]:
    return rebuilt_wards(copies, NOW + later, NUMBERS)


def sheets(data: WardData, now: int | None = None) -> tuple[PatientSheet, ...]:
    at = data if now is None else replace(data, now=now)
    return ward_pack(at, "en", translator("en")).patients


def test_sheets_of_a_chart_read_back_say_the_same_of_medicines_as_the_first_ones() -> None:
    data = ward_data(*CHARTS)
    (ward,) = rebuilt(*(read_back(data, chart) for chart in CHARTS))
    before = {sheet.numbers: sheet for sheet in sheets(data)}
    for sheet in sheets(ward.data):
        first = before[sheet.numbers]
        for field in ("surname", "given", "born", "place", "allergies", "as_of_mar"):
            assert getattr(sheet, field) == getattr(first, field)
        told = [
            (b.title, [msgspec.structs.astuple(line) for line in b.lines]) for b in sheet.blocks
        ]
        assert told == [
            (b.title, [msgspec.structs.astuple(line) for line in b.lines]) for b in first.blocks
        ]


def test_a_ward_that_computes_no_next_due_computes_none_from_its_paper() -> None:
    silent = replace(SITE, wards=(replace(SITE.wards[0], next_due=False),))
    data = ward_data(*CHARTS, site=silent)
    (ward,) = rebuilt(read_back(data, CHARTS[0]))
    assert not any(
        cell.kind == "due"
        for sheet in sheets(ward.data)
        for block in sheet.blocks
        for line in block.lines
        for cell in line.cells
    )


def test_hours_later_the_sheets_go_on_from_then_and_say_how_old_they_are() -> None:
    data = ward_data(*CHARTS)
    (ward,) = rebuilt(*(read_back(data, chart) for chart in CHARTS), later=9 * HOUR)
    for sheet in sheets(ward.data):
        assert sheet.old.startswith("READ BACK FROM PAPER OF 07 Mar 2026 04:12.")
        assert "OLD DATA" in sheet.old
    top = ward_pack(ward.data, "en", translator("en")).ward_sheet
    assert "3 of 3 patients" in top.old


def test_pages_that_were_not_read_are_missed() -> None:
    data = ward_data(*CHARTS)
    (ward,) = rebuilt(read_back(data, CHARTS[1]))
    assert (len(ward.data.charts), ward.patients, ward.missing) == (1, 3, 2)
    assert "1 of 3 patients" in ward_pack(ward.data, "en", translator("en")).ward_sheet.old


def test_of_a_patient_on_two_papers_the_newer_one_counts() -> None:
    old, new = ward_data(*CHARTS), replace(ward_data(*CHARTS), now=NOW + HOUR)
    copies = [read_back(new, CHARTS[0]), read_back(old, CHARTS[0]), read_back(old, CHARTS[1])]
    wards = rebuilt(*copies, later=2 * HOUR)
    found = [(w.data.from_paper and w.data.from_paper.as_of, len(w.data.charts)) for w in wards]
    assert found == [(NOW + HOUR, 1), (NOW, 1)]
    assert wards[0].data.charts[0].record == CHARTS[0].record


def test_two_printings_keep_their_own_as_of_times() -> None:
    early = replace(ward_data(*CHARTS), now=NOW - HOUR, streams=streams(NOW - HOUR))
    wards = rebuilt(read_back(ward_data(*CHARTS), CHARTS[0]), read_back(early, CHARTS[1]))
    told = [sheets(ward.data)[0].as_of_mar for ward in wards]
    assert len(set(told)) == 2


def test_what_the_codes_left_out_is_told_on_the_patients_page() -> None:
    copy = read_back(ward_data(*CHARTS), CHARTS[0])
    few = replace(copy, left_out=LeftOut(results=7, orders=2))
    (ward,) = rebuilt(few)
    (sheet,) = sheets(ward.data)
    assert "ON THE OLD PAPER ONLY: 7 laboratory values, 2 ended orders" in sheet.old


def test_what_could_not_be_read_or_was_lost_then_is_told_again_from_the_paper() -> None:
    chart = patient("2")
    feeds = (UnreadFeed(feed="pharmacy", count=3, since=NOW - HOUR),)
    about = (UnreadMessage(record="2", received=NOW - HOUR, message_type="RAS"),)
    data = ward_data(chart)
    doubtful = replace(
        data,
        unread=Unread(feeds=feeds, about=about),
        summary=replace(data.summary, lacks=True),
        site=replace(
            SITE, paper=replace(SITE.paper, blood_group_codes=("X-1",), tall_man="BE")
        ),
    )
    (ward,) = rebuilt(read_back(doubtful, chart))
    assert ward.data.unread == doubtful.unread
    assert ward.data.site.paper == doubtful.site.paper
    (sheet,) = sheets(ward.data)
    assert "NOT WHOLE" in sheet.old
    assert any("COULD NOT BE READ" in each for each in sheet.alerts)


SYSTEMS = (
    RecordSystem(name="Dialysis book", holds="dialysis", ask="ext. 4411"),
    RecordSystem(name="Elsewhere", wards=("9Z",)),
    RecordSystem(name="Pharmacy", feeds=("pharmacy",)),
)


def test_telephones_beds_and_unfed_systems_are_there_again_from_one_page_of_the_ward() -> None:
    data = ward_data(*CHARTS, site=replace(SITE, systems=SYSTEMS))
    with_them = unpack_copy(
        pack_copy(copy_of(CHARTS[0], data, "fr", settings_of(data))),
    )
    (ward,) = rebuilt(read_back(data, CHARTS[1]), with_them)
    before = ward_pack(data, "en", translator("en")).ward_sheet
    top = ward_pack(ward.data, "en", translator("en")).ward_sheet
    assert top.telephones == before.telephones
    assert "+32 4 123 45 67" in top.telephones
    assert top.title.startswith("4B · Cardiology")
    # The patient whose page was not read lay in one of them: who is missing is told above.
    assert set(before.empty_beds.split(", ")) <= set(top.empty_beds.split(", "))
    unfed = [each.text for each in top.unknown if "SENDS NOTHING" in each.text]
    assert unfed == ["SENDS NOTHING TO THIS PAPER: Dialysis book (dialysis). Ask: ext. 4411"]
    assert not any("NOT KNOWN" in each.text for each in top.unknown)


@pytest.mark.parametrize(
    ("language", "lost", "systems"),
    [
        (
            "en",
            "NOT KNOWN: not in the codes that were read. See the old paper",
            "NOT KNOWN which systems send nothing to this paper",
        ),
        (
            "fr",
            "NON CONNU : pas dans les codes lus. Voir l'ancien papier",
            "NON CONNU : quels systèmes n'envoient rien à ce papier",
        ),
        (
            "nl",
            "NIET BEKEND: niet in de gelezen codes. Zie het oude papier",
            "NIET BEKEND: welke systemen niets naar dit papier sturen",
        ),
        (
            "de",
            "NICHT BEKANNT: nicht in den gelesenen Codes. Siehe das alte Papier",
            "NICHT BEKANNT: welche Systeme diesem Papier nichts senden",
        ),
    ],
)
def test_where_no_page_carried_them_the_sheet_says_so_and_not_that_there_are_none(
    language: str, lost: str, systems: str
) -> None:
    data = ward_data(*CHARTS, site=replace(SITE, systems=SYSTEMS))
    (ward,) = rebuilt(*(read_back(data, chart) for chart in CHARTS))
    top = ward_pack(ward.data, language, translator(language)).ward_sheet
    assert top.telephones == (lost,)
    assert top.empty_beds == lost
    assert top.unknown[0].text.startswith(systems)
    assert top.unknown[0].strong


def test_a_ward_that_the_settings_do_not_name_has_no_telephone_there_either() -> None:
    data = ward_data(*CHARTS, site=replace(SITE, wards=()))
    copy = unpack_copy(pack_copy(copy_of(CHARTS[0], data, "fr", settings_of(data))))
    (ward,) = rebuilt(copy)
    top = ward_pack(ward.data, "en", translator("en")).ward_sheet
    assert top.telephones == ("NOT RECORDED in the settings",)
