"""The hosts of a scan that nmap wrote as XML (-oX)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from wardkeep.hospital.map.nmap_hosts import OpenPort, ScannedHost
from wardkeep.hospital.map.reading import UnreadableSourceError

MOST_HOSTS = 500_000
DEEPEST = 30
"""nmap's own files nest some eight deep (nmap.dtd), the tables of scripts a few more."""
_MOST_PORTS = 2_000
_SURE = 85


def read_scan(content: bytes) -> Iterator[ScannedHost]:
    """Yield the hosts of a scan; raises UnreadableSourceError also after the first ones.

    Entities are refused; what scripts found is not looked at.
    """
    hosts = 0
    try:
        for element in _below_the_root(content):
            if element.tag == "host":
                hosts += 1
                yield _host(element)
            if hosts > MOST_HOSTS:
                raise UnreadableSourceError(f"the scan has more than {MOST_HOSTS} hosts")
    except ParseError as fault:
        raise UnreadableSourceError(
            f"the scan breaks off or is no XML: {fault}",
            "Let nmap end by itself; `nmap --resume` goes on with a broken one.",
        ) from fault
    except (DefusedXmlException, ValueError, LookupError) as fault:  # also of charsets
        raise UnreadableSourceError(f"the XML is refused: {fault}") from fault


def _below_the_root(content: bytes) -> Iterator[Element]:
    """Yield each element that the root holds, whole, and forget it then."""
    depth = 0
    for event, element in iterparse(io.BytesIO(content), events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise UnreadableSourceError(f"the XML nests more than {DEEPEST} deep")
        if depth == 1 and event == "start" and element.tag != "nmaprun":
            raise UnreadableSourceError("this is no scan of nmap")
        if depth == 1 and event == "end":
            yield element
            element.clear()


def _host(host: Element) -> ScannedHost:
    status = host.find("status")
    addresses = {
        each.get("addrtype", ""): each for each in reversed(host.findall("address"))
    }  # the first of a sort
    mac = addresses.pop("mac", None)
    classes = host.findall("os/osmatch/osclass")
    return ScannedHost(
        up=status is not None and status.get("state") == "up",
        assumed=status is not None and status.get("reason") == "user-set",
        addresses=tuple(each.get("addr", "") for each in addresses.values()),
        names=tuple(each.get("name", "") for each in host.findall("hostnames/hostname")),
        maker="" if mac is None else mac.get("vendor", ""),
        system=_best(host.findall("os/osmatch"), "name"),
        sort=_best(classes, "type"),
        ports=tuple(_ports(host)),
    )


def _best(guesses: list[Element], key: str) -> str:
    """Return what the first guess says, the best (nmap orders them); "" below 85 %."""
    if not guesses or not guesses[0].get("accuracy", "").isdecimal():
        return ""
    return guesses[0].get(key, "") if int(guesses[0].get("accuracy", "0")[:3]) >= _SURE else ""


def _ports(host: Element) -> Iterator[OpenPort]:
    for port in host.findall("ports/port")[:_MOST_PORTS]:
        state, service = port.find("state"), port.find("service")
        number = port.get("portid", "")
        if state is None or state.get("state") != "open" or not number.isdecimal():
            continue
        said = {} if service is None else service.attrib
        yield OpenPort(
            number=int(number[:6]),
            protocol=port.get("protocol", ""),
            service=said.get("name", ""),
            product=said.get("product", ""),
            system=said.get("ostype", ""),
        )
