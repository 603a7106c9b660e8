"""What the house decided after forecasts, read from and written to the operations ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.foresight.errors import FundingError
from wardkeep.foresight.events import (
    NAMES,
    PART,
    ForesightEvent,
    RiskAcceptanceWithdrawn,
    RiskAccepted,
    RiskEvent,
    RoadMapEvent,
    decode,
    encode,
)
from wardkeep.foresight.governance.funding import (
    LONGEST_FILE,
    FundingCall,
    read_calls,
    refuse_not_yet_looked_up,
)
from wardkeep.foresight.governance.risk import Acceptances
from wardkeep.foresight.governance.risk import fold as fold_risks
from wardkeep.foresight.governance.road_map import RoadMap
from wardkeep.foresight.governance.road_map import fold as fold_road_map
from wardkeep.kernel.wall_clock import local
from wardkeep.ledger.encoding import OperationsEvent

_NO_DECISION = "MapImported"


class Decisions(NamedTuple):
    """What is accepted and planned now, and the names of events that a newer release wrote."""

    risks: Acceptances
    road: RoadMap
    unread: tuple[str, ...]


def decided(folder: HospitalFolder, ring: KeyRing) -> Decisions:
    """Return what is accepted and planned now.

    An event of a newer release is passed over and named: it must not stop what is known.
    Raises StoreFailedError and ForesightEventError.
    """
    risks: list[RiskEvent] = []
    road: list[RoadMapEvent] = []
    unread: dict[str, None] = {}
    for entry in _entries(folder, ring):
        tag = f"{entry.name}.v{entry.version}"
        if entry.name == _NO_DECISION:
            continue
        if tag not in NAMES:
            unread[tag] = None
            continue
        event = decode(entry.body)
        if isinstance(event, RiskAccepted | RiskAcceptanceWithdrawn):
            risks.append(event)
        elif isinstance(event, RoadMapEvent):
            road.append(event)
    return Decisions(fold_risks(risks), fold_road_map(road, zone_of(folder)), tuple(unread))


def _entries(folder: HospitalFolder, ring: KeyRing) -> Iterator[OperationsEvent]:
    ledger, sequence = read_operations(folder.operations, ring), 0
    try:
        while found := ledger.after(sequence, PART):
            yield from (entry for _, entry in found)
            sequence = found[-1][0]
    finally:
        ledger.close()


def write(folder: HospitalFolder, ring: KeyRing, events: Sequence[ForesightEvent]) -> None:
    """Make decisions durable, signed with the site's key, by the running server or its lock.

    Raises StoreFailedError, StoreLockedError, RefusedByServerError.
    """
    record(folder, ring, PART, [encode(each) for each in events])


def today(folder: HospitalFolder) -> dt.date:
    """Return the day that it is at the site."""
    return local(now(), zone_of(folder)).date()


def zone_of(folder: HospitalFolder) -> ZoneInfo:
    """Return the zone on whose clock the site writes its days."""
    return ZoneInfo(load_site(folder).rules.timezone)


def shipped_calls() -> str:
    """Return the funding calls that come along, as the text of a file."""
    source = files("wardkeep.foresight.governance") / "funding_calls.toml"
    return source.read_text("utf-8")


def funding_calls(
    folder: HospitalFolder,
) -> tuple[tuple[FundingCall, ...], Literal["site", "shipped"]]:
    """Return the site's calls, or those that come along; raises FundingError with the file."""
    if not folder.funding.exists():
        return read_calls(shipped_calls()), "shipped"
    try:
        with folder.funding.open("rb") as stream:
            content = stream.read(LONGEST_FILE + 1)
        found = read_calls(content.decode("utf-8"))
        refuse_not_yet_looked_up(found, today(folder))
    except OSError as fault:
        raise FundingError(f"{folder.funding} cannot be read: {fault.strerror}") from fault
    except UnicodeDecodeError as fault:
        raise FundingError(f"{folder.funding} is not UTF-8 (byte {fault.start})") from fault
    except FundingError as fault:
        raise FundingError(f"{folder.funding}: {fault}") from fault
    return found, "site"
