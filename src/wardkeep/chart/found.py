"""A patient as a search shows one: enough to choose the right person, and no more.

Whoever is found is decoded from this alone: fifty whole charts take a second, these take
milliseconds. It holds no orders and no doses, so that nobody takes their absence for none.
"""

from __future__ import annotations

import msgspec

from wardkeep.chart.model import Allergies, PatientChart
from wardkeep.chart.values import Location, PersonName


class FoundPatient(msgspec.Struct, frozen=True, kw_only=True):
    """One patient: name, ISO birth date and sex as sent, None where nobody sent them.

    `place` is None for who lies in no bed now.
    """

    record: str
    name: PersonName | None
    birth_date: str | None
    sex: str | None
    place: Location | None
    allergies: Allergies


def found_of(chart: PatientChart) -> FoundPatient:
    """Return what a search shows of a chart."""
    stay = chart.current
    return FoundPatient(
        record=chart.record,
        name=chart.name.value if chart.name else None,
        birth_date=chart.birth_date.value if chart.birth_date else None,
        sex=chart.sex.value if chart.sex else None,
        place=stay.location.value if stay and stay.location else None,
        allergies=chart.allergies,
    )
