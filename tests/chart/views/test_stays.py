from __future__ import annotations

from itertools import permutations

import pytest
from tests.chart.sending import adt, chart, entries, fold, micros, pid, pv1

from wardkeep.chart.model import EncounterState

ADMIT = adt("A01", "20260516080000", pid(), pv1())
MOVE = adt("A02", "20260516100000", pid(), pv1("B3^1^1"))
HOME = adt("A03", "20260516170000", pid(), pv1("B3^1^1"))


def stay(*bodies: bytes):  # noqa: ANN201
    return chart(*(("adt", body) for body in bodies)).encounters[0]


def state(*bodies: bytes) -> str:
    return stay(*bodies).state.value


def place(*bodies: bytes) -> str:
    found = stay(*bodies).location
    return f"{found.value.ward} {found.value.room} {found.value.bed}" if found else ""


@pytest.mark.parametrize(
    ("triggers", "expected"),
    [
        ("A01", "admitted"), ("A04", "outpatient"), ("A05", "preadmitted"),
        ("A01 A03", "discharged"), ("A01 A03 A13", "admitted"), ("A01 A11", "cancelled"),
        ("A05 A38", "cancelled"), ("A05 A01", "admitted"), ("A05 A01 A11", "preadmitted"),
        ("A04 A06", "admitted"), ("A01 A07", "outpatient"), ("A01 A21", "on_leave"),
        ("A01 A21 A22", "admitted"), ("A01 A21 A52", "admitted"), ("A01 A21 A03", "discharged"),
        ("A01 A03 A08", "discharged"), ("A08", "admitted"), ("A01 A03 A01", "admitted"),
        ("A01 A21 A22 A53", "on_leave"), ("A01 A02", "admitted"), ("A13", "admitted"),
    ],
)  # fmt: skip
def test_where_a_stay_stands(triggers: str, expected: str) -> None:
    kinds = {"A04": "O"}
    sent = [
        adt(trigger, f"202605160{hour}0000", pid(), pv1(kind=kinds.get(trigger, "I")))
        for hour, trigger in enumerate(triggers.split(), start=1)
    ]
    for order in permutations(sent):
        assert state(*order) == expected


def test_a_late_update_does_not_undo_a_discharge() -> None:
    late = adt("A08", "20260516120000", pid(), pv1("B3^1^1"))
    later = adt("A08", "20260516180000", pid(), pv1("B3^1^1"))
    assert state(ADMIT, HOME, late) == "discharged"
    assert state(ADMIT, HOME, later) == "discharged"


def test_a_cancel_undoes_what_was_recorded_before_it_alone() -> None:
    cancel = adt("A13", "20260516173000", pid(), pv1("B3^1^1"))
    again = adt("A03", "20260516180000", pid(), pv1("B3^1^1"), happened="20260516171500")
    assert state(ADMIT, HOME, cancel) == "admitted"
    assert state(ADMIT, HOME, cancel, again) == "discharged"
    assert state(again, cancel, HOME, ADMIT) == "discharged"


def test_moves_stand_in_the_order_in_which_they_happened() -> None:
    retold = adt("A02", "20260516140000", pid(), pv1("C1^1^1"), happened="20260516090000")
    moves = stay(ADMIT, MOVE, retold).moves
    assert [move.location.ward for move in moves] == ["A2", "C1", "B3"]
    assert moves[1].since == micros("20260516090000")
    assert place(MOVE, retold, ADMIT) == "B3 1 1"


def test_a_cancelled_transfer_leaves_the_patient_where_he_was() -> None:
    cancel = adt("A12", "20260516110000", pid(), pv1("A2^12^1"), happened="20260516100000")
    assert place(ADMIT, MOVE, cancel) == "A2 12 1"
    assert len(stay(ADMIT, MOVE, cancel).moves) == 1


def test_a_cancel_without_the_time_of_the_transfer_takes_back_the_last_one() -> None:
    on = adt("A02", "20260516110000", pid(), pv1("C1^1^1"))
    cancel = adt("A12", "20260516120000", pid(), pv1("B3^1^1"))
    assert place(ADMIT, MOVE, on, cancel) == "B3 1 1"
    assert place(cancel, on, ADMIT, MOVE) == "B3 1 1"


def test_an_update_that_repeats_the_place_of_an_undone_transfer_is_undone_with_it() -> None:
    repeated = adt("A08", "20260516100100", pid(), pv1("B3^1^1"))
    cancel = adt("A12", "20260516100200", pid(), pv1("A2^12^1"), happened="20260516100000")
    for order in permutations([ADMIT, MOVE, repeated, cancel]):
        assert place(*order) == "A2 12 1"
        assert [move.location.ward for move in stay(*order).moves] == ["A2"]


def test_a_move_typed_late_is_not_undone_by_an_update_that_did_not_know_of_it() -> None:
    unknowing = adt("A08", "20260516100000", pid(), pv1("A2^12^1"))
    late = adt("A02", "20260516100100", pid(), pv1("B3^1^1"), happened="20260516090000")
    for order in permutations([ADMIT, unknowing, late]):
        assert place(*order) == "B3 1 1"


def test_a_cancel_tells_where_the_patient_is_and_not_where_he_was_not() -> None:
    away = adt("A02", "20260516093000", pid(), pv1("C1^1^1"))
    told = adt("A12", "20260516110000", pid(), pv1("C1^1^1"), happened="20260516100000")
    wrong = adt("A12", "20260516110000", pid(), pv1("B3^1^1"), happened="20260516100000")
    assert place(ADMIT, MOVE, told) == "C1 1 1"
    assert place(ADMIT, away, MOVE, wrong) == "C1 1 1"


def test_an_update_in_another_bed_moves_the_patient_and_an_old_one_does_not() -> None:
    assert place(ADMIT, MOVE, adt("A08", "20260516110000", pid(), pv1("B3^1^2"))) == "B3 1 2"
    assert place(ADMIT, MOVE, adt("A08", "20260516090000", pid(), pv1("A2^12^1"))) == "B3 1 1"


def test_two_patients_change_beds_in_one_message() -> None:
    other = pid("1002", "Lefèvre^Zoé", "19990909")
    swap = adt(
        "A17", "20260516120000", pid(), pv1("A2^12^2", "V1"), other, pv1("A2^12^1", "V2")
    )
    charts = fold(entries([
        ("adt", ADMIT), ("adt", adt("A01", "20260516081000", other, pv1("A2^12^2", "V2"))),
        ("adt", swap),
    ]))  # fmt: skip
    beds = {found.record: found.current.location.value.bed for found in charts.ward("A2")}
    assert beds == {"1001": "2", "1002": "1"}


def test_a_patient_of_the_emergency_ward_lies_in_a_bed() -> None:
    assert state(adt("A04", "20260516080000", pid(), pv1("ED^1^1", kind="E"))) == "admitted"


def test_a_planned_admission_takes_no_bed() -> None:
    found = chart(("adt", adt("A05", "20260516080000", pid(), pv1(kind="P"))))
    assert found.current is None
    assert found.encounters[0].state.value is EncounterState.PREADMITTED


def test_merged_visits_are_one_stay() -> None:
    second = adt("A01", "20260516090000", pid(), pv1("B3^1^1", "V2"))
    merge = adt("A42", "20260516100000", pid(), "MRG|||||V1", pv1("B3^1^1", "V2"))
    found = chart(("adt", ADMIT), ("adt", second), ("adt", merge)).encounters
    assert [item.visit for item in found] == ["V2"]
    assert len(found[0].moves) == 2


def test_times_of_admission_and_discharge_are_those_of_the_visit() -> None:
    found = stay(ADMIT, HOME)
    assert found.admitted is not None
    assert found.admitted.value.text == "20260516080000"
    assert found.discharged is not None
    assert found.discharged.value.text == "20260516170000"


def test_the_stay_that_places_the_patient_stands_first() -> None:
    booked = adt("A05", "20260517080000", pid(), pv1("C1^1^1", "V9", "P"))
    assert stay(booked, ADMIT).visit == "V1"
