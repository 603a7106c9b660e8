"""The row by which the chart store finds and lists a patient."""

from __future__ import annotations

import msgspec

from wardkeep.chart.memory import search_words
from wardkeep.chart.model import Allergies, AllergyState, PatientChart

_encode = msgspec.msgpack.Encoder().encode


def patient_row(chart: PatientChart) -> tuple[str, str, str, str, str, bytes]:
    """Return record, ward, room, bed, words to search, and a slim chart for lists."""
    stay = chart.current
    place = stay.location.value if stay and stay.location else None
    slim = PatientChart(
        record=chart.record,
        name=chart.name,
        encounters=chart.encounters[:1] if stay else (),
        allergies=Allergies(state=AllergyState.NOT_RECORDED),
    )
    return (
        chart.record,
        place.ward if place else "",
        place.room if place else "",
        place.bed if place else "",
        "\n".join(sorted(search_words(chart))),
        _encode(slim),
    )
