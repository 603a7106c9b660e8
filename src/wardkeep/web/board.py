"""The board of a ward as rows, kept until something on the ward changes."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.freshness import carries
from wardkeep.chart.model import (
    Allergies,
    CodeStatus,
    EncounterState,
    Flag,
    PatientChart,
    PersonName,
)
from wardkeep.chart.ports import Charts, Unread, WardSummary
from wardkeep.chart.schedule import ended_at
from wardkeep.chart.values import Location
from wardkeep.hospital.site import Rules, Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.contents import UNREAD_TOLD
from wardkeep.pack.high_risk import drugs_by_risk
from wardkeep.pack.medicines import stands
from wardkeep.pack.unread import about
from wardkeep.web.due import DueBook, DueRules, DuesTold, told

# However rarely a ward changes, its rows are read anew each minute: a store that was rebuilt
# may count its changes from the beginning.
_LONGEST_KEPT = MINUTE
_MOST_KEPT = 200


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
    due: DuesTold
    has_orders: bool
    flags: tuple[Flag, ...]
    risks: tuple[str, ...] = ()
    """The classes of the high-risk drugs that stand, whenever they are next due."""
    unread: int = 0
    """How many messages about the patient could not be read lately."""


class Board(msgspec.Struct, frozen=True):
    """A ward's rows in the order of its beds, and its declared beds without a patient."""

    rows: tuple[BoardRow, ...]
    empty_beds: tuple[str, ...]


class Boards:
    """Boards of all wards, made when asked for and kept while their ward stands still."""

    def __init__(self, charts: Charts, site: Site, dues: DueBook) -> None:
        self._charts, self._site, self._dues = charts, site, dues
        self._kept: dict[str, tuple[int, int, Board]] = {}

    def board(self, code: str, summary: WardSummary | None, now: int) -> Board:
        """Return the ward's board; `summary` is the ward as it stands, None where unknown."""
        changed = summary.changed if summary else None
        kept = self._kept.get(code)
        if kept is not None and kept[0] == changed and kept[1] - _LONGEST_KEPT <= now < kept[1]:
            return kept[2]
        board = self._made(code, now)
        if changed is not None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            coming = [row.due.coming for row in board.rows if row.due.coming is not None]
            until = min([now + _LONGEST_KEPT, *coming])
            self._kept[code] = (changed, until, board)
        return board

    def _made(self, code: str, now: int) -> Board:
        ward = self.due_rules(code)
        patients = self._charts.ward(code)
        unread = self._charts.unread(code, now - UNREAD_TOLD)
        rows = tuple(self._row(patient, ward, unread, now) for patient in patients)
        return Board(rows, empty_beds(patients, ward.declared))

    def due_rules(self, code: str) -> DueRules:
        """Return what holds for the doses of a ward."""
        return DueRules(
            rules=self._site.rules,
            declared=self.declared(code),
            fed=self.doses_fed(code),
        )

    def declared(self, code: str) -> Ward | None:
        """Return what the site says of the ward, if it says anything."""
        return next((ward for ward in self._site.wards if ward.code == code), None)

    def doses_fed(self, code: str) -> bool:
        """Say whether any feed carries the doses given to the ward."""
        return any(carries(feed, Stream.DOSES_GIVEN, code) for feed in self._site.feeds)

    def _row(self, patient: PatientChart, ward: DueRules, unread: Unread, now: int) -> BoardRow:
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
            due=told(self._dues.dues_of(patient, ward, now), now),
            has_orders=bool(patient.orders),
            flags=all_flags(patient),
            risks=risks_of(patient, ward.rules, now),
            unread=len(about(unread, patient)),
        )


def bed_of(patient: PatientChart) -> str:
    """Return "412-1", room and bed as sent, "" where neither was."""
    here = patient.current
    return bed_at(here.location.value if here and here.location else None)


def bed_at(place: Location | None) -> str:
    """Return "412-1" of a place, "" where it is none or has neither."""
    return "-".join(part for part in (place.room, place.bed) if part) if place else ""


def risks_of(patient: PatientChart, rules: Rules, now: int) -> tuple[str, ...]:
    """Return the classes of the high-risk drugs that stand, as the ward sheet lists them."""
    standing = (o for o in patient.orders if stands(o, ended_at(o, rules, now)))
    return tuple(drugs_by_risk(standing))


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
