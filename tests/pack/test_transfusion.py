import msgspec
from tests.pack.handmade import NOW, SITE, moment, pack_of, patient, source

from wardkeep.chart.model import Coded, Result, ResultSeries, ResultState
from wardkeep.hospital.site import Paper
from wardkeep.kernel.times import HOUR
from wardkeep.paper.forms import PatientSheet

TITLE = "Transfusion: ask the blood bank"


def series(code: str, name: str, value: str) -> ResultSeries:
    told = Result(
        value=value, state=ResultState.FINAL, at=moment(NOW - HOUR), source=source("lab")
    )
    return ResultSeries(coding=Coded(code, name, "LN"), results=(told,))


def entries(sheet: PatientSheet, title: str) -> list[str]:
    return [e.text for each in sheet.sections if each.title == title for e in each.entries]


def test_a_recorded_blood_group_is_not_for_issue_and_no_laboratory_value() -> None:
    group = series("882-1", "ABO/Rh", "O Rh-")
    screen = series("890-4", "Antibody screen", "anti-K")
    [sheet] = pack_of(patient("1", results=(group, screen))).patients
    assert entries(sheet, TITLE) == [
        "ABO/Rh: O Rh- (03:12) · NOT FOR ISSUE",
        "Antibody screen: anti-K (03:12)",
    ]
    assert sheet.trends == ()


def test_group_and_antibodies_nobody_told_of_are_not_recorded() -> None:
    [sheet] = pack_of(patient("1")).patients
    assert entries(sheet, TITLE) == ["Blood group: NOT RECORDED", "Antibodies: NOT RECORDED"]


def test_lines_are_not_fed_until_the_site_says_what_tells_of_them() -> None:
    told = patient("1", results=(series("L1", "Central line", "jugular, right"),))
    [sheet] = pack_of(told).patients
    assert entries(sheet, "Lines, catheters, drains") == ["NOT FED"]
    site = msgspec.structs.replace(SITE, paper=Paper(line_codes=("L1",)))
    [sheet] = pack_of(told, site=site).patients
    assert entries(sheet, "Lines, catheters, drains") == [
        "Central line: jugular, right (03:12)"
    ]
    [sheet] = pack_of(patient("1"), site=site).patients
    assert entries(sheet, "Lines, catheters, drains") == ["NOT RECORDED"]
