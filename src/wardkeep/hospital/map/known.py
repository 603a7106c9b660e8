"""What the map says already, asked by those who find machines: which segment, which machine."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from wardkeep.hospital.map.item import kind_of
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.places import Segment
from wardkeep.hospital.map.whole import KINDS, Layer

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
Machine: TypeAlias = Server | Workstations | Device


def short_name(name: str) -> str:
    """Return the host of a name in small letters: `DB1.hospital.example` is `db1`."""
    name = name.strip().rstrip(".").casefold()
    return name if address_of(name) else name.partition(".")[0]


def address_of(text: str) -> str:
    """Return an address as it is usually written, without prefix length; "" for none."""
    try:
        return str(ipaddress.ip_interface(text.strip()).ip)
    except ValueError:
        return ""


class Known:
    """The segments and machines that other sources put on the map.

    Tables that people wrote are believed before what programs found.
    """

    def __init__(self, layers: Iterable[Layer] = ()) -> None:
        self._networks: dict[tuple[int, int], dict[int, str]] = {}
        self._machines: dict[str, tuple[str, str]] = {}
        self._add(sorted(layers, key=lambda each: (each.part not in KINDS, each.rank)))

    def _add(self, layers: Sequence[Layer]) -> None:
        for item in (item for layer in layers for item in layer.items):
            if isinstance(item, Segment):
                for text in item.networks:
                    self.add_network(text, item.id)
            elif isinstance(item, Server | Workstations | Device):
                for name in _names_of(item):
                    self._machines.setdefault(name, (kind_of(item), item.id))

    def add_network(self, text: str, segment: str) -> bool:
        """Note the network of a segment; False where the text is no network."""
        try:
            network: Network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError:
            return False
        same = self._networks.setdefault((network.version, network.prefixlen), {})
        same.setdefault(int(network.network_address), segment)
        return True

    def segment_of(self, address: str) -> str:
        """Return the segment whose smallest network holds the address; "" where none does."""
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return ""
        number, bits = int(found), found.max_prefixlen
        for version, length in sorted(self._networks, reverse=True):
            if version == found.version:
                start = number >> (bits - length) << (bits - length)
                if (segment := self._networks[version, length].get(start)) is not None:
                    return segment
        return ""

    def machine(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Return kind and id of the machine that has one of these names or addresses."""
        for name in names:
            if (found := self._machines.get(name.casefold())) is not None:
                return found
        return None


def _names_of(item: Machine) -> Iterator[str]:
    yield item.id.casefold()
    if isinstance(item, Server | Device) or item.count == 1:
        yield from (address for text in item.addresses if (address := address_of(text)))
