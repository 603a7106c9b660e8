import msgspec
import pytest
from tests.pack.handmade import (
    NOW,
    OCTOBER_NIGHT,
    PATCH,
    SITE,
    TAPERING,
    dose,
    moment,
    order,
    pack_of,
    patient,
    said,
    sheet_of,
    trapped,
)

from wardkeep.chart.model import (
    Coded,
    Dose,
    DoseOutcome,
    Flag,
    FlagKind,
    OrderKind,
    OrderState,
    Timing,
    TimingForm,
)
from wardkeep.hospital.site import Rules
from wardkeep.hospital.streams import StreamState
from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision
from wardkeep.paper.forms import Line, PatientSheet


def lines(sheet: PatientSheet, title: str = "") -> dict[str, Line]:
    return {
        line.drug: line
        for block in sheet.blocks
        if title in block.title
        for line in block.lines
    }


@pytest.fixture(scope="module")
def mar() -> dict[str, Line]:
    return lines(sheet_of(trapped()))


def test_boxes_stand_only_where_a_dose_is_due(mar: dict[str, Line]) -> None:
    boxes = [(cell.kind, cell.text) for cell in mar["paracetamol"].cells]
    assert boxes == [
        ("shut", ""),
        ("due", "08:00"),
        ("shut", ""),
        ("due", "20:00"),
        ("shut", ""),
    ]


def test_a_weekly_dose_has_no_box_on_other_days_and_names_its_day(mar: dict[str, Line]) -> None:
    weekly = mar["methotrexate"]
    assert [cell.kind for cell in weekly.cells] == ["shut"]
    assert "Next: MONDAY 09 Mar 2026 08:00, COMPUTED" in weekly.cells[0].text
    assert weekly.warnings == ("NOT EVERY DAY: ONLY ON MONDAY",)
    assert weekly.risk == "METHOTREXATE"


def test_a_patch_of_three_days_is_told_in_days(mar: dict[str, Line]) -> None:
    assert mar["fentanyl"].warnings == ("NOT EVERY DAY: every 3 days (72 h)",)
    # It was due 30 h ago and nobody charted it: asked about, with a place to sign.
    assert [cell.text for cell in mar["fentanyl"].cells] == [
        "WAS DUE 05 Mar 22:12: ASK, THEN SIGN HERE"
    ]


def test_a_timing_that_could_not_be_read_gets_no_box_and_stands_as_sent(
    mar: dict[str, Line],
) -> None:
    cells = mar["acenocoumarol"].cells
    assert [(cell.kind, cell.text) for cell in cells] == [
        ("open", "TIMING AS SENT: selon INR à 18 h")
    ]


def test_a_dose_that_lost_characters_is_boxed_and_never_mended(mar: dict[str, Line]) -> None:
    assert mar["levothyroxine"].boxed
    assert mar["levothyroxine"].dose == "75 \ufffdg"


def test_one_drug_from_two_feeds_stands_twice_side_by_side_in_a_bracket() -> None:
    block = sheet_of(trapped()).blocks[0]
    pairs = [(line.drug, line.pair) for line in block.lines if line.pair]
    assert pairs == [("enoxaparin", "first"), ("enoxaparin", "last")]
    places = [place for place, line in enumerate(block.lines) if line.pair]
    assert places[1] == places[0] + 1


def test_one_drug_in_two_blocks_is_warned_of_in_both() -> None:
    from wardkeep.chart.model import OrderKind

    twice = (
        order("a", "paracetamol", flags=(Flag(FlagKind.POSSIBLE_DUPLICATE, "b"),)),
        order("b", "paracetamol", "5 mg", OrderKind.AS_NEEDED,
              flags=(Flag(FlagKind.POSSIBLE_DUPLICATE, "a"),)),
    )  # fmt: skip
    sheet = sheet_of(patient("1", orders=twice))
    for block in sheet.blocks:
        assert any("ONE ORDER OR TWO?" in text for text in block.lines[0].warnings)


def test_a_held_order_has_no_box(mar: dict[str, Line]) -> None:
    assert mar["bisoprolol"].cells[0].text == "ON HOLD: NO DOSE UNTIL RELEASED"
    assert mar["bisoprolol"].warnings == ("ON HOLD since 01:12",)


def test_a_refused_dose_says_why(mar: dict[str, Line]) -> None:
    assert mar["bisoprolol"].given == ("06 Mar 08:12 REFUSED 1 g (nausea), N. Dubois",)


def test_a_tapering_order_tells_each_period_with_its_dose(mar: dict[str, Line]) -> None:
    taper = mar["prednisolone"]
    assert taper.dose == "DOSE BY PERIOD"
    assert "40 mg" in taper.details[0]
    assert "20 mg" in taper.details[1]


def test_an_order_as_needed_says_when_it_was_last_given_and_how_much_at_most(
    mar: dict[str, Line],
) -> None:
    assert mar["morphine"].ask == ("LAST GIVEN: 06 Mar 22:12",)
    assert "maximum: 30 mg/24 h" in mar["morphine"].how
    assert "not more often than every 6 h" in mar["morphine"].how


def test_an_infusion_sends_the_nurse_to_the_pump(mar: dict[str, Line]) -> None:
    running = mar["NaCl 0,9 %"]
    assert running.warnings == ("Rate last sent at 01:12: 83 mL/h. READ THE PUMP: ________",)
    assert running.risk == "POTASSIUM"
    assert "with kaliumchloride KCl 20 mmol" in running.details


def test_an_order_that_ended_keeps_its_last_doses_in_sight(mar: dict[str, Line]) -> None:
    ended = lines(sheet_of(trapped()), "DO NOT GIVE")["amoxicillin"]
    assert ended.cells[0].text == "STOPPED: DO NOT GIVE"
    assert ended.given == ("06 Mar 21:12 given 1 g, N. Dubois",)


def test_a_dose_without_an_order_is_not_lost() -> None:
    assert "haloperidol" in lines(sheet_of(trapped()), "NO ORDER IS KNOWN")


def test_a_dose_that_fell_due_without_a_record_is_asked_about() -> None:
    nightly = Timing(form=TimingForm.TIMES, text="QD 0200", times=("02:00",))
    chart = patient("1", orders=(order("n", "cefazolin", timing=nightly),),
                    doses=(dose("n", NOW - 26 * HOUR),))  # fmt: skip
    line = lines(sheet_of(chart))["cefazolin"]
    assert line.ask == ("ASK: GIVEN? 02:00",)


def test_a_first_dose_that_fell_due_is_asked_about_too_but_none_before_the_order() -> None:
    hourly = Timing(form=TimingForm.TIMES, text="", times=("01:00", "02:00", "03:00"))
    entered = msgspec.structs.replace(order("n", "x", timing=hourly))
    entered = msgspec.structs.replace(
        entered, entered=msgspec.structs.replace(entered.entered, at=NOW - 150 * MINUTE)
    )
    line = lines(sheet_of(patient("1", orders=(entered,))))["x"]
    assert line.ask == ("ASK: GIVEN? 02:00", "ASK: GIVEN? 03:00")


def test_a_dose_given_early_leaves_no_second_box() -> None:
    chart = patient("1", orders=(order("p", "x"),), doses=(dose("p", NOW - 30 * MINUTE),))
    early = Timing(form=TimingForm.TIMES, text="", times=("04:30",))
    chart = msgspec.structs.replace(chart, orders=(order("p", "x", timing=early),))
    line = lines(sheet_of(chart))["x"]
    assert [cell.kind for cell in line.cells] == ["shut"]


def test_where_doses_are_not_fed_the_column_says_so_and_nothing_is_asked() -> None:
    nightly = Timing(form=TimingForm.TIMES, text="QD 0200", times=("02:00",))
    sheet = sheet_of(
        patient("1", orders=(order("n", "x", timing=nightly),)), doses_given=StreamState.NOT_FED
    )
    assert lines(sheet)["x"].given == ("NOT FED",)
    assert lines(sheet)["x"].ask == ()
    assert sheet.charted.startswith("DOSES GIVEN: NOT FED")


def test_where_orders_are_not_fed_the_block_says_so() -> None:
    sheet = sheet_of(patient("1"), medication_orders=StreamState.NOT_FED)
    assert sheet.blocks[0].note.startswith("NOT FED")


def test_a_patient_without_orders_is_told_apart_from_a_lost_page() -> None:
    assert sheet_of(patient("1")).blocks[0].note == "NO ORDER RECORDED for this patient"


def test_a_site_that_turned_due_times_off_gets_none() -> None:
    site = msgspec.structs.replace(SITE, rules=Rules(compute_next_due=False))
    line = lines(sheet_of(patient("1", orders=(order("p", "x"),)), site=site))["x"]
    assert [cell.kind for cell in line.cells] == ["open"]
    assert line.cells[0].text.startswith("NOT COMPUTED")


def test_a_code_without_hours_of_this_site_gets_no_box() -> None:
    odd = Timing(form=TimingForm.CODE, text="Q5W", code="Q5W")
    line = lines(sheet_of(patient("1", orders=(order("p", "x", timing=odd),))))["x"]
    assert line.cells[0].text == "NO DUE TIME COULD BE COMPUTED: read the timing"


def test_on_the_october_night_two_o_clock_is_due_once() -> None:
    nightly = Timing(form=TimingForm.TIMES, text="QD 0200", times=("02:00",))
    pack = pack_of(patient("1", orders=(order("n", "x", timing=nightly),)), now=OCTOBER_NIGHT)
    cells = pack.patients[0].blocks[0].lines[0].cells
    assert [cell.text for cell in cells if cell.kind == "due"] == ["02:00 CEST"]
    assert "02 CET" in pack.columns


def test_an_order_that_names_nothing_leaves_no_blank() -> None:
    bare = order("b", "", None, route=None, prescriber=None)
    bare = msgspec.structs.replace(bare, drug=said(Coded("", "")))
    line = sheet_of(patient("1", orders=(bare,))).blocks[0].lines[0]
    assert line.drug == "NO DRUG NAMED"
    assert line.dose == "DOSE NOT RECORDED"
    assert "ROUTE NOT RECORDED" in line.how
    assert "prescriber NOT RECORDED" in line.details[-1]


def ended(text: str, at: int, precision: Precision = Precision.MINUTE) -> Timing:
    return Timing(form=TimingForm.TIMES, text="", times=("02:00", "20:00"),
                  stop=Moment(at, precision, text))  # fmt: skip


def test_an_order_whose_end_time_has_passed_stands_apart_with_the_time_it_ended() -> None:
    past = order("1", "amoxicillin", timing=ended("20260307030000", NOW - 72 * MINUTE))
    sheet = sheet_of(patient("1", orders=(past, order("2", "paracetamol"))))
    regular, gone = sheet.blocks[0], sheet.blocks[1]
    assert [line.drug for line in regular.lines] == ["paracetamol"]
    assert gone.title == "ENDED: THEIR END TIME HAS PASSED. DO NOT GIVE"
    (line,) = gone.lines
    assert [cell.text for cell in line.cells] == ["ENDED 03:00: DO NOT GIVE"]
    assert "ASK: GIVEN? 02:00" in line.ask
    row = pack_of(patient("1", orders=(past,))).ward_sheet.beds[0]
    assert "ASK: GIVEN? 02:00 amoxicillin 1 g" in row.due
    assert not any(text.startswith("20:00") for text in row.due)


def test_an_order_that_ends_on_a_day_is_given_through_that_day() -> None:
    midnight = NOW - 252 * MINUTE
    today = order("1", "amoxicillin", timing=ended("20260307", midnight, Precision.DAY))
    sheet = sheet_of(patient("1", orders=(today,)))
    assert [block.title for block in sheet.blocks] == ["REGULAR MEDICINES"]
    assert "20:00" in [cell.text for cell in sheet.blocks[0].lines[0].cells]
    yesterday = order("1", "x", timing=ended("20260306", midnight - DAY, Precision.DAY))
    (line,) = sheet_of(patient("1", orders=(yesterday,))).blocks[1].lines
    assert line.cells[0].text == "ENDED 06 Mar 2026: DO NOT GIVE"


def test_courses_that_ended_long_ago_are_counted_and_the_empty_block_says_so() -> None:
    old = order("1", "x", timing=ended("20260201080000", NOW - 34 * DAY))
    sheet = sheet_of(patient("1", orders=(old,)))
    assert sheet.blocks[0].note == "NO ORDER STANDS NOW: see those that ended"
    assert sheet.blocks[1].note == "and 1 more that ended over a week ago"
    assert sheet.blocks[1].lines == ()


@pytest.mark.parametrize(
    ("timing", "told"),
    [
        (Timing(form=TimingForm.CODE, text="Q1W", code="QD", every_days=7, start=moment(NOW)),
         "NOT EVERY DAY: ONLY ON SATURDAY"),
        (Timing(form=TimingForm.CODE, text="Q2W", code="QD", every_days=14, start=moment(NOW)),
         "NOT EVERY DAY: EVERY 2 WEEKS ON SATURDAY"),
        (Timing(form=TimingForm.INTERVAL, text="Q168H", every_minutes=7 * 24 * 60,
                start=moment(NOW)), "NOT EVERY DAY: ONLY ON SATURDAY"),
        (Timing(form=TimingForm.UNREADABLE, text="Q1W", every_days=7),
         "NOT EVERY DAY: ONCE IN 7 DAYS, WEEKDAY NOT SENT: ASK"),
    ],
)  # fmt: skip
def test_a_weekly_drug_names_its_weekday_or_that_none_was_sent(
    timing: Timing, told: str
) -> None:
    (line,) = (
        sheet_of(patient("1", orders=(order("1", "methotrexate", timing=timing),)))
        .blocks[0]
        .lines
    )
    assert line.warnings[0] == told


def test_a_drug_of_some_days_is_never_told_as_given_once_a_day() -> None:
    weekly = Timing(
        form=TimingForm.CODE, text="Q1W", code="QD", every_days=7, start=moment(NOW)
    )
    listed = Timing(form=TimingForm.CODE, text="MO,TH", code="QD", weekdays=(1, 4))
    orders = (order("1", "methotrexate", timing=weekly), order("2", "x", timing=listed))
    for line in sheet_of(patient("1", orders=orders)).blocks[0].lines:
        assert "once a day" not in line.how
        assert "once (hours of this site: 08:00)" in line.how


def test_no_one_dose_stands_for_an_order_whose_dose_changes() -> None:
    def phase(dose_sent: str, start: int, stop: int) -> Timing:
        return Timing(form=TimingForm.TIMES, text="", times=("08:00",), dose=dose_sent,
                      start=moment(start), stop=moment(stop))  # fmt: skip

    taper = Timing(
        form=TimingForm.PHASES,
        text="",
        phases=(phase("40 mg", NOW - 3 * DAY, NOW), phase("20 mg", NOW, NOW + 3 * DAY)),
    )
    several = Timing(
        form=TimingForm.UNREADABLE, text="[10 U] 0800 ; [6 U] 2000", dose="10 U ; 6 U"
    )
    sheet = sheet_of(
        patient(
            "1",
            orders=(
                order("t", "prednisolone", "40 mg", timing=taper),
                order("i", "insulin", "10 U", timing=several),
            ),
        )
    )
    assert {line.dose for line in lines(sheet).values()} == {"DOSE BY PERIOD"}


def test_what_was_to_be_given_once_and_was_given_has_no_open_row() -> None:
    once = Timing(form=TimingForm.ONCE, text="ONCE", start=moment(NOW - 2 * HOUR))
    stat = order("k", "potassium chloride", "20 mmol", kind=OrderKind.ONCE, timing=once)
    given = patient("1", orders=(stat,), doses=(dose("k", NOW - HOUR),))
    [line] = lines(sheet_of(given)).values()
    assert [(cell.kind, cell.text) for cell in line.cells] == [
        ("shut", "ONCE ONLY, GIVEN 03:12: DO NOT GIVE AGAIN")
    ]
    [line] = lines(sheet_of(patient("1", orders=(stat,)))).values()
    assert all("DO NOT GIVE AGAIN" not in cell.text for cell in line.cells)


def line_of(*doses: Dose, **changes: object) -> Line:
    """The printed line of one order with these doses."""
    one = order("1", "bisoprolol", "2.5 mg", **changes)
    (found,) = lines(sheet_of(patient("1", orders=(one,), doses=doses))).values()
    return found


def test_a_dose_that_may_have_been_deleted_is_asked_about_and_not_told_as_given() -> None:
    told = line_of(
        dose(
            "1",
            NOW - 2 * HOUR,
            outcome=DoseOutcome.UNCLEAR,
            outcome_text="CP",
            flags=(Flag(FlagKind.MAYBE_DELETED),),
        )
    )
    assert "ASK: GIVEN? 02:12" in told.ask
    assert told.given == (
        "02:12 RECORDED, THEN MAYBE DELETED: NOT CLEAR WHICH DOSE. ASK. 1 g, N. Dubois",
    )


def test_a_dose_that_may_stand_twice_says_so() -> None:
    told = line_of(dose("1", NOW - HOUR, flags=(Flag(FlagKind.MAYBE_CORRECTED),)))
    assert "MAYBE THE SAME DOSE TWICE: ITS TIME WAS CORRECTED: ASK" in told.given[0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (Coded("", "Emconcor"), "RECORDED AS Emconcor"),
        (Coded("", "BISOPROLOL Sandoz"), ""),
        (Coded("C07", "bisoprolol", "ATC"), ""),
        (Coded("", ""), ""),
    ],
)
def test_a_dose_recorded_as_another_drug_than_ordered_names_it(given: Coded, told: str) -> None:
    (printed,) = line_of(dose("1", NOW - HOUR, drug=given)).given
    assert ("RECORDED AS" in printed) == bool(told)
    assert told in printed


def test_every_route_of_an_order_is_printed() -> None:
    told = line_of(route=said(Coded("IV", "IV")), other_routes=(Coded("PO", "PO"),))
    assert told.how.startswith("IV OR PO")


def test_an_order_of_an_earlier_stay_stands_apart_and_has_no_box() -> None:
    left = order("1", "bisoprolol", "2.5 mg", flags=(Flag(FlagKind.EARLIER_STAY, "V0"),))
    sheet = sheet_of(patient("1", orders=(left,)))
    (line,) = lines(sheet, "EARLIER STAY").values()
    assert [(cell.kind, cell.text[:34]) for cell in line.cells] == [
        ("shut", "ORDERED IN AN EARLIER STAY: ASK A ")
    ]
    assert line.ask == ()
    assert sheet.blocks[0].lines == ()


def test_a_patch_that_is_on_the_skin_when_its_order_is_stopped_stays_on_paper() -> None:
    stopped = order("1", "fentanyl", timing=PATCH, state=said(OrderState.STOPPED))
    sheet = sheet_of(patient("1", orders=(stopped,), doses=(dose("1", NOW - 50 * HOUR),)))
    assert list(lines(sheet, "MAY STILL ACT")) == ["fentanyl"]


def test_a_replacement_that_begins_later_asks_what_is_given_until_then() -> None:
    old = order("1", "prednisolone", state=said(OrderState.REPLACED), replaced_by="2")
    later = Timing(
        form=TimingForm.TIMES, text="QD", times=("08:00",), start=moment(NOW + 20 * HOUR)
    )
    new = order("2", "prednisolone", timing=later)
    (line,) = lines(sheet_of(patient("1", orders=(old, new)))).values()
    assert line.warnings == (
        "REPLACES ANOTHER ORDER, FROM 08 Mar 00:12 ONLY: ASK WHAT IS GIVEN UNTIL THEN",
    )


def test_the_boxes_of_a_changing_order_carry_the_dose_of_their_period() -> None:
    told = lines(sheet_of(trapped()))["prednisolone"]
    assert told.dose == "DOSE BY PERIOD"
    assert [cell.text for cell in told.cells if cell.kind == "due"] == ["08:00\n40\nmg"]


def test_a_dose_too_wide_for_its_box_points_to_the_periods() -> None:
    wide = msgspec.structs.replace(
        TAPERING,
        phases=tuple(
            msgspec.structs.replace(phase, dose=f"{phase.dose} comprimés")
            for phase in TAPERING.phases
        ),
    )
    told = line_of(timing=wide)
    assert [cell.text for cell in told.cells if cell.kind == "due"] == ["08:00\n?"]
    assert any("40 mg comprimés" in each for each in told.details)


def test_an_order_that_was_ordered_again_after_its_end_asks_a_doctor() -> None:
    flags = (Flag(FlagKind.ORDERED_AGAIN),)
    again = order("1", "bisoprolol", flags=flags, state=said(OrderState.STOPPED))
    sheet = sheet_of(patient("1", orders=(again,), doses=(dose("1", NOW - HOUR),)))
    (line,) = lines(sheet, "NOT CLEAR WHETHER").values()
    assert "ASK A DOCTOR" in line.cells[0].text
    assert lines(sheet, "MAY STILL ACT") == {}
    assert "see those that ended" in sheet.blocks[0].note


def test_where_all_known_orders_were_stopped_the_sheet_does_not_say_that_none_was_told() -> (
    None
):
    sheet = sheet_of(patient("1", orders=(order("1", "x", state=said(OrderState.STOPPED)),)))
    assert sheet.blocks[0].note == "NO ORDER STANDS NOW: all that were known have been stopped"


def test_a_dose_without_a_unit_says_so() -> None:
    assert line_of(flags=(Flag(FlagKind.DOSE_WITHOUT_UNIT, "2.5"),)).dose.endswith(
        "UNIT NOT SENT"
    )


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        (DoseOutcome.GIVEN, "ONCE ONLY, GIVEN 03:12: DO NOT GIVE AGAIN"),
        (DoseOutcome.PARTIAL, "ONCE ONLY, PARTLY GIVEN 03:12: ASK BEFORE GIVING MORE"),
        (DoseOutcome.REFUSED, "ONCE ONLY, RECORDED AS NOT GIVEN 03:12: ASK BEFORE GIVING"),
        (DoseOutcome.HELD, "ONCE ONLY, RECORDED AS NOT GIVEN 03:12: ASK BEFORE GIVING"),
    ],
)
def test_a_dose_recorded_once_for_all_says_what_that_means(
    outcome: DoseOutcome, told: str
) -> None:
    once = Timing(form=TimingForm.ONCE, text="ONCE", start=moment(NOW - HOUR))
    one = order("1", "bisoprolol", "2.5 mg", OrderKind.ONCE, timing=once)
    given = dose("1", NOW - HOUR, outcome=outcome)
    (printed,) = lines(sheet_of(patient("1", orders=(one,), doses=(given,)))).values()
    assert [cell.text for cell in printed.cells] == [told]


def test_a_dose_of_the_drug_under_an_unknown_order_stands_on_the_drugs_line_too() -> None:
    stray = dose("9", NOW - 8 * HOUR, drug=Coded("", "Bisoprolol Sandoz"))
    other = dose("9", NOW - 8 * HOUR, drug=Coded("", "Furosemide"))
    one = order("1", "bisoprolol", "2.5 mg")
    sheet = sheet_of(patient("1", orders=(one,), doses=(stray, other)))
    (line,) = lines(sheet, "REGULAR").values()
    assert line.ask[-1] == "GIVEN UNDER ANOTHER ORDER? 06 Mar 20:12 given 1 g, N. Dubois"
    assert sum("UNDER ANOTHER ORDER" in each for each in line.ask) == 1


def test_another_insulin_than_ordered_is_named() -> None:
    one = order("1", "Insulin lispro", "10 U")
    given = dose("1", NOW - HOUR, drug=Coded("", "Insulin glargine"))
    (line,) = lines(sheet_of(patient("1", orders=(one,), doses=(given,)))).values()
    assert "RECORDED AS Insulin glargine" in line.given[0]


def test_the_rate_told_last_stands_whoever_told_it_and_the_other_beside_it() -> None:
    running = Timing(form=TimingForm.CONTINUOUS, text="C")
    one = order(
        "1", "noradrenaline", None, OrderKind.INFUSION, timing=running,
        rate="12 mL/h", rate_told=NOW - 2 * HOUR,
    )  # fmt: skip
    for given, told in (
        (
            dose("1", NOW - 18 * HOUR, rate="5 mL/h"),
            "at 02:12: 12 mL/h. READ THE PUMP: ________ (06 Mar 10:12: 5 mL/h)",
        ),
        (
            dose("1", NOW - HOUR, rate="20 mL/h"),
            "at 03:12: 20 mL/h. READ THE PUMP: ________ (02:12: 12 mL/h)",
        ),
        (
            dose("1", NOW - HOUR, rate="20 mL/h", outcome=DoseOutcome.NOT_GIVEN),
            "at 02:12: 12 mL/h. READ THE PUMP: ________",
        ),
    ):
        (line,) = lines(sheet_of(patient("1", orders=(one,), doses=(given,)))).values()
        assert line.warnings[-1] == f"Rate last sent {told}"


def test_a_replaced_order_whose_new_one_is_not_known_asks_a_doctor() -> None:
    flags = (Flag(FlagKind.REPLACEMENT_UNKNOWN, "9"),)
    gone = order("1", "apixaban", flags=flags, state=said(OrderState.REPLACED))
    sheet = sheet_of(patient("1", orders=(gone,)))
    (line,) = lines(sheet, "NOT CLEAR WHETHER").values()
    assert "NEW ORDER NOT KNOWN HERE" in line.cells[0].text


def test_a_question_about_a_dose_has_a_place_to_sign_where_no_other_is_due() -> None:
    stat = Timing(form=TimingForm.ONCE, text="STAT", start=moment(NOW - 35 * MINUTE))
    one = order("1", "meropenem", "2 g", OrderKind.ONCE, timing=stat)
    (line,) = lines(sheet_of(patient("1", orders=(one,)))).values()
    assert line.ask == ("ASK: GIVEN? 03:37",)
    assert [(cell.kind, cell.text) for cell in line.cells] == [
        ("open", "WAS DUE 03:37: ASK, THEN SIGN HERE")
    ]


def test_a_quantity_sent_with_the_timing_is_told_and_a_bare_number_is_none() -> None:
    timing = Timing(form=TimingForm.TIMES, text="QD", times=("08:00",), dose="10 U")
    assert line_of(timing=timing).warnings == ("QUANTITY SENT WITH THE TIMING: 10 U. ASK",)
    alone = order("1", "insulin", None, timing=timing)
    (line,) = lines(sheet_of(patient("1", orders=(alone,)))).values()
    assert line.dose == "10 U (SENT WITH THE TIMING)"
    bare = msgspec.structs.replace(timing, dose="1")
    assert line_of(timing=bare).warnings == ()


def test_a_dose_told_before_its_time_is_asked_about() -> None:
    ahead = dose(
        "1", NOW + 4 * HOUR, outcome=DoseOutcome.UNCLEAR,
        flags=(Flag(FlagKind.TOLD_BEFORE_ITS_TIME),),
    )  # fmt: skip
    told = line_of(ahead)
    assert "RECORDED BEFORE ITS TIME HAD COME: ASK." in told.given[0]
    assert "08:00" in [cell.text for cell in told.cells]


def test_a_dose_of_a_day_only_is_never_told_as_none_in_24_h() -> None:
    day = Moment(NOW - 28 * HOUR, Precision.DAY, "20260306")
    (told,) = line_of(msgspec.structs.replace(dose("1", NOW), at=day)).given
    assert "given" in told
    assert "none recorded" not in told


def test_a_dose_of_the_drug_under_another_known_order_stands_on_both_lines() -> None:
    old = order("1", "morphine", "5 mg", state=said(OrderState.STOPPED))
    new = order("2", "morphine", "5 mg")
    given = dose("1", NOW - HOUR, drug=Coded("", "morphine"))
    sheet = sheet_of(patient("1", orders=(old, new), doses=(given,)))
    (line,) = lines(sheet, "HIGH-RISK").values()
    assert "GIVEN UNDER ANOTHER ORDER? 03:12 given 1 g, N. Dubois" in line.ask


def test_a_refused_dose_stands_out_and_does_not_hide_when_it_was_given_last() -> None:
    doses = (
        dose("d3", NOW - HOUR, order="o1", outcome=DoseOutcome.REFUSED),
        dose("d2", NOW - 7 * HOUR, order="o1"),
        dose("d1", NOW - 13 * HOUR, order="o1", outcome=DoseOutcome.NOT_GIVEN),
    )
    line = lines(sheet_of(patient("1", orders=(order("o1", "ramipril"),), doses=doses)))[
        "ramipril"
    ]
    assert [place in line.missed for place in range(3)] == [True, False, True]
    assert "LAST GIVEN: 06 Mar 21:12" in line.ask


def test_a_dose_that_was_given_last_stands_for_itself() -> None:
    doses = (dose("d1", NOW - HOUR, order="o1"),)
    line = lines(sheet_of(patient("1", orders=(order("o1", "ramipril"),), doses=doses)))[
        "ramipril"
    ]
    assert line.missed == ()
    assert not any("LAST GIVEN" in each for each in line.ask)
