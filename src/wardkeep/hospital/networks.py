"""The addresses that may speak on a feed."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import lru_cache


class AllowedNetworks:
    """Addresses and networks (CIDR) of a feed's `allow`."""

    def __init__(self, allow: Iterable[str]) -> None:
        self._networks = [ipaddress.ip_network(each, strict=False) for each in allow]
        # A hospital's senders speak from a few addresses, some thousand times a second.
        self.admit = lru_cache(maxsize=256)(self._admit)
        """Say whether a sender at this address may speak; what is no address may not."""

    def _admit(self, host: str) -> bool:
        try:
            address = ipaddress.ip_address(host.partition("%")[0])
        except ValueError:
            return False
        mapped = getattr(address, "ipv4_mapped", None)
        return any((mapped or address) in network for network in self._networks)
