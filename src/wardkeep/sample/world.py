"""What there is to know of each patient, as far as a system has told it.

The world holds what a reader who loses nothing must know. A happening puts its knowledge here
when its message is sent, so a late message is known late. Nothing is read back from messages.
"""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

import msgspec

from wardkeep.chart.model import (
    Allergy,
    Appointment,
    BedMove,
    CodeStatus,
    Dose,
    EncounterState,
    Identifier,
    Location,
    Measure,
    MedicationOrder,
    NextOfKin,
    OrderState,
    PendingOrder,
    PendingSpecimen,
    Problem,
    Report,
    Result,
    Source,
    Telephone,
    Value,
)
from wardkeep.kernel.times import Moment
from wardkeep.sample.names import PersonNames

T = TypeVar("T")


class Latest(msgspec.Struct, Generic[T]):
    """The newest thing told of what changes: by when it happened, then was written."""

    told: Value[T] | None = None

    def hear(self, value: T, source: Source) -> None:
        """Take the value unless a later one is known."""
        known = self.told
        if known is None or (known.source.event, known.source.sent) <= (
            source.event,
            source.sent,
        ):
            self.told = Value(value, source)


class Stay(msgspec.Struct, kw_only=True, eq=False):
    """One encounter: first what is true in the house, then what was told of it."""

    visit: str
    bed: Location
    care: str
    attending: str
    reason: str
    admitted_at: int
    leaves_at: int
    open: bool = True
    away: bool = False
    pinned: bool = False
    """True for those whom the sample shows: they keep their bed."""
    owner: Person | None = None
    """Under whose record messages about this stay are sent now."""
    told: bool = False
    patient_class: str = "I"
    state: Latest[EncounterState] = msgspec.field(default_factory=Latest)
    moves: list[BedMove] = []
    admitted: Latest[Moment] = msgspec.field(default_factory=Latest)
    discharged: Latest[Moment] = msgspec.field(default_factory=Latest)
    expected: Latest[Moment] = msgspec.field(default_factory=Latest)


class Series(msgspec.Struct, kw_only=True):
    """One analysis: results by their filler number."""

    code: str
    text: str
    system: str
    specimen: str
    results: dict[str, Result] = {}


class TreatmentTold(msgspec.Struct, kw_only=True):
    """A medication order as told: its lines, and where it stands."""

    line: Latest[MedicationOrder] = msgspec.field(default_factory=Latest)
    state: Latest[OrderState] = msgspec.field(default_factory=Latest)
    stopped: Source | None = None
    replaced: Source | None = None
    replaced_by: str = ""


class Person(msgspec.Struct, kw_only=True, eq=False):
    """Somebody with a record number."""

    record: str
    names: PersonNames
    born: date
    sex: str
    identifiers: tuple[Identifier, ...]
    telephones: tuple[Telephone, ...]
    kin: tuple[NextOfKin, ...]
    pid: str
    """The PID and NK1 segments, escaped, as ADT sends them."""
    nk1: tuple[str, ...]
    true_allergies: tuple[Allergy, ...] | None
    """None: nobody has asked; empty: none known."""
    true_problems: tuple[Problem, ...]
    true_weight: float
    said: Source | None = None
    dead: Value[Moment] | None = None
    said_aside: bool = False
    """True while only departments, not admissions, have told of the person."""
    merged_into: Person | None = None
    merged_from: list[Person] = []
    stays: dict[str, Stay] = {}
    allergies: dict[tuple[str, str], Allergy] = {}
    """By feed and code of the substance."""
    none_known: dict[str, Source] = {}
    problems: dict[str, Problem] = {}
    code_status: dict[str, CodeStatus] = {}
    """By visit."""
    isolation: Latest[str] = msgspec.field(default_factory=Latest)
    diet: Latest[str] = msgspec.field(default_factory=Latest)
    weight: Latest[Measure] = msgspec.field(default_factory=Latest)
    orders: dict[str, TreatmentTold] = {}
    doses: dict[str, Dose] = {}
    undone: set[str] = set()
    """Doses that were charted in error."""
    series: dict[str, Series] = {}
    reports: dict[str, Report] = {}
    requests: dict[str, PendingOrder] = {}
    specimens: dict[str, PendingSpecimen] = {}
    finished: set[str] = set()
    """Requests with a final result."""
    appointments: dict[str, Latest[Appointment]] = {}

    def one(self) -> Person:
        """Return the person under whose record this one is known now."""
        person = self
        while person.merged_into is not None:
            person = person.merged_into
        return person

    def take_over(self, old: Person) -> None:
        """Keep what is known of `old` here, but what was said of its own record."""
        old.merged_into = self
        self.merged_from += [old, *old.merged_from]
        self.stays |= old.stays
        self.problems = old.problems | self.problems
        self.orders |= old.orders
        self.doses |= old.doses
        self.undone |= old.undone
        self.reports |= old.reports
        self.requests |= old.requests
        self.specimens |= old.specimens
        self.finished |= old.finished
        self.appointments |= old.appointments
        for code, series in old.series.items():
            mine = self.series.setdefault(code, series)
            if mine is not series:
                mine.results |= series.results
        self._hear_all(old)

    def hear_allergy(self, allergy: Allergy) -> None:
        """Take an allergy that a feed lists, unless a later list of that feed is known."""
        key = (allergy.source.feed, allergy.substance.code)
        known = self.allergies.get(key)
        if known is None or known.source.event <= allergy.source.event:
            self.allergies[key] = allergy

    def hear_none_known(self, source: Source) -> None:
        """Take the statement that no allergy is known."""
        known = self.none_known.get(source.feed)
        if known is None or known.event <= source.event:
            self.none_known[source.feed] = source

    def _hear_all(self, old: Person) -> None:
        for mine, other in ((self.isolation, old.isolation), (self.diet, old.diet)):
            if other.told is not None:
                mine.hear(other.told.value, other.told.source)
        if old.weight.told is not None:
            self.weight.hear(old.weight.told.value, old.weight.told.source)
