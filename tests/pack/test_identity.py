import msgspec
from tests.chart.sending import BRUSSELS
from tests.pack.handmade import (
    NOW,
    allergy,
    hostile,
    moment,
    patient,
    said,
    sheet_of,
    source,
    trapped,
)

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import Allergies, AllergyState, Flag, FlagKind
from wardkeep.hospital.streams import StreamState
from wardkeep.pack.identity import sex_letter
from wardkeep.pack.pen import Pen


def test_the_band_names_the_patient_as_a_wristband_does() -> None:
    sheet = sheet_of(trapped())
    assert (sheet.surname, sheet.given) == ("JANSSENS", "Marie-Louise")
    assert sheet.born == "Born 08 Mar 1934 · 91 y · F"
    assert sheet.numbers == "Record 700001 · Visit V700001"
    assert sheet.place == "4B · 401-1"


def test_the_letters_of_the_sexes_are_those_of_the_wards_language() -> None:
    told = {"nl": "V", "de": "W", "fr": "F", "en": "F"}
    for language, letter in told.items():
        pen = Pen(translator(language), language, BRUSSELS, NOW)
        assert (sex_letter("F", pen), sex_letter("M", pen)) == (letter, "M")
        assert sex_letter("O", pen) == "O"


def test_a_visit_that_a_system_did_not_number_is_said_to_have_no_number() -> None:
    [stay] = patient("1").encounters
    unnumbered = msgspec.structs.replace(stay, visit="Encounter/e1@ehr")
    told = sheet_of(patient("1", encounters=(unnumbered,))).numbers
    assert told == "Record 1 · Visit without a number (the system's id e1)"


def test_what_is_not_known_of_a_person_is_said_and_never_left_blank() -> None:
    bare = patient("1", name=None, birth_date=None, sex=None, encounters=())
    sheet = sheet_of(bare)
    assert sheet.surname == "NAME NOT RECORDED"
    assert sheet.born == "Born: NOT RECORDED · sex NOT RECORDED"
    assert sheet.place == "BED NOT RECORDED"
    assert "Weight: NOT RECORDED" in sheet.facts
    assert "Code status: NOT RECORDED" in sheet.facts


def test_a_weight_that_no_system_sends_is_not_fed() -> None:
    assert "Weight: NOT FED" in sheet_of(patient("1"), weight=StreamState.NOT_FED).facts


def test_allergies_have_three_states_and_a_conflict() -> None:
    states = {
        "ALLERGIES": Allergies(state=AllergyState.LISTED, items=(allergy("latex"),)),
        "ALLERGIES: NONE KNOWN": Allergies(
            state=AllergyState.NONE_KNOWN, none_known=(source(),)
        ),
        "ALLERGIES: NOT RECORDED: ASK": Allergies(state=AllergyState.NOT_RECORDED),
        "ALLERGIES: CONFLICT: sources disagree: ASK": Allergies(
            state=AllergyState.CONFLICT, items=(allergy("latex"),), none_known=(source("mar"),)
        ),
    }
    for told, known in states.items():
        assert sheet_of(patient("1", allergies=known)).allergies.state == told


def test_a_conflict_shows_the_union_with_who_says_what() -> None:
    text = sheet_of(hostile()).allergies.text
    assert "*b* $x$ [U+4E00] [AS SENT] (severe: rash) [adt]" in text
    assert "but NONE KNOWN says mar, 01:12" in text


def test_more_allergies_than_the_box_holds_are_counted_and_stand_in_the_summary() -> None:
    many = tuple(allergy(f"substance number {n} with a long name") for n in range(60))
    listed = Allergies(state=AllergyState.LISTED, items=many)
    sheet = sheet_of(patient("1", allergies=listed))
    assert "MORE: SEE THE SUMMARY" in sheet.allergies.text
    full = next(each for each in sheet.sections if each.title == "Allergies, in full")
    assert len(full.entries) == 60


def test_names_that_hide_or_reorder_text_are_printed_visibly() -> None:
    sheet = sheet_of(hostile())
    assert "[U+202E]" in sheet.surname
    assert "[U+0007]" in sheet.surname
    assert "[U+2066]" in sheet.numbers
    assert not {"\u202e", "\x07", "\u2066"} & set(msgspec.json.encode(sheet).decode())


def test_flags_that_may_mean_the_wrong_patient_stand_in_the_band() -> None:
    flags = (
        Flag(FlagKind.SAME_NAME_ON_WARD, "700002"),
        Flag(FlagKind.BED_SHARED, "700003"),
        Flag(FlagKind.ID_REUSED_BY_SENDER, ""),
    )
    sheet = sheet_of(patient("1", flags=flags, dead=said(moment(NOW))))
    assert sheet.alerts == (
        "RECORDED AS DEAD 04:12",
        "NAME ALERT: same name on this ward, record 700002",
        "TWO PATIENTS ARE RECORDED IN THIS BED: ALSO RECORD 700003",
    )


def test_a_code_status_from_a_merged_record_is_to_be_confirmed() -> None:
    status = sheet_of(trapped()).sections[0]
    texts = [entry.text for entry in status.entries]
    assert texts[0] == "DNR (Dr Peeters, 04:12) · visit V1"
    assert texts[1].startswith("FROM THE MERGED RECORD 9: confirm")


def test_merged_numbers_stand_beside_the_one_that_holds() -> None:
    assert sheet_of(patient("1", merged_from=("8", "9"))).numbers.endswith("merged from 8, 9")
