from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from tests.web.handmade import NOW, patient, said

from wardkeep.bedside.events import FactKind
from wardkeep.bedside.facts import facts_of
from wardkeep.chart.model import EncounterState, Location, OrderState, PatientChart
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY, HOUR

ALL = frozenset(Stream)


def kinds(chart: PatientChart, fed: frozenset[Stream] = ALL) -> set[FactKind]:
    return {fact.kind for fact in facts_of(chart, fed, NOW)}


def test_what_nobody_recorded_is_a_fact_too_and_says_so() -> None:
    told = {fact.kind: fact for fact in facts_of(patient(3, "4B"), ALL, NOW)}
    assert not told[FactKind.ALLERGIES].recorded
    assert not told[FactKind.DIET].recorded
    assert told[FactKind.WEIGHT].recorded
    # Where nobody said it, the message that placed the patient leads to whom it is of.
    assert told[FactKind.DIET].entry == told[FactKind.BED].entry == 7


def test_what_no_feed_brings_is_no_fact() -> None:
    assert FactKind.DIET not in kinds(patient(1, "4B"), ALL - {Stream.DIET})
    medicines = {FactKind.DOSE_DUE, FactKind.DOSE_GIVEN}
    assert not kinds(patient(1, "4B"), ALL - {Stream.MEDICATION_ORDERS}) & medicines
    assert kinds(patient(1, "4B"), ALL - {Stream.DOSES_GIVEN}) & medicines == {
        FactKind.DOSE_DUE
    }


def test_each_standing_order_is_a_fact_and_what_is_held_or_as_needed_is_none() -> None:
    chart = patient(1, "4B")
    due = [fact.order for fact in facts_of(chart, ALL, NOW) if fact.kind is FactKind.DOSE_DUE]
    standing = [o.order for o in chart.orders if o.state.value is OrderState.ACTIVE]
    as_needed = [o.order for o in chart.orders if o.drug.value.text == "morphine"]
    assert set(due) == set(standing) - set(as_needed)
    assert set(due) < {order.order for order in chart.orders}


@pytest.mark.parametrize(("later", "recorded"), [(0, 1), (19 * HOUR, 0), (DAY, 0)])
def test_a_dose_is_compared_for_a_day_and_then_none_is_recorded(
    later: int, recorded: int
) -> None:
    given = [
        fact
        for fact in facts_of(patient(1, "4B"), ALL, NOW + later)
        if fact.kind is FactKind.DOSE_GIVEN
    ]
    assert Counter(fact.recorded for fact in given)[True] == recorded
    assert len(given) > 1


def test_whoever_is_away_or_in_no_bed_is_not_asked_about() -> None:
    chart = patient(1, "4B")
    here = chart.encounters[0]
    away = msgspec.structs.replace(here, state=said(EncounterState.ON_LEAVE))
    assert facts_of(msgspec.structs.replace(chart, encounters=(away,)), ALL, NOW) == ()
    gone = msgspec.structs.replace(here, state=said(EncounterState.DISCHARGED))
    assert facts_of(msgspec.structs.replace(chart, encounters=(gone,)), ALL, NOW) == ()


def test_a_patient_without_a_bed_has_no_bed_to_compare() -> None:
    chart = patient(1, "4B")
    here = msgspec.structs.replace(chart.encounters[0], location=said(Location("4B")))
    placed = msgspec.structs.replace(chart, encounters=(here,))
    assert FactKind.BED not in kinds(placed)
    assert FactKind.ALLERGIES in kinds(placed)
