import msgspec
import pytest
from tests.pack.handmade import SITE, house_data, order, patient, source, trapped

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import Coded, PatientChart, Problem
from wardkeep.hospital.site import Paper, Site
from wardkeep.hospital.streams import StreamState
from wardkeep.pack.known_facts import known_facts
from wardkeep.pack.whole_house import PackKind, writing


def facts(
    chart: PatientChart, site: Site = SITE, **states: StreamState
) -> dict[str, list[str]]:
    data = house_data(PackKind.CARD, chart, site=site, **states)
    write = writing(data, "en", translator("en"))
    told = known_facts(chart, site, write.fresh, write.pen)
    return {title: [entry.text for entry in entries] for title, entries in told}


def with_problem(code: str, text: str = "x") -> PatientChart:
    return patient("1", problems=(Problem(coding=Coded(code, text), source=source()),))


@pytest.mark.parametrize(
    ("code", "text", "title"),
    [
        ("Z95.0", "cardiac device", "Implants, COMPUTED"),
        ("Z950", "cardiac device", "Implants, COMPUTED"),
        ("", "Prothèse totale de hanche", "Implants, COMPUTED"),
        ("Z99.2", "dependence", "Dialysis, COMPUTED"),
        ("N18.9", "insuffisance rénale, hémodialyse", "Dialysis, COMPUTED"),
        ("Z94.0", "kidney", "Immunosuppression, COMPUTED"),
        ("D70", "low cells", "Immunosuppression, COMPUTED"),
        ("Z92.1", "long use", "Anticoagulants, COMPUTED"),
    ],
)
def test_a_problem_stands_under_what_it_means_with_who_said_it(
    code: str, text: str, title: str
) -> None:
    told = facts(with_problem(code, text))
    assert told[title] == [f"{text} ({code}) [adt, 01:12]"]
    others = {key: value for key, value in told.items() if key != title}
    assert not any(text in line for lines in others.values() for line in lines)


def test_what_nobody_told_is_not_recorded_under_every_heading() -> None:
    told = facts(patient("1"))
    assert told["Allergies, in full"] == ["ALLERGIES: NOT RECORDED: ASK"]
    assert told["Transfusion: ask the blood bank"][1] == "Antibodies: NOT RECORDED"
    assert told["Implants, COMPUTED"] == ["NOT RECORDED"]
    assert told["Code status"] == ["NOT RECORDED"]
    assert all(told.values())


def test_where_problems_are_not_fed_that_is_said() -> None:
    told = facts(patient("1"), problems=StreamState.NOT_FED)
    assert told["Dialysis, COMPUTED"] == ["NOT FED"]


def test_orders_tell_of_anticoagulants_and_immunosuppression() -> None:
    drug = Coded("L04AD02", "tacrolimus")
    suppressed = order("t", "tacrolimus")
    suppressed = msgspec.structs.replace(
        suppressed, drug=msgspec.structs.replace(suppressed.drug, value=drug)
    )
    told = facts(patient("1", orders=(suppressed, order("e", "enoxaparin", "40 mg"))))
    assert told["Immunosuppression, COMPUTED"] == ["tacrolimus 1 g [mar, 01:12]"]
    assert told["Anticoagulants, COMPUTED"] == ["enoxaparin 40 mg [mar, 01:12]"]


def test_a_site_can_turn_the_sorting_off() -> None:
    site = msgspec.structs.replace(SITE, paper=Paper(sort_known_facts=False))
    told = facts(trapped(), site)
    for title in ("Implants, COMPUTED", "Dialysis, COMPUTED", "Anticoagulants, COMPUTED"):
        assert told[title] == ["NOT COMPUTED: read the problems and the orders"]
    assert told["Allergies, in full"] == ["penicillin (severe: rash) [adt, 01:12]"]
