from collections.abc import Callable, Iterable

import pytest

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import (
    AllergyState,
    EncounterState,
    FlagKind,
    MedicationOrder,
    OrderState,
    PatientChart,
    TimingForm,
)
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.sample.desk import Sent
from wardkeep.sample.group import ICU_NOT_FED
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY
from wardkeep.sample.traps import Trap

Fold = Callable[[Iterable[Sent]], MemoryCharts]
START = 1_653_364_800_000_000
NAMES = {
    "same_name",
    "twins",
    "weekly_methotrexate",
    "patch_72h",
    "given_not_charted",
    "one_drug_two_feeds",
    "allergies_disagree",
    "code_status_across_merge",
    "lost_micro_sign",
    "tapering",
    "unit_not_fed",
    "radiotherapy_course",
    "gone_and_anticoagulated",
    "doctor_of_two_countries",
    "hostile_text",
    "cut_off",
}


class Told:
    """A tiny hospital, what it sent, and the charts that a reader made of it."""

    def __init__(self, fold: Fold) -> None:
        self.hospital = Hospital(1, START, TINY)
        self.messages = list(self.hospital.first_fill())
        self.charts = fold(self.messages)

    def trap(self, name: str) -> Trap:
        return self.hospital.traps[name]

    def charts_of(self, name: str) -> list[PatientChart]:
        found = [self.charts.patient(record) for record in self.trap(name).records]
        return [chart for chart in found if chart is not None]

    def orders_of(self, name: str) -> list[MedicationOrder]:
        trap = self.trap(name)
        return [
            order
            for chart in self.charts_of(name)
            for order in chart.orders
            if order.order in trap.orders
        ]

    def ward_flags(self, name: str) -> list[set[FlagKind]]:
        trap = self.trap(name)
        return [
            {flag.kind for flag in chart.flags}
            for chart in self.charts.ward(trap.ward)
            if chart.record in trap.records
        ]


@pytest.fixture(scope="module")
def told(fold: Fold) -> Told:
    return Told(fold)


def test_every_trap_is_planted_and_says_what_must_be_shown(told: Told) -> None:
    assert told.hospital.traps.keys() == NAMES
    for name, trap in told.hospital.traps.items():
        assert trap.name == name
        assert trap.shows
        sent = b"\r".join(message.body for message in told.messages)
        assert all(record.encode() in sent for record in trap.records)


def test_two_patients_of_one_name_are_marked_on_their_ward(told: Told) -> None:
    assert told.ward_flags("same_name")
    assert all(FlagKind.SAME_NAME_ON_WARD in flags for flags in told.ward_flags("same_name"))
    first, second = told.charts_of("same_name")
    assert first.name is not None
    assert second.name is not None
    assert first.name.value == second.name.value
    assert first.record != second.record


def test_twins_share_birth_date_and_family_and_are_marked(told: Told) -> None:
    first, second = told.charts_of("twins")
    assert first.birth_date is not None
    assert second.birth_date is not None
    assert first.birth_date.value == second.birth_date.value
    assert all(FlagKind.SIMILAR_NAME_ON_WARD in flags for flags in told.ward_flags("twins"))


def test_methotrexate_is_due_on_one_day_of_the_week(told: Told) -> None:
    (order,) = told.orders_of("weekly_methotrexate")
    assert order.timing.value.weekdays == (1,)
    assert order.timing.value.times == ("08:00",)


def test_the_patch_is_charted_and_due_after_72_hours(told: Told) -> None:
    (order,) = told.orders_of("patch_72h")
    assert order.timing.value.form is TimingForm.INTERVAL
    assert order.timing.value.every_minutes == 72 * 60
    (chart,) = told.charts_of("patch_72h")
    (dose,) = [dose for dose in chart.doses if dose.order == order.order]
    assert dose.at.at + 72 * HOUR == told.trap("patch_72h").at


def test_a_dose_that_nobody_charted_is_in_no_message(told: Told) -> None:
    trap = told.trap("given_not_charted")
    assert trap.at == START - 25 * MINUTE
    (chart,) = told.charts_of("given_not_charted")
    assert all(dose.at.at != trap.at for dose in chart.doses if dose.order == trap.orders[0])


def test_one_drug_from_two_feeds_is_two_lines_each_flagged(told: Told) -> None:
    orders = told.orders_of("one_drug_two_feeds")
    assert {order.feed for order in orders} == {"pharmacy", "oncology"}
    for order in orders:
        assert FlagKind.POSSIBLE_DUPLICATE in {flag.kind for flag in order.flags}


def test_allergies_that_disagree_are_a_conflict_with_the_union(told: Told) -> None:
    (chart,) = told.charts_of("allergies_disagree")
    assert chart.allergies.state is AllergyState.CONFLICT
    assert [item.substance.text for item in chart.allergies.items] == ["Pénicilline"]


def test_a_decision_of_a_merged_record_is_marked(told: Told) -> None:
    known, double = told.trap("code_status_across_merge").records
    chart = told.charts.patient(double)
    assert chart is not None
    assert chart.record == known
    assert [status.from_merged for status in chart.code_status] == [True]
    assert FlagKind.CODE_STATUS_FROM_MERGED in {flag.kind for flag in chart.flags}


def test_lost_micro_signs_stand_as_sent_and_are_flagged(told: Told) -> None:
    orders = told.orders_of("lost_micro_sign")
    doses = {order.dose.value for order in orders if order.dose}
    assert doses == {"75 Âµg", "125 \ufffdg"}
    for order in orders:
        assert FlagKind.LOST_CHARACTERS in {flag.kind for flag in order.flags}


def test_a_tapering_course_has_its_phases(told: Told) -> None:
    (order,) = told.orders_of("tapering")
    phases = order.timing.value.phases
    assert [phase.dose for phase in phases] == ["32 mg", "16 mg", "8 mg"]


def test_no_medication_of_the_unit_that_is_not_fed_is_sent(told: Told) -> None:
    trap = told.trap("unit_not_fed")
    assert trap.ward == ICU_NOT_FED
    assert trap.orders
    sent = b"\r".join(message.body for message in told.messages)
    assert all(order.partition("^")[0].encode() not in sent for order in trap.orders)
    (chart,) = told.charts_of("unit_not_fed")
    assert chart.orders == ()
    assert chart.doses == ()


def test_a_radiotherapy_course_knows_its_fractions(told: Told) -> None:
    (chart,) = told.charts_of("radiotherapy_course")
    fractions = [visit for visit in chart.appointments if visit.service == "Radiothérapie"]
    done = [visit for visit in fractions if visit.state == "completed"]
    assert len(fractions) == 30
    assert len(done) == told.trap("radiotherapy_course").at
    assert 0 < len(done) < 30


def test_somebody_at_home_for_months_is_still_on_an_anticoagulant(told: Told) -> None:
    trap = told.trap("gone_and_anticoagulated")
    (chart,) = told.charts_of("gone_and_anticoagulated")
    assert chart.current is None
    assert chart.encounters[0].state.value is EncounterState.DISCHARGED
    (order,) = [order for order in chart.orders if order.order == trap.orders[0]]
    assert order.state.value is OrderState.ACTIVE
    assert chart.appointments[0].telephones


def test_a_doctor_of_two_countries_keeps_two_numbers(told: Told) -> None:
    doctors = [
        chart.current.attending.value
        for chart in told.charts_of("doctor_of_two_countries")
        if chart.current and chart.current.attending
    ]
    assert len({doctor.name for doctor in doctors}) == 1
    assert len({doctor.identifier for doctor in doctors}) == 2


def test_hostile_text_arrives_as_it_was_written(told: Told) -> None:
    (order,) = told.orders_of("hostile_text")
    assert "\u202e" in order.instructions[0]
    assert order.as_needed_reason.startswith("=")


def test_a_result_that_broke_off_stands_in_quarantine_and_in_no_chart(told: Told) -> None:
    (held,) = told.charts.quarantine()
    assert (held.feed, held.reason) == ("laboratory", "no record number (PID-3)")


def test_who_is_at_home_for_months_is_not_admitted_again() -> None:
    for seed in range(3):
        hospital = Hospital(seed, START, TINY)
        list(hospital.live(START + 2 * DAY))
        (record,) = hospital.traps["gone_and_anticoagulated"].records
        assert hospital.true_patient(record).current is None
