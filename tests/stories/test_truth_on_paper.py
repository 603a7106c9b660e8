"""Every value on every page of the sample hospital is the simulator's, in four languages."""

from __future__ import annotations

import msgspec
import pytest
from tests.stories.truth_on_paper import (
    Facts,
    SampleHouse,
    pages_of,
    squashed,
    true_order,
    untrue_doses,
)

from wardkeep.adapters.house_packs import build_list
from wardkeep.adapters.known_cards import build_card
from wardkeep.adapters.typst_press import typeset, typeset_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.pack.kinds import HOUSE_KINDS, house_pack
from wardkeep.pack.whole_house import HouseData, Opened, PackKind
from wardkeep.paper.list_forms import ListPack
from wardkeep.paper.words import LANGUAGES
from wardkeep.sample.group import ICU_NOT_FED
from wardkeep.sample.house import DEMO, TINY


@pytest.fixture(scope="module")
def house() -> SampleHouse:
    return SampleHouse(TINY, 3)


@pytest.fixture(scope="module")
def whole() -> SampleHouse:
    return SampleHouse(DEMO, 3)


def wards(house: SampleHouse) -> list[WardData]:
    return [house.ward(each.ward) for each in house.charts.wards() if each.patients]


def with_truth(data: HouseData, house: SampleHouse) -> HouseData:
    """The same data with the true charts in place of those that messages made."""
    return msgspec.structs.replace(
        data,
        wards=tuple(
            msgspec.structs.replace(ward, charts=true_order(ward.charts, house))
            for ward in data.wards
        ),
        others=tuple(house.truth(chart.record) for chart in data.others),
    )


def check_ward(data: WardData, house: SampleHouse, language: str) -> int:
    """Hold a ward's pages against the truth; return how many facts were found on them."""
    say = translator(language)
    truth = true_order(data.charts, house)
    pack = ward_pack(data, language, say)
    assert pack == ward_pack(msgspec.structs.replace(data, charts=truth), language, say)
    pages = pages_of(typeset(pack).pdf)
    facts = Facts(house, language)
    fed = data.summary.ward != ICU_NOT_FED
    return sum(check_patient(chart, pages, facts, fed=fed) for chart in truth) + check_top(
        truth, pages, facts
    )


def check_patient(chart: PatientChart, pages: list[str], facts: Facts, *, fed: bool) -> int:
    # The ward sheet has each number too, and no place for a patient's medication.
    sheets = (facts.say("MEDICATION ADMINISTRATION RECORD"), facts.say("SUMMARY"))
    # The point follows the number in a header, and nowhere in another's alert.
    number = squashed(facts.say("Record {number}").format(number=chart.record) + " ·")
    mine = [
        page for page in pages if number in page and any(squashed(s) in page for s in sheets)
    ]
    assert len(mine) >= 2, chart.record
    for page in mine:
        for told in facts.band(chart):
            assert squashed(told) in page, (chart.record, told)
    text = "".join(mine)
    told = [*facts.laboratory(chart), *facts.summary(chart)]
    if fed:
        told += [*facts.medicines(chart), *facts.given(chart)]
        assert untrue_doses(text, chart, facts) == []
    lacking = [each for each in told if squashed(each) not in text]
    assert lacking == [], chart.record
    return len(told) + len(mine) * len(facts.band(chart))


def check_top(truth: tuple[PatientChart, ...], pages: list[str], facts: Facts) -> int:
    sheet = squashed(facts.say("WARD SHEET"))
    top = "".join(page for page in pages if sheet in page)
    told = [
        fact
        for chart in truth
        for fact in (facts.name(chart), facts.born(chart), *facts.allergies(chart))
    ]
    assert [each for each in told if squashed(each) not in top] == []
    return len(told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_a_wards_pack_is_true(house: SampleHouse, language: str) -> None:
    found = sum(check_ward(data, house, language) for data in wards(house))
    assert found > 1000


def printed(pack: ListPack) -> list[str]:
    """Every text of a list that is set on its pages."""
    rows = [row for group in pack.groups for row in group.rows]
    return [entry.text for row in rows for cell in row.cells for entry in cell]


def check_list(house: SampleHouse, kind: PackKind, language: str) -> ListPack:
    data = house.house(kind)
    say = translator(language)
    pack = house_pack(data, language, say)
    assert pack == house_pack(with_truth(data, house), language, say)
    text = "".join(pages_of(typeset_list(pack).pdf))
    assert [each for each in printed(pack) if squashed(each) not in text] == []
    return pack


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", HOUSE_KINDS)
def test_what_stands_on_the_houses_lists_is_true(
    house: SampleHouse, kind: PackKind, language: str
) -> None:
    check_list(house, kind, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_list_holds_the_facts_of_everybody_whom_it_is_about(
    house: SampleHouse, language: str
) -> None:
    facts = Facts(house, language)
    lying = [house.truth(c.record) for data in wards(house) for c in data.charts]
    rows = {
        kind: squashed(" ".join(printed(house_pack(house.house(kind), language, facts.say))))
        for kind in HOUSE_KINDS
    }
    for chart in lying:
        who = [facts.name(chart), facts.born(chart)]
        bed = facts.place(chart).partition(" · ")[2]
        fed = chart.current.location.value.ward != ICU_NOT_FED
        diet = chart.diet.value if chart.diet else ""
        wanted = {
            PackKind.FRONT_DESK: [*who, bed],
            PackKind.KITCHEN: [*who, bed, diet, *facts.allergies(chart)],
            PackKind.PHARMACY: [*who, *facts.medicines(chart)] if fed else [],
            PackKind.LABORATORY: [each.specimen for each in chart.pending_specimens],
            PackKind.EMERGENCY: [*who, facts.place(chart), chart.record],
            PackKind.CARDS: [*who, *(item.substance.text for item in chart.allergies.items)],
        }
        for kind, told in wanted.items():
            assert [t for t in told if squashed(t) not in rows[kind]] == [], (kind, who)


def test_the_front_desk_learns_nothing_clinical(house: SampleHouse) -> None:
    text = "".join(pages_of(build_list(house.house(PackKind.FRONT_DESK), "fr").pdf))
    for data in wards(house):
        for chart in data.charts:
            clinical = [order.drug.value.text for order in chart.orders]
            clinical += [item.substance.text for item in chart.allergies.items]
            clinical += [problem.coding.text for problem in chart.problems]
            assert [each for each in clinical if squashed(each) in text] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_tells_the_truth_of_somebody_who_lies_in_no_bed(
    house: SampleHouse, language: str
) -> None:
    [record] = house.hospital.traps["gone_and_anticoagulated"].records
    truth, facts = house.truth(record), Facts(house, language)
    data = house.house(PackKind.CARD).opened_by(Opened("Ann Maes", "found on the road", 0))
    [text] = pages_of(build_card(truth, data, language).pdf)
    told = [facts.name(truth), facts.born(truth), record, facts.say("lies in no bed")]
    told += [*facts.allergies(truth), "Acénocoumarol"]
    assert [each for each in told if squashed(each) not in text] == []


@pytest.fixture(scope="module")
def english(house: SampleHouse) -> dict[str, list[str]]:
    """The pages of each ward's pack in English."""
    say = translator("en")
    return {
        data.summary.ward: pages_of(typeset(ward_pack(data, "en", say)).pdf)
        for data in wards(house)
    }


def page_text(house: SampleHouse, english: dict[str, list[str]], trap: str) -> list[str]:
    """The text of each record's pages of a trap."""
    pages = english[house.hospital.traps[trap].ward]
    # A number that was merged away leads to the one that stands.
    found = [house.charts.patient(r) for r in house.hospital.traps[trap].records]
    numbers = dict.fromkeys(f"Record{chart.record}·" for chart in found if chart)
    return ["".join(page for page in pages if number in page) for number in numbers]


@pytest.mark.parametrize(
    ("trap", "told"),
    [
        ("same_name", "NAME ALERT: same name on this ward"),
        ("twins", "NAME ALERT: similar name on this ward"),
        ("twins", "BIRTH DATE ALERT: the same on this ward"),
        ("weekly_methotrexate", "NOT EVERY DAY: ONLY ON MONDAY"),
        ("patch_72h", "every 3 days (72 h)"),
        ("one_drug_two_feeds", "CHECK: ONE ORDER OR TWO?"),
        ("allergies_disagree", "ALLERGIES: CONFLICT: sources disagree: ASK"),
        ("code_status_across_merge", "FROM THE MERGED RECORD"),
        ("lost_micro_sign", "AS SENT: PHARMACIST TO CONFIRM"),
        ("tapering", "DOSE BY PERIOD"),
        ("unit_not_fed", "NOT FED: no system sends this ward's orders"),
        ("radiotherapy_course", "2 Gy, sein gauche"),
        ("hostile_text", "AS SENT"),
    ],
)
def test_every_planted_trap_is_shown_as_asked(
    house: SampleHouse, english: dict[str, list[str]], trap: str, told: str
) -> None:
    for text in page_text(house, english, trap):
        assert squashed(told) in text


def test_a_message_that_was_cut_off_is_counted_on_the_ward_sheet(
    english: dict[str, list[str]],
) -> None:
    for pages in english.values():
        top = "".join(page for page in pages if "WARDSHEET" in page)
        assert squashed("MESSAGES THAT COULD NOT BE READ: 1 of laboratory") in top


@pytest.mark.long
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_on_every_page_of_the_whole_group_is_true(
    whole: SampleHouse, language: str
) -> None:
    found = sum(check_ward(data, whole, language) for data in wards(whole))
    assert found > 50_000
    for kind in HOUSE_KINDS:
        check_list(whole, kind, language)
