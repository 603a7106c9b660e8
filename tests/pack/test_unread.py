import msgspec
import pytest
from tests.pack.handmade import NOW, dose, order, patient, ward_data

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import DoseOutcome, OrderKind, PatientChart
from wardkeep.chart.ports import Unread, UnreadFeed, UnreadMessage
from wardkeep.kernel.times import HOUR
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.unread import about, may_hold_doses
from wardkeep.paper.forms import WardPack

UNREAD = Unread(
    feeds=(UnreadFeed(feed="mar", count=3, since=NOW - 2 * HOUR),),
    about=(UnreadMessage(record="7", received=NOW - HOUR, message_type="RAS^O17"),),
)


def pack_of(chart: PatientChart, unread: Unread, language: str = "en") -> WardPack:
    data = msgspec.structs.replace(ward_data(chart), unread=unread)
    return ward_pack(data, language, translator(language))


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "1 MESSAGE ABOUT THIS PATIENT COULD NOT BE READ (03:12, RAS): ASK"),
        ("fr", "1 MESSAGE SUR CE PATIENT N'A PAS PU ÊTRE LU (03:12, RAS) : DEMANDER"),
        ("nl", "1 BERICHT OVER DEZE PATIËNT KON NIET GELEZEN WORDEN (03:12, RAS): VRAAG"),
        ("de", "1 NACHRICHT ZU DIESEM PATIENTEN WAR NICHT LESBAR (03:12, RAS): FRAGEN"),
    ],
)
def test_a_message_about_a_patient_that_could_not_be_read_stands_on_every_sheet_of_it(
    language: str, told: str
) -> None:
    pack = pack_of(patient("7"), UNREAD, language)
    assert pack.patients[0].alerts == (told,)
    assert pack.ward_sheet.beds[0].alerts == (told,)


def test_the_ward_sheet_counts_by_feed_what_could_not_be_read() -> None:
    told = pack_of(patient("7"), UNREAD).ward_sheet.unknown[0]
    assert told.text == "MESSAGES THAT COULD NOT BE READ: 3 of mar since 02:12"
    assert told.strong


def test_while_a_record_of_a_dose_could_not_be_read_no_sheet_says_that_none_was_recorded() -> (
    None
):
    chart = patient("7", orders=(order("1", "paracetamol"),))
    for unread, told in (
        (UNREAD, "NOT KNOWN: a message could not be read. ASK"),
        (Unread(), "none recorded in 24 h"),
    ):
        (line,) = pack_of(chart, unread).patients[0].blocks[0].lines
        assert line.given == (told,)


def test_a_message_under_a_merged_number_is_the_survivors_and_a_neighbours_is_not() -> None:
    assert about(UNREAD, patient("8", merged_from=("7",)))
    assert about(UNREAD, patient("8")) == []


def test_a_message_of_another_kind_or_day_holds_no_dose_of_today() -> None:
    for kind, age, doubt in (
        ("RAS", 1, True),
        ("", 1, True),
        ("ADT", 1, False),
        ("RAS", 25, False),
    ):
        one = UnreadMessage(record="7", received=NOW - age * HOUR, message_type=kind)
        assert may_hold_doses(Unread(about=(one,)), patient("7"), NOW) is doubt


def test_several_messages_are_counted_and_the_newest_are_named() -> None:
    several = tuple(
        UnreadMessage(record="7", received=NOW - hours * HOUR, message_type="RAS^O17")
        for hours in range(5, 0, -1)
    )
    (told,) = pack_of(patient("7"), Unread(about=several)).patients[0].alerts
    assert told == (
        "5 MESSAGES ABOUT THIS PATIENT COULD NOT BE READ"
        " (03:12, RAS; 02:12, RAS; 01:12, RAS; and 2 more): ASK"
    )


@pytest.mark.parametrize("kind", [OrderKind.REGULAR, OrderKind.AS_NEEDED, OrderKind.INFUSION])
def test_a_dose_whose_outcome_is_not_known_is_asked_about_and_never_none(
    kind: OrderKind,
) -> None:
    unclear = dose("1", NOW - HOUR, outcome=DoseOutcome.UNCLEAR, outcome_text="A", by="")
    chart = patient("7", orders=(order("1", "paracetamol", kind=kind),), doses=(unclear,))
    blocks = pack_of(chart, Unread()).patients[0].blocks
    line = next(line for block in blocks for line in block.lines)
    assert line.given == ("03:12 RECORDED, OUTCOME AS SENT: A; 1 g",)
    assert "ASK: GIVEN? 03:12" in line.ask
