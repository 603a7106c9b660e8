"""Answers for the box's own name by UDP, TCP and multicast; holds no key and reads no store."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import struct
from collections import OrderedDict

from typing_extensions import override

from wardkeep.adapters.clock import steady
from wardkeep.adapters.errors import CannotListenError
from wardkeep.adapters.name_answers import (
    LARGEST_QUERY,
    Known,
    announcement,
    answer,
    answer_multicast,
)

GROUP, MULTICAST_PORT = "224.0.0.251", 5353  # RFC 6762, 3
# A resolver asks a name once in 60 s; a ward's PCs behind one address a few times a second.
# More from one network is somebody who has us answer to a victim.
_A_SECOND, _AT_ONCE, _NETWORKS = 20.0, 40.0, 4_096
_CONNECTIONS, _PATIENCE_SECONDS = 50, 5.0
_Address = tuple[str, int]


class Allowance:
    """How many answers each network (IPv4 /24, IPv6 /56) still gets; oldest go first."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, address: str, now: float) -> bool:
        """Take one answer for an address; False where its network has none left."""
        network = _network_of(address)
        left, since = self._left.pop(network, (_AT_ONCE, now))
        left = min(_AT_ONCE, left + (now - since) * _A_SECOND)
        self._left[network] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > _NETWORKS:
            self._left.popitem(last=False)
        return left >= 1


class NameServer:
    """Serves one name; `start`, then `close`."""

    def __init__(self, known: Known, local: Known) -> None:
        self._known, self._local = known, local
        self._allowance = Allowance()
        self._open: list[asyncio.DatagramTransport] = []
        self._tcp: asyncio.Server | None = None
        self._connections = 0
        self._multicast: asyncio.DatagramTransport | None = None

    async def start_dns(self, host: str, port: int) -> None:
        """Answer DNS on UDP and TCP; raises CannotListenError."""
        loop = asyncio.get_running_loop()
        try:
            transport, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self._datagram), local_addr=(host, port)
            )
            self._open.append(transport)
            self._tcp = await asyncio.start_server(self._connection, host, port)
        except OSError as fault:
            raise CannotListenError(f"{host} port {port}: {fault.strerror}") from fault

    async def start_mdns(self) -> None:
        """Answer mDNS and announce the name; raises CannotListenError."""
        listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            member = struct.pack("4s4s", socket.inet_aton(GROUP), bytes(4))
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
            listener.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 255)
            listener.bind(("", MULTICAST_PORT))
            listener.setblocking(False)  # noqa: FBT003  # its own signature
        except OSError as fault:
            listener.close()
            told = f"{GROUP} port {MULTICAST_PORT}: {fault.strerror}"
            raise CannotListenError(told) from fault
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(self._multicast_datagram), sock=listener
        )
        self._multicast = transport
        transport.sendto(announcement(self._local), (GROUP, MULTICAST_PORT))

    def close(self) -> None:
        """Say goodbye and close."""
        if self._multicast is not None:
            goodbye = announcement(self._local, goodbye=True)
            self._multicast.sendto(goodbye, (GROUP, MULTICAST_PORT))
            self._multicast.close()
        for transport in self._open:
            transport.close()
        if self._tcp is not None:
            self._tcp.close()

    def _datagram(
        self, transport: asyncio.DatagramTransport, content: bytes, sender: _Address
    ) -> None:
        if self._allowance.take(sender[0], steady()):
            reply = answer(content, self._known)
            if reply is not None:
                transport.sendto(reply, sender)

    def _multicast_datagram(
        self, transport: asyncio.DatagramTransport, content: bytes, sender: _Address
    ) -> None:
        if not self._allowance.take(sender[0], steady()):
            return
        legacy = sender[1] != MULTICAST_PORT
        reply = answer_multicast(content, self._local, legacy=legacy)
        if reply is not None:
            to = sender if reply.unicast else (GROUP, MULTICAST_PORT)
            transport.sendto(reply.content, to)

    async def _connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._connections += 1
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self._connections <= _CONNECTIONS:
                    size = int.from_bytes(await reader.readexactly(2), "big")
                    if size > LARGEST_QUERY:
                        return
                    reply = answer(await reader.readexactly(size), self._known)
                    if reply is None:
                        return
                    writer.write(len(reply).to_bytes(2, "big") + reply)
                    await writer.drain()
        except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self._connections -= 1
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, hear: object) -> None:
        self._hear = hear
        self._transport: asyncio.DatagramTransport | None = None

    @override
    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # what is given for datagrams
        self._transport = transport

    @override
    def datagram_received(self, data: bytes, addr: _Address) -> None:
        if self._transport is not None and callable(self._hear):
            self._hear(self._transport, data, addr)


def _network_of(address: str) -> str:
    plain = ipaddress.ip_address(address.split("%", maxsplit=1)[0])
    bits = 24 if plain.version == 4 else 56  # noqa: PLR2004  # IP version 4
    return str(ipaddress.ip_network((plain, bits), strict=False))
