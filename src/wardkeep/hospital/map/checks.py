"""What is wrong with an estate as its map tells it: found, ranked and explained."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from wardkeep.hospital.map.care import LOST, Fallback, Need, Service
from wardkeep.hospital.map.falls import ServiceFall, what_falls
from wardkeep.hospital.map.item import Item, named_in, reference_to
from wardkeep.hospital.map.leading import Meant, empty_segments, leading_nowhere
from wardkeep.hospital.map.machines import Application, BackupCopy, Server
from wardkeep.hospital.map.outside import RemoteAccess, Supplier
from wardkeep.hospital.map.people import Policy
from wardkeep.hospital.map.restore_circles import (
    Circle,
    copies_in_circles,
    copies_on,
    stated_circles,
)
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wording import N_, Wording

Check = Literal[
    "single-point",
    "no-fallback",
    "no-backup",
    "backup-in-reach",
    "restore-circle",
    "backup-unproved",
    "standing-access",
    "one-factor",
    "no-notice",
    "not-on-the-map",
    "leads-nowhere",
    "disagreement",
    "orphan",
    "no-owner",
    "policy-overdue",
]
RANKS: dict[Check, int] = {
    "single-point": 1,
    "no-fallback": 1,
    "no-backup": 1,
    "backup-in-reach": 1,
    "restore-circle": 1,
    "standing-access": 1,
    "backup-unproved": 2,
    "one-factor": 2,
    "not-on-the-map": 2,
    "leads-nowhere": 2,
    "no-notice": 3,
    "disagreement": 3,
    "policy-overdue": 3,
    "orphan": 3,
    "no-owner": 3,
}
"""1: care stands on it today; 2: an attack finds it open; 3: nobody may know whom to ask."""
PROOF_HOLDS_DAYS = 92
"""A restore that was proved longer ago counts as unproved: a quarter (an expert's guess)."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: with which item, how badly, why, and whom it concerns."""

    check: Check
    rank: int
    item: str
    why: Wording
    patients_a_day: float = 0.0


def check_map(whole: HospitalMap, today: dt.date) -> tuple[Finding, ...]:
    """Return all that is wrong, what concerns most patients first within each rank."""
    found = [
        *_single_points(whole),
        *_without_fallback(whole),
        *_backups(whole, today),
        *_circles(whole),
        *_outside(whole),
        *_missing(whole),
        *_nowhere(whole),
        *_unowned(whole),
        *_overdue(whole, today),
        *_disagreeing(whole),
    ]
    return tuple(
        sorted(found, key=lambda each: (each.rank, -each.patients_a_day, each.check, each.item))
    )


def _finding(check: Check, item: str, why: Wording, patients: float = 0.0) -> Finding:
    return Finding(check=check, rank=RANKS[check], item=item, why=why, patients_a_day=patients)


def _single_points(whole: HospitalMap) -> Iterator[Finding]:
    """Yield what alone, when it falls, closes or diverts a service.

    A server that takes only its application with it is told with the application.
    """
    stops = {each: _stopped_by(whole, each) for each in whole.of(Application)}
    told = {reference_to(each) for each, lost in stops.items() if lost}
    for application, lost in stops.items():
        if lost:
            one = len(application.servers) > 1 and application.servers_needed in {
                None,
                len(application.servers),
            }
            yield _single_point(whole, application, lost, len(application.servers) * one)
    for server in whole.of(Server):
        named = whole.named_from.get(reference_to(server), ())
        carries = any(field == "host" for field, _ in named)
        applications = {namer for field, namer in named if field == "servers"}
        if not carries and applications and applications <= told:
            continue
        if lost := _stopped_by(whole, server):
            yield _single_point(whole, server, lost, 0)


def _stopped_by(whole: HospitalMap, item: Item) -> list[ServiceFall]:
    falls = what_falls(whole, [reference_to(item)]).services
    return [fall for fall in falls if fall.mode in LOST]


def _single_point(
    whole: HospitalMap, item: Item, lost: Sequence[ServiceFall], any_of: int
) -> Finding:
    """Return the finding; `any_of` so many servers takes it with it, 0: that is not so."""
    names = ", ".join(_name(whole, fall.service) for fall in lost)
    patients = sum(fall.patients_a_day or 0 for fall in lost)
    words = (
        N_("alone it stops %(services)s: the loss of any one of its %(n)s servers stops it")
        if any_of
        else N_("alone it stops %(services)s")
    )
    why = Wording(words, {"services": names, "n": any_of})
    return _finding("single-point", reference_to(item), why, patients)


def _without_fallback(whole: HospitalMap) -> Iterator[Finding]:
    stopping = {each.service for each in whole.of(Need) if each.without in LOST}
    helped = {each.service for each in whole.of(Fallback)}
    for each in whole.of(Service):
        if each.id in stopping - helped:
            why = Wording(N_("it stops without what it needs, and has nothing to fall back on"))
            yield _finding("no-fallback", reference_to(each), why, each.patients_a_day or 0)


def _backups(whole: HospitalMap, today: dt.date) -> Iterator[Finding]:
    saved = {ref for each in whole.of(BackupCopy) for ref in _saved(each)}
    for server in whole.of(Server):
        if reference_to(server) not in saved and not _application_saved(whole, server, saved):
            why = Wording(N_("no copy of it is on the map"))
            yield _finding("no-backup", reference_to(server), why)
    domains = {reference_to(each): each.domain for each in whole.of(Server)}
    for each in whole.of(BackupCopy):
        reference = reference_to(each)
        same = each.domain and each.domain in {domains.get(ref, "") for ref in _saved(each)}
        if same and not (each.offline or each.immutable):
            words = N_("administrators of %(domain)s, whose servers it saves, can delete it")
            why = Wording(words, {"domain": each.domain})
            yield _finding("backup-in-reach", reference, why)
        if not _proved(each, today):
            yield _finding("backup-unproved", reference, _unproved(each))


def _circles(whole: HospitalMap) -> Iterator[Finding]:
    """Yield what would wait for itself if all servers were lost, told at one of each circle.

    Copies that lie on what is on no map are taken for readable: a finding of its own tells it.
    """
    servers = [reference_to(each) for each in whole.of(Server)]
    number = {each: place for place, each in enumerate(servers)}
    lies_on = copies_on(whole, number)
    stated = [
        _numbers(named_in(whole.items[each], "host", "restored_after"), number)
        for each in servers
    ]
    options = [_holders(lies_on.get(each, ()), number) for each in servers]
    for circle in stated_circles(stated):
        words = N_(
            "each of these waits for the next, as the map says: %(circle)s; none of them can be"
            " restored first"
        )
        yield _in_circle(whole, servers, circle, words)
    for given_up in copies_in_circles(stated, options):
        for circle in given_up.values():
            words = (
                N_(
                    "its copies can be read only after it: %(circle)s, each waits for the next;"
                    " if all are lost, it comes back without a copy"
                )
                if len(circle) > 1
                else N_("its copies lie on itself: if it is lost, it comes back without them")
            )
            yield _in_circle(whole, servers, circle, words)


def _in_circle(
    whole: HospitalMap, servers: Sequence[str], circle: Circle, words: str
) -> Finding:
    names = [_name(whole, servers[each]) for each in (*circle, circle[0])]
    why = Wording(words, {"circle": " > ".join(names)})
    return _finding("restore-circle", servers[circle[0]], why)


def _holders(on: Iterable[str], number: Mapping[str, int]) -> list[frozenset[int]]:
    holders = sorted(on)
    if not all(each in number for each in holders):
        return []
    return [frozenset((number[each],)) for each in holders]


def _numbers(references: Iterable[str], number: Mapping[str, int]) -> frozenset[int]:
    return frozenset(number[each] for each in references if each in number)


def _unproved(copy: BackupCopy) -> Wording:
    if copy.proved:
        return Wording(N_("last proved on %(day)s by restoring it"), {"day": copy.proved})
    return Wording(N_("never proved by restoring it"))


def _saved(copy: BackupCopy) -> tuple[str, ...]:
    return tuple(each if ":" in each else f"server:{each}" for each in copy.of)


def _application_saved(whole: HospitalMap, server: Server, saved: set[str]) -> bool:
    named = whole.named_from.get(reference_to(server), ())
    return any(field == "servers" and namer in saved for field, namer in named)


def _proved(copy: BackupCopy, today: dt.date) -> bool:
    day = _day(copy.proved)
    return day is not None and (today - day).days <= PROOF_HOLDS_DAYS


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _outside(whole: HospitalMap) -> Iterator[Finding]:
    for access in whole.of(RemoteAccess):
        if access.standing is not False:
            words = (
                N_("the access of %(who)s is always open")
                if access.standing
                else N_("the access of %(who)s may always be open: NOT RECORDED")
            )
            who = next(iter(named_in(access, "supplier")), reference_to(access))
            why = Wording(words, {"who": _name(whole, who)})
            yield _finding("standing-access", reference_to(access), why)
        if access.second_factor is not True:
            words = (
                N_("second factor: one factor opens it")
                if access.second_factor is False
                else N_("second factor: NOT RECORDED")
            )
            yield _finding("one-factor", reference_to(access), Wording(words))
    for supplier in whole.of(Supplier):
        if supplier.notifies_within_hours is None:
            words = N_("no duty to tell of an incident is recorded (NIS2, article 21(2)(d))")
            yield _finding("no-notice", reference_to(supplier), Wording(words))


def _missing(whole: HospitalMap) -> Iterator[Finding]:
    meant = Meant(whole)
    for target in sorted(whole.named_from.keys() - whole.items.keys()):
        if not target.startswith("person:"):
            namers = [namer for _, namer in whole.named_from[target]]
            other = meant.by(target)
            said: dict[str, str | int] = {
                "who": namers[0],
                "n": len(namers) - 1,
                "other": other,
            }
            why = Wording(_missing_words(several=len(namers) > 1, hint=bool(other)), said)
            yield _finding("not-on-the-map", target, why)


def _missing_words(*, several: bool, hint: bool) -> str:
    if several and hint:
        return N_("%(who)s and %(n)s more name it; %(other)s is on the map: write %(other)s")
    if several:
        return N_("%(who)s and %(n)s more name it")
    if hint:
        return N_("%(who)s names it; %(other)s is on the map: write %(other)s")
    return N_("%(who)s names it")


def _nowhere(whole: HospitalMap) -> Iterator[Finding]:
    """Yield what leads to no machine: a forecast takes nothing behind it."""
    for reference in leading_nowhere(whole):
        words = (
            N_("no target of it is recorded: it reads as safe and is only not recorded")
            if not named_in(whole.items[reference], "targets", "ends_at")
            else N_(
                "no machine is recorded where it leads: a forecast finds nothing to take"
                " behind it; it reads as safe and is only not recorded"
            )
        )
        yield _finding("leads-nowhere", reference, Wording(words))
    for reference, who in empty_segments(whole):
        words = N_(
            "%(who)s leads there, and no machine of it is recorded: a forecast finds nothing"
            " to take in it; it reads as safe and is only not recorded"
        )
        yield _finding("leads-nowhere", reference, Wording(words, {"who": who}))


def _unowned(whole: HospitalMap) -> Iterator[Finding]:
    used = {"servers", "needs", "of", "host", "on", "controllers", "restored_after", "ends_at"}
    for server in whole.of(Server):
        named = whole.named_from.get(reference_to(server), ())
        if not any(field in used for field, _ in named):
            words = N_("no application, service, copy or machine is said to need it")
            yield _finding("orphan", reference_to(server), Wording(words))
    owned: tuple[type[Item], ...] = (Server, Application, Service, BackupCopy)
    for kind in owned:
        for each in whole.of(kind):
            if not each.owner:
                why = Wording(N_("nobody answers for it"))
                yield _finding("no-owner", reference_to(each), why)


def _overdue(whole: HospitalMap, today: dt.date) -> Iterator[Finding]:
    for each in whole.of(Policy):
        day = _day(each.review)
        if day is None or day < today:
            words = (
                N_("review was due on %(day)s") if day else N_("no day of review is recorded")
            )
            why = Wording(words, {"day": each.review})
            yield _finding("policy-overdue", reference_to(each), why)


def _disagreeing(whole: HospitalMap) -> Iterator[Finding]:
    for each in whole.disagreements:
        words = N_("%(field)s: '%(kept)s' by %(first)s, '%(other)s' by %(second)s")
        said = {"field": each.field, "kept": each.kept, "first": each.kept_from}
        why = Wording(words, {**said, "other": each.other, "second": each.other_from})
        yield _finding("disagreement", each.item, why)


def _name(whole: HospitalMap, reference: str) -> str:
    item = whole.items.get(reference)
    return (item and item.name) or reference
