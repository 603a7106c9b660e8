"""What is recorded of a patient's blood group, antibodies and lines: never for issue.

A group that a laboratory once sent tells the blood bank what to expect; blood is issued on a
sample taken now (mislabelled earlier samples are why), so that the words stand beside each.
"""

from __future__ import annotations

from collections.abc import Collection

from wardkeep.chart.model import PatientChart, Result, ResultSeries, ResultState
from wardkeep.hospital.site import Paper
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Entry


def transfusion(patient: PatientChart, paper: Paper, fresh: Freshness, pen: Pen) -> list[Entry]:
    """Return group and antibody searches, newest of each, or that none is recorded."""
    unsaid = fresh.unsaid(Stream.LABORATORY)
    groups = [
        Entry(text=f"{told} · {pen.say('NOT FOR ISSUE')}", strong=True)
        for told in told_of(patient, paper.blood_group_codes, pen)
    ]
    antibodies = [Entry(text=told) for told in told_of(patient, paper.antibody_codes, pen)]
    group = Entry(text=pen.say("Blood group: {state}", state=unsaid), strong=True)
    search = Entry(text=pen.say("Antibodies: {state}", state=unsaid), strong=True)
    return [*(groups or [group]), *(antibodies or [search])]


def lines_of(patient: PatientChart, paper: Paper, fresh: Freshness, pen: Pen) -> list[Entry]:
    """Return lines, catheters and drains, each as recorded last; never without an entry."""
    if not paper.line_codes:
        # No code is a line's: whatever comes could not be told from a laboratory's value.
        return [Entry(text=pen.say("NOT FED"), strong=True)]
    told = told_of(patient, paper.line_codes, pen)
    unsaid = Entry(text=fresh.unsaid(Stream.LABORATORY), strong=True)
    return [Entry(text=each) for each in told] or [unsaid]


def told_of(patient: PatientChart, codes: Collection[str], pen: Pen) -> list[str]:
    """Return "analysis: value (when)" of each series of the codes, its newest value."""
    return [
        _told(series, series.results[0], pen)
        for series in patient.results
        if series.coding.code in codes and series.results
    ]


def _told(series: ResultSeries, newest: Result, pen: Pen) -> str:
    value = f"{pen.sent(newest.value)} {pen.sent(newest.unit)}".strip()
    if newest.state is ResultState.WITHDRAWN:
        value = pen.say("WITHDRAWN")
    elif not value:
        value = pen.say("NO VALUE SENT")
    when = pen.calendar.moment(newest.at) if newest.at else pen.say("time NOT RECORDED")
    return f"{pen.coded(series.coding)}: {value} ({when})"
