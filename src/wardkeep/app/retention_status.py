"""Tells what of the ledgers is kept, due and erased, and places or lifts the hold."""

from __future__ import annotations

import msgspec

from wardkeep.adapters.clinical_store import CLINICAL
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import ACCESS
from wardkeep.adapters.period_erasing import periods_of
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.retention_round import events_of, state_of
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.kernel.wall_clock import utc
from wardkeep.ledger import retention, witness
from wardkeep.ledger.retention import HoldLifted, HoldPlaced
from wardkeep.ledger.witness import PeriodErased


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """One ledger: how long it is kept, its first and last period, and those that are due."""

    ledger: str
    kept: str
    first: str
    last: str
    due: list[str]
    erased_through: int


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What `wardkeep retention status --json` prints; texts are empty where nothing is."""

    held_since: str
    held_why: str
    ledgers: list[Kept]


def status_of(folder: HospitalFolder, now: int) -> Status:
    """Return the retention of a folder; raises KeyMissingError, LedgerFaultError."""
    ring, kept = open_keys(folder), load_site(folder).retention
    hold = state_of(folder, ring).hold
    days, months = periods_of(folder.clinical), periods_of(folder.access)
    erased = _erased(folder, ring)
    clinical = Kept(
        ledger=CLINICAL,
        kept=f"{kept.clinical_days} days",
        first=days[0] if days else "",
        last=days[-1] if days else "",
        due=retention.days_due(days, now, kept.clinical_days),
        erased_through=erased.get(CLINICAL, 0),
    )
    access = Kept(
        ledger=ACCESS,
        kept=f"{kept.access_months} months",
        first=months[0] if months else "",
        last=months[-1] if months else "",
        due=retention.months_due(months, now, kept.access_months),
        erased_through=erased.get(ACCESS, 0),
    )
    return Status(
        held_since="" if hold is None else _text(hold.at),
        held_why="" if hold is None else hold.why,
        ledgers=[clinical, access],
    )


def hold(folder: HospitalFolder, why: str, now: int, by: str) -> None:
    """Stop all erasing; raises HoldError."""
    ring = open_keys(folder)
    _record(folder, ring, retention.place_hold(state_of(folder, ring), why, now, by))


def release(folder: HospitalFolder, why: str, now: int, by: str) -> None:
    """Let what is due be erased again; raises HoldError."""
    ring = open_keys(folder)
    _record(folder, ring, retention.lift_hold(state_of(folder, ring), why, now, by))


def _record(folder: HospitalFolder, ring: KeyRing, event: HoldPlaced | HoldLifted) -> None:
    record(folder, ring, retention.PART, [retention.encode(event)])


def _erased(folder: HospitalFolder, ring: KeyRing) -> dict[str, int]:
    erased = {}
    for event in events_of(folder, ring, witness.ERASURES):
        said = witness.from_event(event)
        if isinstance(said, PeriodErased):
            erased[said.through.ledger] = said.through.sequence
    return erased


def _text(at: int) -> str:
    return utc(at)
