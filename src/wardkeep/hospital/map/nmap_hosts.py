"""The hosts of an nmap scan as machines of the map, and of which kind each of them is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from wardkeep.hospital.map.found import Found, MachineKind, as_mapped, kind_by_system, place
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.reading import Leftovers, Reading
from wardkeep.hospital.map.table import TableMapping

# Ports by IANA's registry of service names. DICOM, DICOM over TLS, HL7 MLLP.
CLINICAL_PORTS = frozenset({104, 2575, 2761, 2762, 11112})
# DNS, Kerberos, LDAP, mail, NFS, databases, vCenter, iSCSI, global catalogue, Exchange.
SERVER_PORTS = frozenset(
    {25, 53, 88, 111, 143, 389, 464, 587, 636, 902, 993, 1433, 1521, 2049, 3260, 3268, 3269}
    | {3306, 5432, 6379, 9200, 27017}
)
WINDOWS_PORTS = frozenset({135, 139, 445, 3389, 5357})
_MAYBE_MACHINE = frozenset({"general purpose", "specialized", "storage-misc", "terminal", ""})
"""nmap's types of devices (its book, 8.5) that may be machines of the map; all others are
routers, printers, telephones and the like."""
_MOST_IN_A_NOTE = 40


class OpenPort(msgspec.Struct, frozen=True, kw_only=True):
    """A port that answered, with what nmap takes the service for."""

    number: int
    protocol: str = "tcp"
    service: str = ""
    product: str = ""
    system: str = ""


class ScannedHost(msgspec.Struct, frozen=True, kw_only=True):
    """A host of a scan. `assumed`: only the one who scanned said that it is up (-Pn).

    `system` and `sort`: nmap's best guess and its type of device.
    """

    up: bool
    assumed: bool = False
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    maker: str = ""
    system: str = ""
    sort: str = ""
    ports: tuple[OpenPort, ...] = ()


def read_hosts(hosts: Iterable[ScannedHost], known: Known, mapping: TableMapping) -> Reading:
    """Return the machines of scans; what is none is told by its sort.

    Raises MapItemError where the mapping cannot be followed.
    """
    left = Leftovers()
    found: list[Found] = []
    rows = 0
    for host in hosts:
        rows += 1
        name = next(iter((*host.names, *host.addresses)), "")
        if not host.up:
            left.add("hosts that are down", name)
        elif host.assumed and not host.ports:
            left.add("hosts that only -Pn takes for up", name)
        elif host.sort not in _MAYBE_MACHINE and known.machine((name,)) is None:
            left.add(f"{host.sort}, by nmap's guess", name)
        else:
            found.append(_found(host))
    placed = place(found, known, mapping, left)
    return Reading(items=as_mapped(placed.items, mapping), rows=rows, left=left.told())


def _found(host: ScannedHost) -> Found:
    return Found(
        names=tuple(filter(None, host.names)),
        addresses=tuple(filter(None, host.addresses)),
        kind=kind_by_ports(host),
        system=host.system,
        note=_note(host.ports),
        fields={"maker": host.maker},
    )


def kind_by_ports(host: ScannedHost) -> MachineKind | Literal[""]:
    """Return what a host is by what it offers; "" where that tells nothing.

    A server offers a directory, mail, names, files or a database. A medical device speaks
    DICOM or HL7 and offers none of these. Else its operating system tells: nmap's guess, or
    what services betray. Else Windows' own ports alone are a workstation's.
    """
    numbers = {port.number for port in host.ports}
    if numbers & SERVER_PORTS:
        return "server"
    if numbers & CLINICAL_PORTS:
        return "device"
    systems = (host.system, *(port.product for port in host.ports))
    for each in systems:
        if kind := kind_by_system(each):
            return kind
    windows = any(port.system == "Windows" for port in host.ports)
    return "workstations" if windows or (numbers and numbers <= WINDOWS_PORTS) else ""


def _note(ports: Iterable[OpenPort]) -> str:
    """Return the open ports in order; the day is not told, else every scan would change it."""
    ordered = sorted(ports, key=lambda port: (port.number, port.protocol))
    words = [
        f"{port.number}/{port.protocol} {port.service}".strip()
        for port in ordered[:_MOST_IN_A_NOTE]
    ]
    more = len(ordered) - len(words)
    return f"open: {', '.join(words)}{f' and {more} more' if more else ''}" if words else ""
