"""The ward board: who lies here, one line a patient."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException

from wardkeep.access.permission import Permission
from wardkeep.chart.model import (
    Allergies,
    CodeStatus,
    EncounterState,
    Flag,
    PatientChart,
    PersonName,
)
from wardkeep.chart.ports import WardSummary
from wardkeep.hospital.site import Ward
from wardkeep.hospital.streams import Stream
from wardkeep.web.doors import needs
from wardkeep.web.due import Due
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_of

# More rows than this are set closer, so that forty fit on a screen of 1080 lines.
_MANY = 22


class BoardRow(msgspec.Struct, frozen=True, kw_only=True):
    """One patient on the board; None is NOT RECORDED. `code_status` newest first."""

    record: str
    bed: str
    name: PersonName | None
    born: str | None
    sex: str | None
    allergies: Allergies
    isolation: str | None
    code_status: tuple[CodeStatus, ...]
    on_leave: bool
    dues: tuple[Due, ...]
    flags: tuple[Flag, ...]


@get("/ward", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def ward_board(screen: Asked) -> Response[bytes]:
    """Show the ward of ?code=; recorded as a look at everyone on it."""
    code = screen.parameter("code")
    charts = screen.deps.charts
    patients = charts.ward(code)
    summary = next((ward for ward in charts.wards() if ward.ward == code), None)
    declared = declared_ward(screen, code)
    if summary is None and declared is None and not patients:
        raise NotFoundException
    screen.looked("ward board", (p.record for p in patients), f"ward {code}")
    return screen.page(
        "ward.html",
        {
            "ward": summary or WardSummary(ward=code),
            "paper": screen.deps.packs.made().get(code),
            "standing": standing_of(charts.streams(screen.now, code)),
            "rows": board_rows(screen, patients, declared),
            "dense": len(patients) > _MANY,
            "empty_beds": empty_beds(patients, declared),
            "computed": screen.deps.site.rules.compute_next_due
            and (declared is None or declared.next_due),
            "Stream": Stream,
        },
    )


def declared_ward(screen: Screen, code: str) -> Ward | None:
    """Return what the site says of the ward, if it says anything."""
    return next((ward for ward in screen.deps.site.wards if ward.code == code), None)


def board_rows(
    screen: Screen, patients: Sequence[PatientChart], declared: Ward | None
) -> list[BoardRow]:
    """Return one row a patient, in the order given."""
    return [_row(screen, patient, declared) for patient in patients]


def _row(screen: Screen, patient: PatientChart, declared: Ward | None) -> BoardRow:
    here = patient.current
    return BoardRow(
        record=patient.record,
        bed=bed_of(patient),
        name=patient.name.value if patient.name else None,
        born=patient.birth_date.value if patient.birth_date else None,
        sex=patient.sex.value if patient.sex else None,
        allergies=patient.allergies,
        isolation=patient.isolation.value if patient.isolation else None,
        code_status=patient.code_status,
        on_leave=here is not None and here.state.value is EncounterState.ON_LEAVE,
        dues=screen.web.dues.dues_of(patient, screen.deps.site.rules, declared, screen.now),
        flags=all_flags(patient),
    )


def bed_of(patient: PatientChart) -> str:
    """Return "412-1", room and bed as sent, "" where neither was."""
    here = patient.current
    if here is None or here.location is None:
        return ""
    place = here.location.value
    return "-".join(part for part in (place.room, place.bed) if part)


def all_flags(patient: PatientChart) -> tuple[Flag, ...]:
    """Return the flags of the patient and of the orders that stand, each kind once."""
    flags = [*patient.flags]
    for order in patient.orders:
        if order.state.value in {"active", "held"}:
            flags += order.flags
    return tuple({flag.kind: flag for flag in sorted(flags)}.values())


def empty_beds(patients: Sequence[PatientChart], declared: Ward | None) -> tuple[str, ...]:
    """Return the declared beds that nobody is recorded in."""
    if declared is None:
        return ()
    taken = {bed_of(patient) for patient in patients}
    taken |= {
        p.current.location.value.bed for p in patients if p.current and p.current.location
    }
    return tuple(bed for bed in declared.beds if bed not in taken)


@get("/ward/pack", opt=needs(Permission.SEE_PATIENTS), sync_to_thread=True)
def ward_pack(screen: Asked) -> Response[bytes]:
    """Send the newest pack of ?code= as PDF; a page says so when none was made yet."""
    code = screen.parameter("code")
    pack = screen.deps.packs.latest(code)
    if pack is None:
        return screen.page("no_pack.html", {"code": code}, status=404)
    patients = screen.deps.charts.ward(code)
    screen.looked("ward pack", (p.record for p in patients), f"ward {code}")
    return Response(pack.pdf, media_type="application/pdf", headers=_inline(code))


def _inline(code: str) -> dict[str, str]:
    safe = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in code)
    return {"content-disposition": f'inline; filename="ward-{safe}.pdf"'}
