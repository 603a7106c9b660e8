"""The sample hospital's map: of the size of the group that was struck, and as badly kept."""

from __future__ import annotations

import csv
import datetime as dt
import io
from functools import cache

from wardkeep.adapters.map_tables import read_csv
from wardkeep.hospital.map.care import Mode
from wardkeep.hospital.map.checks import check_map
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import KINDS, HospitalMap, Layer, merged
from wardkeep.sample.estate import tables


@cache
def whole() -> HospitalMap:
    layers = []
    for kind, rows in tables().items():
        text = io.StringIO()
        table = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
        table.writeheader()
        table.writerows(rows)
        read = read_csv(text.getvalue().encode(), KINDS[kind], TableMapping())
        assert not read.told, (kind, read.told)
        assert not read.not_used, (kind, read.not_used)
        layers.append(Layer(source="s", part=kind, rank=1, at=0, items=read.items))  # type: ignore[arg-type]
    return merged(layers)


def test_the_sample_has_200_servers_and_about_3000_machines() -> None:
    servers = list(whole().of(Server))
    others = [*whole().of(Workstations), *whole().of(Device)]
    assert len(servers) == 200
    assert 2_900 <= len(servers) + sum(each.count for each in others) <= 3_200


def test_all_that_the_sample_names_stands_on_its_map() -> None:
    missing = [
        each.item
        for each in check_map(whole(), dt.date(2022, 5, 14))
        if each.check in {"not-on-the-map", "disagreement"}
    ]
    assert missing == []


def test_without_its_windows_machines_the_sample_stands_as_the_struck_group_did() -> None:
    """What the group said on the day after 14 May 2022, service by service."""
    lost = [
        reference_to(each)
        for each in (*whole().of(Server), *whole().of(Workstations))
        if each.system.startswith("Windows")
    ]
    falls = {each.service: each for each in what_falls(whole(), lost).services}
    stands = {"usi-hr", "usi-va", "dialyse", "bloc-hr", "bloc-va", "coro", "urgences-hr"}
    for each in stands:  # "all the equipment ... is working"
        fall = falls.get(f"service:{each}")
        assert fall is None or fall.mode is Mode.DEGRADED, each
    # "the two services most impacted are radiology and the laboratory. But x-rays are still
    # possible, as are lab analyses although the latter take longer"
    for each in ("laboratoire", "imagerie-hr", "imagerie-va"):
        fall = falls[f"service:{each}"]
        assert fall.mode is Mode.DEGRADED
        assert fall.share is not None
        assert fall.share <= 0.5
    # "back-up systems make it possible to print the treatment"
    assert falls["service:hospitalisation"].mode is Mode.PAPER
    assert "imprimés" in falls["service:hospitalisation"].fallback
    # "the general telephone center is no longer accessible, but the direct numbers are"
    assert falls["service:standard"].fallback == "fallback:standard, lignes directes"


def test_the_sample_is_as_badly_kept_as_the_checks_are_for() -> None:
    checks = {each.check for each in check_map(whole(), dt.date(2022, 5, 14))}
    assert checks >= {
        "single-point",
        "no-fallback",
        "backup-in-reach",
        "no-backup",
        "standing-access",
        "one-factor",
        "no-notice",
        "policy-overdue",
    }
