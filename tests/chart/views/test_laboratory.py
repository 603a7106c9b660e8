from __future__ import annotations

from itertools import permutations

from tests.chart.sending import chart, orders, oru

from wardkeep.chart.model import Result, ResultState


def at(hour: int) -> str:
    return f"20260516{hour:02d}0000"


def only(*bodies: bytes) -> Result:
    found = [
        chart(*(("lab", body) for body in order)).results for order in permutations(bodies)
    ]
    assert all(series == found[0] or [r.value for r in series[0].results] == [
        r.value for r in found[0][0].results] for series in found)  # fmt: skip
    (series,) = found[0]
    (result,) = series.results
    return result


def test_a_final_value_stands_with_unit_range_and_flag() -> None:
    found = only(oru("4.1", "F", at(7)))
    assert (found.value, found.unit, found.reference, found.abnormal, found.state) == (
        "4.1", "mmol/L", "3.5-5.1", "N", ResultState.FINAL,
    )  # fmt: skip


def test_a_correction_shows_what_it_corrects() -> None:
    found = only(oru("5.9", "F", at(7)), oru("4.1", "C", at(8)))
    assert (found.value, found.state, found.corrected_from) == (
        "4.1", ResultState.CORRECTED, ("5.9",),
    )  # fmt: skip


def test_a_late_final_does_not_undo_its_correction() -> None:
    found = only(oru("4.1", "C", at(8)), oru("5.9", "F", at(7)))
    assert found.value == "4.1"


def test_a_preliminary_value_that_became_final_is_no_correction() -> None:
    found = only(oru("4.0", "P", at(7)), oru("4.1", "F", at(8)))
    assert (found.value, found.corrected_from) == ("4.1", ())


def test_a_withdrawn_value_is_empty_and_shows_what_it_was() -> None:
    for code in "WXD":
        found = only(oru("5.9", "F", at(7)), oru("5.9", code, at(8)))
        assert (found.value, found.state, found.corrected_from) == (
            "", ResultState.WITHDRAWN, ("5.9",),
        )  # fmt: skip


def test_values_of_one_analysis_stand_newest_first() -> None:
    bodies = [
        oru(value, "F", at(hour), taken=at(hour - 1), filler=f"L{hour}^LAB")
        for value, hour in (("4.1", 7), ("4.5", 9), ("4.3", 8))
    ]
    for order in permutations(bodies):
        (series,) = chart(*(("lab", body) for body in order)).results
        assert [result.value for result in series.results] == ["4.5", "4.3", "4.1"]


def test_a_value_nobody_calls_final_is_preliminary() -> None:
    assert only(oru("4.1", "", at(7))).state is ResultState.PRELIMINARY


def test_structured_numbers_and_codes_are_shown_as_written() -> None:
    body = orders(
        "ORU^R01", at(7), "OBR|1||L1^LAB|X^X", "OBX|1|SN|A^A^L||<^5|mg/L|||||F",
        "OBX|2|CE|B^B^L||POS^Positive^L||||||F", "NTE|1||repeat in a week",
    )  # fmt: skip
    found = {s.coding.code: s.results[0] for s in chart(("lab", body)).results}
    assert (found["A"].value, found["B"].value) == ("<5", "Positive")
    assert found["B"].notes == ("repeat in a week",)


def test_an_imaging_report_is_a_report_and_no_value() -> None:
    obr = ["OBR", "1", "P9^CPOE", "R9^RIS", "36643-5^Chest X-ray^LN"] + [""] * 21
    obr[7], obr[24], obr[25] = at(6), "RAD", "F"
    body = orders(
        "ORU^R01", at(7), "|".join(obr), "OBX|1|TX|1^Text||No infiltrate.||||||F",
        "OBX|2|TX|1^Text||Heart enlarged.||||||F",
    )  # fmt: skip
    found = chart(("lab", body))
    assert found.results == ()
    (report,) = found.reports
    assert (report.report, report.imaging, report.state) == (
        "R9^RIS/36643-5", True, ResultState.FINAL,
    )  # fmt: skip
    assert report.text == "No infiltrate.\nHeart enlarged."


def test_a_letter_that_was_replaced_is_withdrawn() -> None:
    def letter(trigger: str, hour: int, number: str, parent: str, text: str) -> bytes:
        txa = ["TXA", "1", "DS^Discharge letter", "TX"] + [""] * 14
        txa[4], txa[12], txa[13], txa[17] = at(hour), number, parent, "AU"
        return orders(f"MDM^{trigger}", at(hour), "|".join(txa), f"OBX|1|TX|T^T||{text}||||||F")

    found = chart(
        ("lab", letter("T10", 9, "D2^DOC", "D1^DOC", "second")),
        ("lab", letter("T02", 8, "D1^DOC", "", "first")),
    ).reports
    assert {item.report: item.state for item in found} == {
        "D1^DOC": ResultState.WITHDRAWN, "D2^DOC": ResultState.FINAL,
    }  # fmt: skip
