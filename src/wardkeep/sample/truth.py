"""The true chart of a patient, assembled from the world in the shape of the chart's model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from wardkeep.chart.model import (
    Allergies,
    AllergyState,
    Appointment,
    Coded,
    CodeStatus,
    Dose,
    Encounter,
    EncounterState,
    Flag,
    FlagKind,
    MedicationOrder,
    NextOfKin,
    OrderKind,
    OrderState,
    PatientChart,
    PendingOrder,
    PendingSpecimen,
    PersonName,
    Problem,
    Report,
    ResultSeries,
    Source,
    Value,
)
from wardkeep.sample.admissions import clinician
from wardkeep.sample.group import Care, service_of
from wardkeep.sample.world import Person, Series, Stay, TreatmentTold

_IN_BED = {EncounterState.ADMITTED, EncounterState.ON_LEAVE}
_KINDS = list(OrderKind)


class UntoldError(LookupError):
    """Nobody has told of this record yet."""


def chart_of(person: Person) -> PatientChart:
    """Return the chart of somebody and of the records merged into theirs.

    Sources have the sequence 0. Raises UntoldError where no message has named the record.
    """
    said = person.said
    if said is None:
        raise UntoldError(person.record)
    everyone = (person, *person.merged_from)
    status = _code_status(everyone, person.record)
    allergies = _allergies(everyone)
    return PatientChart(
        record=person.record,
        merged_from=tuple(sorted(one.record for one in person.merged_from)),
        identifiers=person.identifiers,
        name=Value(PersonName(person.names.family, person.names.given), said),
        birth_date=Value(person.born.isoformat(), said),
        sex=Value(person.sex, said),
        dead=person.dead,
        telephones=() if person.said_aside else person.telephones,
        next_of_kin=_kin(person, said),
        encounters=_encounters(person),
        allergies=allergies,
        problems=_problems(person),
        code_status=status,
        isolation=person.isolation.told,
        diet=person.diet.told,
        weight=person.weight.told,
        orders=_orders(person),
        doses=_doses(person),
        results=_results(person),
        reports=_reports(person),
        pending_orders=_pending_orders(person),
        pending_specimens=_pending_specimens(person),
        appointments=_appointments(person),
        flags=_flags(status, allergies),
    )


def _kin(person: Person, said: Source) -> tuple[NextOfKin, ...]:
    """Return whom to call: only admissions tells."""
    if person.said_aside:
        return ()
    return tuple(msgspec.structs.replace(kin, source=said) for kin in person.kin)


def _reports(person: Person) -> tuple[Report, ...]:
    def newest(one: Report) -> tuple[int, str]:
        return (one.at.at if one.at else 0, one.report)

    return tuple(sorted(person.reports.values(), key=newest, reverse=True))


def _pending_orders(person: Person) -> tuple[PendingOrder, ...]:
    def due(one: PendingOrder) -> tuple[int, str]:
        return (one.due.at if one.due else 0, one.order)

    return tuple(sorted(person.requests.values(), key=due))


def _pending_specimens(person: Person) -> tuple[PendingSpecimen, ...]:
    def taken(one: PendingSpecimen) -> tuple[int, str]:
        return (one.collected.at if one.collected else 0, one.specimen)

    return tuple(sorted(person.specimens.values(), key=taken))


def _flags(status: Sequence[CodeStatus], allergies: Allergies) -> tuple[Flag, ...]:
    flags = {
        Flag(FlagKind.CODE_STATUS_FROM_MERGED, one.record) for one in status if one.from_merged
    }
    if allergies.state is AllergyState.CONFLICT:
        flags.add(Flag(FlagKind.ALLERGIES_DISAGREE))
    return tuple(sorted(flags))


def _code_status(everyone: Sequence[Person], survivor: str) -> tuple[CodeStatus, ...]:
    stated = [
        msgspec.structs.replace(status, from_merged=status.record != survivor)
        for one in everyone
        for status in one.code_status.values()
    ]
    return tuple(sorted(stated, key=lambda status: status.source.event, reverse=True))


def _problems(person: Person) -> tuple[Problem, ...]:
    found = person.problems
    return tuple(
        sorted(found.values(), key=lambda one: (one.coding.text.casefold(), one.coding.code))
    )


def _encounters(person: Person) -> tuple[Encounter, ...]:
    stays = [_encounter(stay) for stay in person.stays.values()]
    stays.sort(
        key=lambda one: (one.admitted.value.at if one.admitted else 0, one.visit), reverse=True
    )
    stays.sort(key=lambda one: one.state.value not in _IN_BED)
    return tuple(stays)


def _encounter(stay: Stay) -> Encounter:
    state, expected = stay.state.told, stay.expected.told
    if state is None or expected is None:
        raise UntoldError(stay.visit)
    moves = tuple(sorted(stay.moves, key=lambda move: move.since))
    said = expected.source
    gone = state.value is EncounterState.DISCHARGED
    return Encounter(
        visit=stay.visit,
        state=state,
        patient_class=Value(stay.patient_class, said),
        location=Value(moves[-1].location, moves[-1].source),
        moves=moves,
        admitted=stay.admitted.told,
        discharged=stay.discharged.told if gone else None,
        expected_discharge=expected,
        attending=Value(clinician(stay.attending), said),
        service=Value(service_of(Care(stay.care)), said),
        reason=Value(stay.reason, said),
    )


def _allergies(everyone: Sequence[Person]) -> Allergies:
    items = [each for one in everyone for each in one.allergies.values()]
    items.sort(key=lambda one: (one.substance.text.casefold(), one.source.feed))
    none = [
        source
        for one in everyone
        for source in one.none_known.values()
        if not any(
            each.source.feed == source.feed and each.source.event >= source.event
            for each in items
        )
    ]
    severities: dict[str, set[str]] = {}
    for one in items:
        severities.setdefault(one.substance.code, set()).add(one.severity)
    differ = any(len(each) > 1 for each in severities.values())
    if not items:
        state = AllergyState.NONE_KNOWN if none else AllergyState.NOT_RECORDED
    else:
        state = AllergyState.CONFLICT if none or differ else AllergyState.LISTED
    return Allergies(state=state, items=tuple(items), none_known=tuple(none))


def _orders(person: Person) -> tuple[MedicationOrder, ...]:
    lines = [line for told in person.orders.values() for line in _line(told)]
    lines = [_of_earlier_stay(line, _encounters(person)) for line in _with_twins(lines)]
    lines.sort(
        key=lambda one: (_KINDS.index(one.kind), one.drug.value.text.casefold(), one.order)
    )
    return tuple(lines)


def _of_earlier_stay(line: MedicationOrder, stays: Sequence[Encounter]) -> MedicationOrder:
    """Mark what was ordered in a stay that ended, where the patient lies in a bed again."""
    over = {stay.visit for stay in stays if stay.state.value is EncounterState.DISCHARGED}
    if line.visit not in over or not any(stay.state.value in _IN_BED for stay in stays):
        return line
    flags = {*line.flags, Flag(FlagKind.EARLIER_STAY, line.visit)}
    return msgspec.structs.replace(line, flags=tuple(sorted(flags)))


def _line(told: TreatmentTold) -> Iterator[MedicationOrder]:
    if told.line.told is None:
        return
    line = told.line.told.value
    if told.stopped is not None:
        state = Value(OrderState.STOPPED, told.stopped)
    elif told.replaced is not None:
        state = Value(OrderState.REPLACED, told.replaced)
    else:
        state = told.state.told or line.state
    told_at = line.drug.source.event if line.rate else 0
    yield msgspec.structs.replace(
        line, state=state, replaced_by=told.replaced_by, rate_told=told_at
    )


def _with_twins(lines: Sequence[MedicationOrder]) -> Iterator[MedicationOrder]:
    """Mark the same drug that runs through two pharmacies, or through two stays."""
    running: dict[Coded, list[MedicationOrder]] = {}
    for line in lines:
        if line.state.value in {OrderState.ACTIVE, OrderState.HELD}:
            running.setdefault(line.drug.value, []).append(line)
    for line in lines:
        twins = [
            Flag(FlagKind.POSSIBLE_DUPLICATE, other.order)
            for other in running.get(line.drug.value, ())
            if (other.feed, other.visit) != (line.feed, line.visit)
            and line in running[line.drug.value]
        ]
        yield msgspec.structs.replace(line, flags=tuple(sorted({*line.flags, *twins})))


def _doses(person: Person) -> tuple[Dose, ...]:
    known = person.orders
    found = [
        dose if dose.order in known else msgspec.structs.replace(dose, flags=_unknown(dose))
        for dose in person.doses.values()
    ]
    found.sort(key=lambda dose: (dose.at.at, dose.source.event, dose.dose), reverse=True)
    return tuple(found)


def _unknown(dose: Dose) -> tuple[Flag, ...]:
    return tuple(sorted({*dose.flags, Flag(FlagKind.ORDER_UNKNOWN, dose.order)}))


def _results(person: Person) -> tuple[ResultSeries, ...]:
    built = [_series(series) for series in person.series.values()]
    built.sort(key=lambda one: (one.coding.text.casefold(), one.coding.code))
    return tuple(built)


def _series(series: Series) -> ResultSeries:
    results = sorted(
        series.results.items(),
        key=lambda item: (item[1].at.at if item[1].at else 0, item[0]),
        reverse=True,
    )
    return ResultSeries(
        coding=Coded(series.code, series.text, series.system),
        specimen=series.specimen,
        results=tuple(result for _, result in results),
    )


def _appointments(person: Person) -> tuple[Appointment, ...]:
    told = [each.told for each in person.appointments.values()]
    found = [value.value for value in told if value is not None]
    return tuple(sorted(found, key=lambda one: (one.start.at, one.appointment)))
