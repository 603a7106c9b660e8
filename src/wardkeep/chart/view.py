"""The chart of one patient, computed from the records of all of the patient's numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wardkeep.chart.cells import join_cells, text, value_text
from wardkeep.chart.change import Section
from wardkeep.chart.merging import lives
from wardkeep.chart.model import (
    Allergies,
    AllergyState,
    CodeStatus,
    Flag,
    FlagKind,
    PatientChart,
)
from wardkeep.chart.record import Cell, Cells, Layer, Record
from wardkeep.chart.text import normal
from wardkeep.chart.views import doses, laboratory, medication, pending, person, problems, stays
from wardkeep.chart.views.allergies import allergies_of
from wardkeep.hospital.site import Rules

Sections = dict[str, Cells]
Members = list[tuple[str, Sections]]
_NOTHING: Cells = {}


def chart_of(group: Sequence[Record], rules: Rules) -> PatientChart:
    """Return the chart of a patient: the surviving record first, then the merged ones.

    Of a number that was given to a second person only the part is used that is this patient's.
    """
    survivor = group[0]
    first, second, reused = lives(survivor)
    own = second if reused else first
    flags = {Flag(FlagKind.NUMBER_REUSED, survivor.number)} if reused else set()
    members: Members = []
    for record in group[1:]:
        sections, _, again = lives(record)
        members.append((record.number, sections))
        if again:
            flags.add(Flag(FlagKind.NUMBER_REUSED, record.number))
    sections = _gathered(own, members)
    return _chart(survivor.number, members, sections, flags, rules)


def ward_of_group(group: Sequence[Record]) -> str:
    """Return the ward on which the patient lies now, "" if on none, without the whole chart."""
    first, second, reused = lives(group[0])
    own = second if reused else first
    cells = own.get(Section.VISIT, _NOTHING)
    if len(group) > 1:
        joined: Cells = {}
        for sections in (own, *(lives(record)[0] for record in group[1:])):
            join_cells(joined, sections.get(Section.VISIT, _NOTHING))
        cells = joined
    for stay in stays.encounters_of(cells)[:1]:
        if stay.state.value in stays.STANDING and stay.location:
            return stay.location.value.ward
    return ""


def _gathered(own: Sections, members: Members) -> Sections:
    """Join what was said under all numbers; of the person, the surviving record knows best."""
    if not members:
        return own
    joined: Sections = {}
    for sections in (own, *(sections for _, sections in members)):
        for section, cells in sections.items():
            if section != Section.PERSON:
                join_cells(joined.setdefault(section, {}), cells)
    people = dict(own.get(Section.PERSON, _NOTHING))
    for _, sections in members:
        for key, cell in sections.get(Section.PERSON, _NOTHING).items():
            if key not in people:
                people[key] = cell
    joined[Section.PERSON] = people
    return joined


def _chart(
    record: str, members: Members, sections: Sections, flags: set[Flag], rules: Rules
) -> PatientChart:
    cells = partial(_cells, sections)
    people, care = cells(Section.PERSON), cells(Section.CARE)
    pid = _person(people)
    orders = medication.by_order(cells(Section.ORDER))
    encounters = stays.encounters_of(cells(Section.VISIT))
    requests = pending.Requests(cells(Section.REQUEST))
    code_status = problems.code_status_of(cells(Section.CODE_STATUS), record)
    allergies = allergies_of(cells(Section.ALLERGY))
    flags |= _said_flags(people, allergies, code_status) | _merge_flags(pid, members)
    return PatientChart(
        record=record,
        merged_from=tuple(sorted(number for number, _ in members)),
        identifiers=person.identifiers_of(pid),
        name=person.name_of(pid),
        birth_date=value_text(pid, "birth"),
        sex=value_text(pid, "sex"),
        dead=person.death_of(pid),
        telephones=person.telephones_of(pid),
        next_of_kin=person.next_of_kin_of(people),
        encounters=encounters,
        allergies=allergies,
        problems=problems.problems_of(cells(Section.PROBLEM)),
        code_status=code_status,
        isolation=problems.care_text(care, problems.ISOLATION),
        diet=problems.care_text(care, problems.DIET),
        weight=problems.weight_of(care),
        orders=medication.orders_of(orders, rules, encounters),
        doses=doses.doses_of(cells(Section.DOSE), orders),
        results=laboratory.series_of(cells(Section.RESULT)),
        reports=laboratory.reports_of(cells(Section.REPORT)),
        pending_orders=pending.pending_orders_of(requests),
        pending_specimens=pending.pending_specimens_of(cells(Section.SPECIMEN), requests),
        appointments=pending.appointments_of(cells(Section.APPOINTMENT)),
        flags=tuple(sorted(flags)),
    )


def _cells(sections: Sections, section: Section) -> Cells:
    return sections.get(section, _NOTHING)


def _said_flags(
    people: Cells, allergies: Allergies, code_status: tuple[CodeStatus, ...]
) -> set[Flag]:
    flags = {
        Flag(FlagKind.CODE_STATUS_FROM_MERGED, item.record)
        for item in code_status
        if item.from_merged
    }
    if allergies.state is AllergyState.CONFLICT:
        flags.add(Flag(FlagKind.ALLERGIES_DISAGREE))
    if "id_reused" in people:
        flags.add(Flag(FlagKind.ID_REUSED_BY_SENDER, text(people["id_reused"], "message")))
    return flags


def _person(people: Cells) -> Cell:
    """Return what is known of the person; other systems speak where admissions are silent."""
    told, aside = people.get(person.PID), people.get(person.PID_ASIDE)
    if told is None or aside is None:
        return told or aside or []
    known = {name for layer in told for name in layer.fields}
    gaps = [
        Layer(layer.stamp, rest)
        for layer in aside
        if (rest := {name: v for name, v in layer.fields.items() if name not in known})
    ]
    return [*told, *gaps]


def _merge_flags(pid: Cell, members: Members) -> set[Flag]:
    """Flag merged numbers whose birth date, sex or family name differ from the survivor's."""
    flags = set()
    for number, sections in members:
        other = sections.get(Section.PERSON, _NOTHING).get(person.PID)
        if other is None or not pid:
            continue
        for name in ("birth", "sex", "family"):
            mine, theirs = normal(text(pid, name)), normal(text(other, name))
            if mine and theirs and mine != theirs:
                flags.add(Flag(FlagKind.MERGED_DEMOGRAPHICS_DIFFER, number))
    return flags
