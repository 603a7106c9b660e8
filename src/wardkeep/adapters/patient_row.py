"""The rows by which the chart store shows, finds and lists a patient."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import msgspec

from wardkeep.chart.found import found_of
from wardkeep.chart.memory import search_words
from wardkeep.chart.model import Allergies, AllergyState, PatientChart

_encode = msgspec.msgpack.Encoder().encode


def write_charts(store: apsw.Connection, charts: Sequence[tuple[str, PatientChart]]) -> None:
    """Write each number's chart, what a search shows of it, and its row."""
    views = [(number, _encode(chart)) for number, chart in charts]
    found = [(number, _encode(found_of(chart))) for number, chart in charts]
    rows = [patient_row(chart) for _, chart in charts]
    store.executemany("insert or replace into view values(?,?)", views)
    store.executemany("insert or replace into found values(?,?)", found)
    store.executemany("insert or replace into patient values(?,?,?,?,?,?)", rows)


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
