from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from tests.web.handmade import NOW, SITE, HandmadeCharts, dose, moment, order, patient, said

from wardkeep.chart.model import (
    MedicationOrder,
    OrderKind,
    PatientChart,
    Source,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.chart.ports import WardSummary
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.pack.contents import WardData, ward_pack
from wardkeep.web.due import DueBook, DueRules, DuesTold, dues_of, told

RULES = SITE.rules
WARD = DueRules(RULES)
# NOW is 04:12 on Saturday, 7 March; midnight before it was 4 h 12 min ago.
MIDNIGHT = NOW - 4 * HOUR - 12 * MINUTE


def at_times(number: str, times: tuple[str, ...], drug: str = "cefazolin") -> MedicationOrder:
    """An order of the day before yesterday, given at these hours."""
    timing = Timing(form=TimingForm.TIMES, text=",".join(times), times=times)
    return msgspec.structs.replace(
        order(number, drug, "1 g", TimingForm.TIMES, ""),
        timing=Value(timing, Source("mar", "M1", NOW - 2 * DAY, NOW - 2 * DAY, 1)),
        entered=moment(NOW - 2 * DAY),
    )


def with_orders(*orders: MedicationOrder, given: Sequence[int] = ()) -> PatientChart:
    """A patient with these orders; doses of the first were given then."""
    doses = tuple(
        msgspec.structs.replace(dose("1"), dose=f"d{at}", order=orders[0].order, at=moment(at))
        for at in sorted(given, reverse=True)
    )
    return msgspec.structs.replace(patient(3, "4B"), orders=orders, doses=doses)


def line(chart: PatientChart, ward: DueRules = WARD, now: int = NOW) -> DuesTold:
    return told(dues_of(chart, ward, now), now)


def test_a_dose_that_nobody_charted_never_hides_the_next_one() -> None:
    chart = with_orders(
        at_times("a", ("20:00", "02:00", "14:00")), at_times("b", ("02:00", "09:00"))
    )
    assert line(chart) == DuesTold(
        # 09:00, 14:00 and 20:00 of yesterday, twice 02:00.
        missed=MIDNIGHT - 15 * HOUR,
        more=4,
        coming=MIDNIGHT + 9 * HOUR,
    )


def test_where_all_is_charted_only_the_next_one_is_told() -> None:
    given = [MIDNIGHT - 10 * HOUR, MIDNIGHT + 2 * HOUR]
    chart = with_orders(at_times("a", ("02:00", "14:00")), given=given)
    assert line(chart) == DuesTold(coming=MIDNIGHT + 14 * HOUR)


def test_an_order_whose_last_dose_was_missed_still_tells_it() -> None:
    one = at_times("a", ("02:00",))
    ends = msgspec.structs.replace(one.timing.value, stop=moment(NOW - MINUTE))
    chart = with_orders(msgspec.structs.replace(one, timing=said(ends, "mar")))
    assert line(chart) == DuesTold(missed=MIDNIGHT + 2 * HOUR)


def test_the_marks_are_those_of_the_doses_told_and_of_no_other() -> None:
    insulin = at_times("a", ("02:00",), "insulin lispro")
    weekly = at_times("b", ("09:00",), "methotrexate")
    saturday = msgspec.structs.replace(weekly.timing.value, weekdays=(6,))
    weekly = msgspec.structs.replace(weekly, timing=said(saturday, "mar"))
    evening = at_times("c", ("20:00",), "morphine")
    gone = MIDNIGHT - 4 * HOUR
    found = line(with_orders(evening, insulin, weekly, given=[gone]))
    assert found.not_daily
    daily = line(with_orders(evening, given=[gone]))
    assert not daily.not_daily


def test_a_missed_dose_is_asked_about_though_a_later_one_was_charted() -> None:
    chart = with_orders(at_times("a", ("00:00", "02:00", "14:00")), given=[MIDNIGHT + 2 * HOUR])
    # 14:00 of yesterday is the oldest of the last day.
    assert line(chart) == DuesTold(
        missed=MIDNIGHT - 10 * HOUR, more=1, coming=MIDNIGHT + 14 * HOUR
    )


@pytest.mark.parametrize("given", [(), (2,), (-4, 2), (-10,)])
def test_screen_and_paper_ask_about_the_same_doses(given: tuple[int, ...]) -> None:
    chart = with_orders(
        at_times("a", ("00:00", "02:00", "14:00", "20:00")),
        at_times("b", ("03:00",)),
        given=[MIDNIGHT + hour * HOUR for hour in given],
    )
    summary = WardSummary(ward="4B", patients=1, charted_up_to=NOW - HOUR)
    data = WardData(
        charts=(chart,),
        streams=tuple(HandmadeCharts().streams(NOW, "4B")),
        summary=summary,
        site=SITE,
        now=NOW,
        sheets=("1", "2"),
    )
    paper = ward_pack(data, "en", str)
    asked = [
        each
        for block in paper.patients[0].blocks
        for printed in block.lines
        for each in printed.ask
    ]
    dues = dues_of(chart, DueRules(RULES, SITE.wards[0]), NOW)
    assert len(asked) == sum(due.at <= NOW for due in dues) > 0


def test_what_is_given_as_needed_is_never_due_though_it_names_hours() -> None:
    one = msgspec.structs.replace(at_times("a", ("02:00",)), kind=OrderKind.AS_NEEDED)
    assert dues_of(with_orders(one), WARD, NOW) == ()


def test_doses_kept_are_those_that_would_be_computed() -> None:
    book = DueBook()
    one = patient(3, "4B")
    other = msgspec.structs.replace(one, orders=one.orders[:1])
    for chart in (one, one, other, one):
        for now in (NOW, NOW + MINUTE, NOW + 3 * HOUR, NOW - HOUR):
            for ward in (WARD, DueRules(RULES, fed=False)):
                assert book.dues_of(chart, ward, now) == dues_of(chart, ward, now)


def test_a_ward_that_wants_no_computed_times_gets_none() -> None:
    ward = msgspec.structs.replace(SITE.wards[0], next_due=False)
    assert dues_of(patient(3, "4B"), DueRules(RULES, ward), NOW) == ()
    assert told((), NOW) == DuesTold()


def test_where_doses_are_not_fed_no_dose_is_told_as_not_charted() -> None:
    chart = with_orders(at_times("a", ("02:00", "14:00")))
    assert line(chart).missed == MIDNIGHT - 10 * HOUR
    unknown = line(chart, DueRules(RULES, fed=False))
    assert unknown == DuesTold(coming=MIDNIGHT + 14 * HOUR)
