import msgspec
from tests.pack.handmade import NOW, SITE, dose, hostile, order, pack_of, patient, trapped

from wardkeep.chart.model import Flag, FlagKind, OrderState, Timing, TimingForm, Value
from wardkeep.hospital.site import Paper, Rules
from wardkeep.hospital.streams import StreamState
from wardkeep.kernel.times import HOUR
from wardkeep.paper.forms import WardSheet


def sheet(*patients: object, **data: object) -> WardSheet:
    return pack_of(*patients, **data).ward_sheet


def test_the_ward_sheet_names_beds_that_nobody_lies_in() -> None:
    told = sheet(patient("1", bed="1"), patient("2", bed="2")).empty_beds
    assert told == "402-1, 402-2"


def test_a_site_that_lists_no_beds_is_told_so() -> None:
    site = msgspec.structs.replace(SITE, wards=())
    told = sheet(patient("1"), site=site)
    assert told.empty_beds.startswith("NOT RECORDED")
    assert told.telephones == ("NOT RECORDED in the settings",)


def test_doses_of_the_next_four_hours_stand_on_the_ward_sheet() -> None:
    row = sheet(trapped()).beds[0]
    assert "08:00 paracetamol 1 g" in row.due
    assert "1 TIMING AS SENT: see the MAR" in row.due
    assert not any(text.startswith("20:00") for text in row.due)


def test_a_dose_nobody_charted_stands_on_the_ward_sheet_with_its_day() -> None:
    evening = Timing(form=TimingForm.TIMES, text="", times=("20:00",))
    chart = patient("1", orders=(order("e", "enoxaparin", "40 mg", timing=evening),),
                    doses=(dose("e", NOW - 32 * HOUR),))  # fmt: skip
    told = sheet(chart)
    assert told.beds[0].due == ("ASK: GIVEN? 06 Mar 20:00 enoxaparin 40 mg",)
    assert any("1 doses fell due without a record" in entry.text for entry in told.unknown)


def test_high_risk_drugs_stand_by_class() -> None:
    risks = sheet(trapped()).beds[0].risks
    assert "ANTICOAGULANT: acenocoumarol, enoxaparin" in risks
    assert "1 INFUSIONS RUNNING: read the pump" in risks
    harmless = patient("1", orders=(order("p", "paracetamol"),))
    assert sheet(harmless).beds[0].risks == ("none marked",)


def test_where_no_order_was_ever_told_nothing_is_said_to_be_due_or_harmless() -> None:
    row = sheet(patient("1")).beds[0]
    assert row.due == row.risks == ("NO ORDER RECORDED for this patient",)


def test_patients_of_one_name_stand_together_in_the_alert() -> None:
    flag = (Flag(FlagKind.SAME_NAME_ON_WARD, "x"),)
    told = sheet(patient("1", bed="1", flags=flag), patient("2", bed="2", flags=flag)).alerts
    assert told == ("NAME ALERT: 401-1 JANSSENS, Marie-Louise; 401-2 JANSSENS, Marie-Louise",)


def test_the_sheet_says_what_the_pack_cannot_know() -> None:
    told = sheet(
        patient("1"),
        imaging=StreamState.NOT_FED,
        laboratory=StreamState.SILENT,
        allergies=StreamState.LATE,
    )
    texts = [entry.text for entry in told.unknown]
    assert texts[0] == "NOT FED: Imaging: no system sends it for this ward"
    assert "What came after: Laboratory 00:52 SILENT 3 h" in texts
    assert "What came after: Allergies 03:27 LATE 45 min" in texts
    assert ("Laboratory", "SILENT 3 h", "00:52") in told.streams
    assert ("Imaging", "NOT FED", "-") in told.streams


def test_unknown_allergies_and_conflicts_stand_out_in_the_row() -> None:
    rows = sheet(patient("1"), hostile(), trapped()).beds
    assert rows[0].allergies == "ALLERGIES: NOT RECORDED: ASK"
    assert rows[1].allergies.startswith("ALLERGIES: CONFLICT")
    assert rows[2].allergies == "penicillin (severe: rash)"
    assert all(row.allergy_strong for row in rows)


def test_where_orders_are_not_fed_no_row_says_that_nothing_is_due() -> None:
    row = sheet(patient("1"), medication_orders=StreamState.NOT_FED).beds[0]
    assert row.due == ("NOT FED",)
    assert row.risks == ("NOT FED",)


def test_where_due_times_are_off_the_row_says_so() -> None:
    site = msgspec.structs.replace(SITE, rules=Rules(compute_next_due=False))
    assert sheet(trapped(), site=site).beds[0].due[0] == "NOT COMPUTED: see the MAR"


def test_an_empty_ward_has_a_sheet() -> None:
    told = sheet()
    assert told.beds == ()
    assert told.counts.startswith("0 patients")


def test_orders_to_ask_about_stand_on_the_ward_sheet() -> None:
    again = order(
        "1", "insulin aspart", flags=(Flag(FlagKind.ORDERED_AGAIN),),
        state=Value(OrderState.STOPPED, order("1", "x").state.source),
    )  # fmt: skip
    row = sheet(patient("1", orders=(again,))).beds[0]
    assert row.due == (
        "NO ORDER STANDS NOW: see those that ended",
        "1 ORDERS TO ASK ABOUT: see the MAR",
    )
    both = sheet(patient("1", orders=(again, order("2", "paracetamol")))).beds[0]
    assert "1 ORDERS TO ASK ABOUT: see the MAR" in both.due


def test_an_order_without_a_due_time_is_not_told_as_nothing_due() -> None:
    late = Timing(form=TimingForm.INTERVAL, text="Q8H", every_minutes=480)
    row = sheet(patient("1", orders=(order("1", "cefazolin", timing=late),))).beds[0]
    assert row.due == ("1 WITHOUT A DUE TIME: see the MAR",)


def test_a_dose_on_the_ward_sheet_is_never_bare_or_blank() -> None:
    bare = order("1", "insulin", "12", flags=(Flag(FlagKind.DOSE_WITHOUT_UNIT, "12"),))
    blank = order("2", "insulin", None)
    row = sheet(patient("1", orders=(bare, blank))).beds[0]
    assert "08:00 insulin 12 UNIT NOT SENT" in row.due
    assert "08:00 insulin DOSE NOT RECORDED" in row.due


def test_the_same_patients_stand_by_name_with_their_bed() -> None:
    told = sheet(patient("1", "Zola", "1"), patient("2", "Éluard", "2")).by_name
    assert told == (
        ("ÉLUARD, Marie-Louise · Born 08 Mar 1934", "401-2"),
        ("ZOLA, Marie-Louise · Born 08 Mar 1934", "401-1"),
    )


def test_direct_lines_say_when_somebody_last_rang_them() -> None:
    assert sheet(patient("1")).telephones == ("+32 4 123 45 67", "(NEVER TESTED)")
    ward = msgspec.structs.replace(SITE.wards[0], telephones_tested="2026-03-01")
    site = msgspec.structs.replace(SITE, wards=(ward,))
    assert sheet(patient("1"), site=site).telephones[1] == "(tested 01 Mar 2026)"


def test_the_sites_rule_stands_where_no_code_status_is_recorded() -> None:
    site = msgspec.structs.replace(SITE, paper=Paper(default_code_status="Resuscitate"))
    told = sheet(patient("1"), site=site).no_status
    assert told == "No code status recorded: the site's rule is: Resuscitate"
    assert "ASK" in sheet(patient("1")).no_status
    assert sheet(trapped()).no_status == ""
