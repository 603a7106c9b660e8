"""The patient sheet: what this patient needs now, in the places and words of the paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException

from wardkeep.access.permission import Permission
from wardkeep.chart.model import (
    Dose,
    DoseOutcome,
    MedicationOrder,
    OrderKind,
    OrderState,
    PatientChart,
)
from wardkeep.chart.ports import UnreadMessage
from wardkeep.chart.schedule import ended_at
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.pack.contents import UNREAD_TOLD
from wardkeep.pack.doses_told import tell
from wardkeep.pack.high_risk import risk_of
from wardkeep.pack.medication_lines import in_doubt
from wardkeep.pack.medicines import given_elsewhere
from wardkeep.pack.timing_words import day_warning
from wardkeep.pack.unread import about
from wardkeep.web.board import bed_of
from wardkeep.web.doors import needs
from wardkeep.web.due import Due, DuesTold, told
from wardkeep.web.pages.quarantine import number
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in

_STANDING_ORDERS = {OrderState.ACTIVE, OrderState.HELD}
# What was stopped lately is asked about; older ones are in the summary of the hospital system.
_STOPPED_SHOWN = 3 * DAY
_RECENT_DOSES = DAY
_GIVEN = {DoseOutcome.GIVEN, DoseOutcome.PARTIAL}


class MarLine(msgspec.Struct, frozen=True, kw_only=True):
    """One order with its doses and, computed, its next; None is not known.

    `given` is the newest dose given, wholly or partly; `since` a newer one that was not.
    """

    order: MedicationOrder
    given: Dose | None
    since: Dose | None
    due: DuesTold
    elsewhere: tuple[str, ...] = ()
    """What asks whether it was given under another order, as paper says it."""
    risk: str = ""
    """The class of a high-risk drug and what must not be overlooked, as paper says them."""
    warning: str = ""
    ended: bool = False
    """Its end time has passed, though nobody stopped it."""


@get("/patient", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def patient_sheet(screen: Asked) -> Response[bytes]:
    """Show the patient of ?record=; recorded as a look."""
    asked = screen.parameter("record")
    patient = screen.deps.charts.patient(asked)
    if patient is None:
        raise NotFoundException
    screen.looked("patient sheet", [patient.record])
    return screen.page("patient.html", sheet(screen, _on_ward(screen, patient), asked))


def _on_ward(screen: Screen, patient: PatientChart) -> PatientChart:
    """Return the chart as its ward shows it: alike names are flagged among neighbours only."""
    here = patient.current
    if here is None or here.location is None:
        return patient
    neighbours = screen.deps.charts.ward(here.location.value.ward)
    return next((each for each in neighbours if each.record == patient.record), patient)


def sheet(screen: Screen, patient: PatientChart, asked: str) -> Mapping[str, object]:
    """Return what the template of the sheet shows."""
    here = patient.current
    ward = here.location.value.ward if here and here.location else ""
    return {
        "patient": patient,
        "here": here,
        "ward": ward,
        "bed": bed_of(patient),
        "asked": asked if asked != patient.record else "",
        "standing": standing_in(screen.deps.charts, screen.now, ward or None),
        "blocks": mar_blocks(screen, patient, ward),
        "stopped": [
            o for o in patient.orders if _lately_stopped(o, screen.now) and not in_doubt(o)
        ],
        "doubted": [o for o in patient.orders if in_doubt(o)],
        "recent": [d for d in patient.doses if 0 <= screen.now - d.at.at <= _RECENT_DOSES],
        "unread": _unread(screen, patient, ward),
        "stray": [d for d in patient.doses if not _ordered(d, patient)],
        "sources": screen.parameter("sources") == "1",
        "Stream": Stream,
        "computed": screen.deps.site.rules.compute_next_due,
    }


def _unread(screen: Screen, patient: PatientChart, ward: str) -> list[UnreadMessage]:
    """Return the messages of the last week about the patient that could not be read."""
    if not ward:
        return []
    return about(screen.deps.charts.unread(ward, screen.now - UNREAD_TOLD), patient)


def mar_blocks(
    screen: Screen, patient: PatientChart, ward: str
) -> dict[OrderKind, list[MarLine]]:
    """Return the standing orders by block, in the order of the chart."""
    now = screen.now
    ward_rules = screen.boards.due_rules(ward)
    dues: dict[str, list[Due]] = {}
    for due in screen.dues.dues_of(patient, ward_rules, now):
        dues.setdefault(due.order, []).append(due)
    blocks: dict[OrderKind, list[MarLine]] = {kind: [] for kind in OrderKind}
    for order in patient.orders:
        if order.state.value in _STANDING_ORDERS:
            mine = [d for d in patient.doses if d.order in {order.order, order.filler or None}]
            line = _line(screen, order, mine, told(dues.get(order.order, ()), now))
            asked = _elsewhere(screen, order, [d for d in patient.doses if d not in mine])
            blocks[order.kind].append(msgspec.structs.replace(line, elsewhere=asked))
    # What ended is not mixed with what runs: it stands last in its block.
    return {kind: sorted(lines, key=lambda line: line.ended) for kind, lines in blocks.items()}


def _line(
    screen: Screen, order: MedicationOrder, doses: Sequence[Dose], due: DuesTold
) -> MarLine:
    given = next((dose for dose in doses if dose.outcome in _GIVEN), None)
    newest = doses[0] if doses else None
    risk = risk_of(order)
    return MarLine(
        order=order,
        given=given,
        since=newest if newest is not given else None,
        due=due,
        risk=screen.pen.say(risk) if risk else "",
        warning=day_warning(order.timing.value, screen.pen),
        ended=ended_at(order, screen.deps.site.rules, screen.now) is not None,
    )


def _elsewhere(
    screen: Screen, order: MedicationOrder, others: Sequence[Dose]
) -> tuple[str, ...]:
    return tuple(
        screen.pen.say("GIVEN UNDER ANOTHER ORDER? {dose}", dose=tell(dose, screen.pen))
        for dose in given_elsewhere(order, others, screen.now)
    )


def _lately_stopped(order: MedicationOrder, now: int) -> bool:
    ended = order.state
    return ended.value not in _STANDING_ORDERS and now - ended.source.event <= _STOPPED_SHOWN


def _ordered(dose: Dose, patient: PatientChart) -> bool:
    return any(dose.order in {order.order, order.filler} for order in patient.orders)


@get("/message", opt=needs(Permission.SEE_RAW_MESSAGES), sync_to_thread=True)
def raw_message(screen: Asked) -> Response[bytes]:
    """Show the bytes of ?sequence= as they came; a look at everyone whom they name."""
    sequence = number(screen.parameter("sequence"))
    body = screen.deps.charts.raw(sequence) if sequence else None
    if body is None:
        return screen.page("no_message.html", {"sequence": str(sequence)}, status=404)
    # The address is in the reader's hand: whom the look is recorded for is read from the bytes.
    records = screen.deps.charts.spoken_of(sequence)
    why = "raw message" if records else "raw message, record not known"
    screen.looked(f"message {sequence}", records or [""], why)
    return screen.page(
        "message.html",
        {
            "sequence": sequence,
            "records": records,
            "size": len(body),
            "lines": lines_of(body),
        },
    )


# A page, not a download: what is longer is cut, and says so.
_LONGEST_SHOWN = 200_000


def lines_of(body: bytes) -> list[str]:
    """Return the message by segments, bytes that are no text in the sender's charset visible.

    HL7 v2.5.1 2.5.4: CR ends a segment. Bytes are shown as UTF-8 where they are, else as
    Latin-1; the charset named in MSH-18 is for reading, not for showing what came.
    """
    cut = body[:_LONGEST_SHOWN]
    try:
        text = cut.decode()
    except UnicodeDecodeError:
        text = cut.decode("latin-1")
    return text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
