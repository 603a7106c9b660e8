"""A small house in three files: a pattern to write one's own first map over.

Names and numbers are invented. What a first forecast needs stands in it: machines with their
segments, what runs on which server, services with what they need and what they do without it,
and one line of each thing that a paper is silent of where it is left out: a device, a supplier
and its access, a neighbour and what is exchanged with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_Table = Sequence[Mapping[str, object]]
_DOMAIN = "house.local"


def _server(name: str, tier: int, hours: float, after: str = "") -> Mapping[str, object]:
    return {
        "id": name,
        "segment": "servers",
        "domain": _DOMAIN,
        "tier": tier,
        "patched": "yes" if tier < 2 else "no",  # noqa: PLR2004  tier 2
        "watched": "no",
        "restore_hours": hours,
        "restored_after": after,
    }


SERVERS: _Table = (
    _server("dc1", 0, 6),
    _server("dc2", 0, 4),
    _server("files1", 1, 10, "dc1"),
    _server("record1", 1, 16, "dc1"),
    _server("record-db1", 1, 20, "dc1"),
    _server("lab1", 1, 14, "dc1"),
    _server("images1", 1, 24, "dc1"),
    _server("drugs1", 1, 12, "dc1"),
    _server("backup1", 0, 8, "dc1"),
    _server("canteen1", 2, 6, "dc1"),
)
WORKSTATIONS: _Table = (
    {
        "id": "office-pcs",
        "segment": "offices",
        "domain": _DOMAIN,
        "count": 120,
        "patched": "yes",
        "shared_administrator": "yes",
        "ward": "",
    },
    {
        "id": "ward-pcs",
        "segment": "wards",
        "domain": _DOMAIN,
        "count": 180,
        "patched": "yes",
        "shared_administrator": "yes",
        "ward": "A1",
    },
)
_APPLICATIONS: _Table = (
    {"id": "directory", "name": "Directory", "servers": "dc1;dc2", "servers_needed": 1},
    {
        "id": "record",
        "name": "Patient record",
        "servers": "record1;record-db1",
        "needs": "directory",
    },
    {
        "id": "laboratory-system",
        "name": "Laboratory system",
        "servers": "lab1",
        "needs": "directory",
        "supplier": "laboratory-firm",
    },
    {"id": "images", "name": "Image archive", "servers": "images1", "needs": "directory"},
    {"id": "prescriptions", "name": "Prescriptions", "servers": "drugs1", "needs": "directory"},
)
_SERVICES: _Table = (
    {"id": "emergency", "name": "Emergency", "role": "emergency", "a_day": 80, "euros": 210},
    {"id": "wards", "name": "Wards", "role": "wards", "a_day": 260, "euros": 480},
    {
        "id": "outpatients",
        "name": "Outpatients",
        "role": "outpatients",
        "a_day": 300,
        "euros": 62,
    },
    {
        "id": "laboratory",
        "name": "Laboratory",
        "role": "laboratory",
        "sort": "support",
        "a_day": 520,
        "euros": 38,
    },
    {
        "id": "imaging",
        "name": "Imaging",
        "role": "imaging",
        "sort": "support",
        "a_day": 140,
        "euros": 95,
    },
)
_NEEDS: _Table = (
    {"service": "emergency", "of": "record", "without": "degraded"},
    {"service": "wards", "of": "record;prescriptions", "without": "paper"},
    {"service": "outpatients", "of": "record", "without": "paper"},
    {"service": "laboratory", "of": "laboratory-system", "without": "paper"},
    {"service": "imaging", "of": "images", "without": "paper"},
)
_FALLBACKS: _Table = (
    {
        "service": "laboratory",
        "mode": "paper",
        "needs": "device:analysers",
        "share": 0.4,
        "holds_hours": 96,
        "share_after": 0.25,
    },
    {
        "service": "outpatients",
        "mode": "paper",
        "share": 0.6,
        "holds_hours": 120,
        "share_after": 0.4,
    },
)
_REACHES: _Table = (
    {"source": "offices", "target": "servers", "ports": "any"},
    {"source": "wards", "target": "servers", "ports": "any"},
    {"source": "offices", "target": "wards", "ports": "file"},
    {"source": "servers", "target": "devices", "ports": "management"},
)
_ACCOUNTS: _Table = (
    {
        "id": "domain-administrators",
        "domain": _DOMAIN,
        "tier": 0,
        "people": 3,
        "sessions": "workstations:office-pcs;server:files1",
        "administers": "segment:servers",
        "second_factor": "no",
    },
)
_SUPPLIERS: _Table = (
    {"id": "laboratory-firm", "name": "Firm of the laboratory", "notifies_within_hours": 24},
)
_ACCESSES: _Table = (
    {
        "id": "laboratory-tunnel",
        "name": "Tunnel of the laboratory's firm",
        "supplier": "laboratory-firm",
        "targets": "lab1",
        "standing": "yes",
        "second_factor": "no",
    },
)
_NEIGHBOURS: _Table = ({"id": "next-hospital", "name": "Next hospital", "beds": 200},)
_EXCHANGES: _Table = (
    {
        "id": "analyses-for-them",
        "neighbour": "next-hospital",
        "carries": "their special analyses",
        "channels": "dependency;disconnection",
        "ends_at": "application:laboratory-system",
        "can_be_cut": "yes",
        "when_cut": "by courier and telephone",
    },
)
_DEVICES: _Table = (
    {
        "id": "analysers",
        "name": "Analysers",
        "segment": "devices",
        "count": 6,
        "patchable": "no",
        "stands_alone": "yes",
    },
)
_BACKUPS: _Table = (
    {
        "id": "nightly",
        "of": ";".join(str(each["id"]) for each in SERVERS),
        "on": "backup1",
        "domain": _DOMAIN,
        "offline": "no",
        "immutable": "no",
    },
)


def workbook() -> Mapping[str, _Table]:
    """Return the sheets of the third file: what care needs, and what opens what."""
    return {
        "site": [{"id": "house", "name": "Our house"}],
        "segment": [
            {"id": each, "site": "house"} for each in ("servers", "offices", "wards", "devices")
        ],
        "application": _APPLICATIONS,
        "service": _SERVICES,
        "need": [{"id": f"{each['service']}-systems", **each} for each in _NEEDS],
        "fallback": [{"id": f"{each['service']}-on-paper", **each} for each in _FALLBACKS],
        "reach": [{"id": f"{each['source']} to {each['target']}", **each} for each in _REACHES],
        "account": _ACCOUNTS,
        "backup": _BACKUPS,
        "device": _DEVICES,
        "supplier": _SUPPLIERS,
        "access": _ACCESSES,
        "neighbour": _NEIGHBOURS,
        "exchange": _EXCHANGES,
    }
