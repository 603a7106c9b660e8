"""The name by which the box is found when the hospital's own DNS is gone; off by default."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

import msgspec

_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})+")
_PORTS = range(1, 65536)


class OwnName(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `wardkeep name` answers: the crisis name with the box's addresses, nothing else."""

    name: str = ""
    """As in "crisis.hospital.internal"; its first label with .local is answered by mDNS."""
    addresses: tuple[str, ...] = ()
    dns: bool = False
    mdns: bool = False
    host: str = "0.0.0.0"  # noqa: S104  # a name is for whoever reaches the box
    port: int = 53

    @property
    def local(self) -> str:
        """The name that mDNS answers (RFC 6762, 3), "crisis.local"."""
        return f"{self.name.split('.', maxsplit=1)[0]}.local"


def name_faults(own: OwnName) -> Iterator[tuple[str, str]]:
    """Yield key and words of everything that cannot be answered so."""
    if not own.name and not (own.dns or own.mdns):
        return
    if not _HOST.fullmatch(own.name):
        yield "name", f"{own.name!r} is no full name of a host (RFC 1123: a-z, 0-9, - and .)"
    if not own.addresses:
        yield "addresses", "a name is answered with addresses: give at least one"
    for each in own.addresses:
        try:
            ipaddress.ip_address(each)
        except ValueError:
            yield "addresses", f"{each!r} is no address of a machine"
    if own.port not in _PORTS:
        yield "port", f"{own.port} is not a port (1 to 65535)"
