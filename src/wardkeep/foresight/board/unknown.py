"""What nobody knows: what the map does not say, and what no forecast can."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

from wardkeep.foresight.board.paper import Reached, Taken, Unknown
from wardkeep.hospital.map.checks import check_map
from wardkeep.hospital.map.machines import BackupCopy, Server, Workstations
from wardkeep.hospital.map.outside import RemoteAccess, Supplier
from wardkeep.hospital.map.whole import HospitalMap

UNKNOWNS: tuple[str, ...] = (
    "likelihood",
    "harm",
    "data",
    "refused",
    "not-on-the-map",
    "leads-nowhere",
    "newer",
    "volume",
    "revenue",
    "patched",
    "second-factor",
    "proved",
    "notice",
    "shared-passwords",
)
"""Every code of `Unknown.what`, in the order of the page; the first three always stand."""


def unknown(
    whole: HospitalMap, found: Taken, unread: Sequence[str], today: dt.date
) -> tuple[Unknown, ...]:
    """Return what nobody knows of this hospital's attack, in the order of UNKNOWNS.

    `likelihood`: of an attack in a year; `harm`: what waiting does to patients; `data`: what is
    stolen and published. Then how many lines of files were not taken into the map, what is
    named and stands nowhere on it, which decisions a newer release wrote (`unread`), and how
    many things the map says nothing of.
    """
    checks = _found(whole, today)
    counted: dict[str, Sequence[str]] = {
        "not-on-the-map": checks.get("not-on-the-map", ()),
        "leads-nowhere": checks.get("leads-nowhere", ()),
        "newer": unread,
        "volume": found.uncounted,
        "revenue": found.unpriced,
        "patched": _unpatched(whole),
        "second-factor": [e.id for e in whole.of(RemoteAccess) if e.second_factor is None],
        "proved": [each.id for each in whole.of(BackupCopy) if not each.proved],
        "notice": [e.id for e in whole.of(Supplier) if e.notifies_within_hours is None],
        "shared-passwords": _passwords(found.neighbours),
    }
    always = [Unknown(what=each, count=1) for each in ("likelihood", "harm", "data")]
    refused = (Unknown(what="refused", count=whole.refused),) if whole.refused else ()
    return (
        *always,
        *refused,
        *(
            Unknown(what=what, count=len(names), named=tuple(names))
            for what, names in counted.items()
            if names
        ),
    )


def _found(whole: HospitalMap, today: dt.date) -> dict[str, list[str]]:
    """Return the ids of what the checks of the map found, by check."""
    told: dict[str, list[str]] = defaultdict(list)
    for each in check_map(whole, today):
        told[each.check].append(each.item.partition(":")[2])
    return told


def _unpatched(whole: HospitalMap) -> list[str]:
    servers = [each.id for each in whole.of(Server) if each.patched is None]
    return servers + [each.id for each in whole.of(Workstations) if each.patched is None]


def _passwords(neighbours: Sequence[Reached]) -> list[str]:
    return [each.neighbour for each in neighbours if each.share is None]
