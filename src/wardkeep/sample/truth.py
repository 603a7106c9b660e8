"""The true chart of a patient, assembled from the world in the shape of the chart's model."""

from __future__ import annotations

from wardkeep.chart.model import (
    Allergies,
    AllergyState,
    BedMove,
    Clinician,
    Encounter,
    EncounterState,
    PatientChart,
    PersonName,
    Value,
)
from wardkeep.sample.admissions import clinician
from wardkeep.sample.group import Care, service_of
from wardkeep.sample.world import Person, Stay
import msgspec

_IN_BED = {EncounterState.ADMITTED, EncounterState.ON_LEAVE}


def chart_of(person: Person) -> PatientChart:
    """Return the chart of somebody who was told of; sources have the sequence 0."""
    said = person.said
    assert said is not None
    return PatientChart(
        record=person.record,
        merged_from=tuple(sorted(person.merged_from)),
        identifiers=person.identifiers,
        name=Value(PersonName(person.names.family, person.names.given), said),
        birth_date=Value(person.born.isoformat(), said),
        sex=Value(person.sex, said),
        telephones=person.telephones,
        next_of_kin=tuple(msgspec.structs.replace(kin, source=said) for kin in person.kin),
        encounters=_encounters(person),
        allergies=_allergies(person),
        problems=tuple(sorted(person.problems.values(), key=lambda p: p.coding.text.casefold())),
    )


def _encounters(person: Person) -> tuple[Encounter, ...]:
    stays = [_encounter(stay) for stay in person.stays.values() if stay.told]
    stays.sort(key=lambda one: one.admitted.value.at if one.admitted else 0, reverse=True)
    stays.sort(key=lambda one: one.state.value not in _IN_BED)
    return tuple(stays)


def _encounter(stay: Stay) -> Encounter:
    state, expected = stay.state.told, stay.expected.told
    assert state is not None
    assert expected is not None
    moves = tuple(sorted(stay.moves, key=lambda move: move.since))
    said = expected.source
    return Encounter(
        visit=stay.visit,
        state=state,
        patient_class=Value(stay.patient_class, said),
        location=Value(moves[-1].location, moves[-1].source),
        moves=moves,
        admitted=stay.admitted.told,
        discharged=stay.discharged.told
        if state.value is EncounterState.DISCHARGED
        else None,
        expected_discharge=expected,
        attending=Value(clinician(stay.attending), said),
        service=Value(service_of(Care(stay.care)), said),
        reason=Value(stay.reason, said),
    )


def _allergies(person: Person) -> Allergies:
    items = [one for each in person.allergies.values() for one in each]
    items.sort(key=lambda one: (one.substance.text.casefold(), one.source.feed))
    none = tuple(sorted(person.none_known.values(), key=lambda source: source.feed))
    if items:
        severities: dict[str, set[str]] = {}
        for one in items:
            severities.setdefault(one.substance.code, set()).add(one.severity)
        differ = any(len(each) > 1 for each in severities.values())
        state = AllergyState.CONFLICT if none or differ else AllergyState.LISTED
    else:
        state = AllergyState.NONE_KNOWN if none else AllergyState.NOT_RECORDED
    return Allergies(state=state, items=tuple(items), none_known=none)
