"""What sheets say that were made of charts read back from paper."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Entry, PatientSheet, WardSheet
from wardkeep.paper.words import N_


class LeftOut(msgspec.Struct, frozen=True):
    """How much of each kind the paper knew and its codes did not hold."""

    results: int = 0
    reports: int = 0
    doses: int = 0
    orders: int = 0
    others: int = 0


class FromPaper(msgspec.Struct, frozen=True, kw_only=True):
    """That a ward was read back from its papers: of when, of how many patients.

    `left_out` of each patient, in the order of the charts. `as_of` in UTC microseconds.
    `settings`: what the site's settings say of the ward was read back as well.
    """

    as_of: int
    patients: int
    left_out: tuple[LeftOut, ...]
    settings: bool = True


def marked_as_rebuilt(
    top: WardSheet, patients: Sequence[PatientSheet], told: FromPaper, pen: Pen
) -> tuple[WardSheet, tuple[PatientSheet, ...]]:
    """Return the sheets with a band above all that says where they come from."""
    when = pen.calendar.full(told.as_of)
    ward = pen.say(
        "READ BACK FROM PAPER OF {when}: {count} of {patients} patients."
        " Nothing later is known",
        when=when,
        count=len(patients),
        patients=told.patients,
    )
    marked = tuple(
        replace(each, old=_joined(_of_patient(left, when, pen), each.old))
        for each, left in zip(patients, told.left_out, strict=True)
    )
    if not told.settings:
        top = _without_settings(top, pen)
    return replace(top, old=_joined(ward, top.old)), marked


def _without_settings(top: WardSheet, pen: Pen) -> WardSheet:
    """Return a ward sheet that says what is not known where no page carried the settings.

    "None in the settings" would be believed: there are no settings where this is made.
    """
    lost = pen.say("NOT KNOWN: not in the codes that were read. See the old paper")
    systems = pen.say(
        "NOT KNOWN which systems send nothing to this paper: not in the codes that were read."
        " See the old paper"
    )
    return replace(
        top,
        telephones=(lost,),
        empty_beds=lost,
        unknown=(Entry(text=systems, strong=True), *top.unknown),
    )


def _of_patient(left: LeftOut, when: str, pen: Pen) -> str:
    told = pen.say("READ BACK FROM PAPER OF {when}. Nothing later is known", when=when)
    lacks = [
        pen.say(words, count=count)
        for words, count in (
            (N_("{count} laboratory values"), left.results),
            (N_("{count} reports"), left.reports),
            (N_("{count} older doses"), left.doses),
            (N_("{count} ended orders"), left.orders),
            (N_("{count} visits or appointments"), left.others),
        )
        if count
    ]
    if not lacks:
        return told
    return told + ". " + pen.say("ON THE OLD PAPER ONLY: {what}", what=", ".join(lacks))


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
