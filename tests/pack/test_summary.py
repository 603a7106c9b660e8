import msgspec
from tests.pack.handmade import NOW, moment, patient, sheet_of, source, trapped

from wardkeep.chart.model import Coded, Report, Result, ResultSeries, ResultState
from wardkeep.hospital.streams import StreamState


def entries(sheet: object, title: str) -> list[str]:
    return [e.text for each in sheet.sections if each.title == title for e in each.entries]


def test_the_laboratory_shows_the_last_value_and_four_before_it() -> None:
    trend = sheet_of(trapped()).trends[0]
    values = [reading.value for reading in trend.readings]
    assert values == ["6.1 [HH]", "6.0", "5.9", "5.8", "5.7"]
    assert trend.readings[0].strong
    assert trend.readings[0].struck == "9.9"
    assert trend.readings[0].when == "02:12 CORRECTED"
    assert trend.unit == "mmol/L ref. 3.5-5.1"


def test_a_withdrawn_value_is_struck_and_a_missing_one_is_no_blank() -> None:
    gone = Result(value="12", state=ResultState.WITHDRAWN, at=None, source=source("lab"))
    series = ResultSeries(coding=Coded("GLU", ""), results=(gone,))
    trend = sheet_of(patient("1", results=(series,))).trends[0]
    assert (trend.readings[0].value, trend.readings[0].struck) == ("", "12")
    assert trend.readings[0].when == "time NOT RECORDED WITHDRAWN"
    assert len(trend.readings) == 1
    assert trend.unit == "unit NOT RECORDED"


def test_another_unit_than_the_last_values_is_printed_with_the_value() -> None:
    def at(hours: int, value: str, unit: str) -> Result:
        return Result(value=value, unit=unit, state=ResultState.FINAL,
                      at=moment(NOW - hours), source=source("lab"))  # fmt: skip

    series = ResultSeries(
        coding=Coded("", "glucose"), results=(at(1, "5", "mmol/L"), at(2, "90", "mg/dL"))
    )
    readings = sheet_of(patient("1", results=(series,))).trends[0].readings
    assert [each.value for each in readings[:2]] == ["5", "90 mg/dL"]


def test_without_results_the_summary_says_whether_a_laboratory_sends() -> None:
    assert sheet_of(patient("1")).no_trends == "Laboratory: NOT RECORDED"
    fed = sheet_of(patient("1"), laboratory=StreamState.NOT_FED)
    assert fed.no_trends == "Laboratory: NOT FED"


def test_a_heading_without_entries_says_not_recorded_or_not_fed() -> None:
    sheet = sheet_of(patient("1"), problems=StreamState.NOT_FED)
    assert entries(sheet, "Problems") == ["NOT FED"]
    assert entries(sheet, "Next of kin") == ["NOT RECORDED"]


def test_what_is_pending_stands_on_the_summary() -> None:
    sheet = sheet_of(trapped())
    assert entries(sheet, "Pending orders") == ["echo"]
    assert entries(sheet, "Pending specimens: no final result yet") == [
        "blood culture · taken time NOT RECORDED · S1"
    ]
    assert entries(sheet, "Next of kin") == ["Kin Next · 0470 1"]
    assert entries(sheet, "Appointments") == ["09 Mar 16:12 · Oncology"]


def test_a_report_of_half_a_megabyte_is_cut_and_says_so() -> None:
    report = Report(report="1", coding=Coded("", "MRI"), text="word " * 100_000,
                    state=ResultState.FINAL, source=source())  # fmt: skip
    told = entries(sheet_of(patient("1", reports=(report,))), "Imaging and reports")
    assert told[0] == "MRI · time NOT RECORDED"
    assert len(told[1]) < 1600
    assert told[1].endswith("[CUT: 498500 more characters]")


def test_a_withdrawn_report_is_struck() -> None:
    report = Report(
        report="1",
        coding=Coded("", "CT"),
        text="clot",
        state=ResultState.WITHDRAWN,
        source=source(),
    )
    sheet = sheet_of(
        patient("1", reports=(report, msgspec.structs.replace(report, report="2")))
    )
    struck = [e.struck for each in sheet.sections for e in each.entries if e.struck]
    assert struck == ["clot", "clot"]
