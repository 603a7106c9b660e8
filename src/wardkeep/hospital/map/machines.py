"""Machines and what runs on them: servers, workstations, medical devices, applications."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from wardkeep.hospital.map.item import Item


class Server(Item, frozen=True, tag="server"):
    """A server, real or virtual.

    `tier`: 0 controls the directory or the virtual machines, 1 servers, 2 workstations
    (Microsoft's enterprise access model). `host`: the server that carries it.
    `restored_after`: what must stand before it can be restored. `restore_hours`: hours of work
    to bring it back.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "site": ("site",),
        "segment": ("segment",),
        "host": ("server",),
        "restored_after": ("server",),
        "supplier": ("supplier",),
    }

    site: str = ""
    segment: str = ""
    addresses: tuple[str, ...] = ()
    system: str = ""
    domain: str = ""
    tier: int | None = None
    host: str = ""
    restored_after: tuple[str, ...] = ()
    supplier: str = ""
    restore_hours: float | None = None
    data_gb: float | None = None
    patched: bool | None = None
    watched: bool | None = None
    """Endpoint detection runs on it and somebody looks."""


class Workstations(Item, frozen=True, tag="workstations"):
    """Workstations that are alike: one, or `count`.

    `shared_administrator`: one local administrator's password opens all of them.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "site": ("site",),
        "segment": ("segment",),
    }

    site: str = ""
    segment: str = ""
    count: int = 1
    addresses: tuple[str, ...] = ()
    system: str = ""
    domain: str = ""
    ward: str = ""
    restore_hours: float | None = None
    patched: bool | None = None
    watched: bool | None = None
    shared_administrator: bool | None = None


class Device(Item, frozen=True, tag="device"):
    """Medical devices that are alike, with what their MDS2 form says (ANSI/NEMA HN 1-2019).

    `stands_alone`: it treats patients without the network.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "site": ("site",),
        "segment": ("segment",),
        "supplier": ("supplier",),
    }

    site: str = ""
    segment: str = ""
    count: int = 1
    addresses: tuple[str, ...] = ()
    maker: str = ""
    model: str = ""
    system: str = ""
    ward: str = ""
    supplier: str = ""
    patchable: bool | None = None
    antivirus: bool | None = None
    own_credentials: bool | None = None
    stands_alone: bool | None = None


class Application(Item, frozen=True, tag="application"):
    """A program that people use.

    It runs while `servers_needed` of its servers do, all if not said, and all that it `needs`.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "servers": ("server",),
        "needs": ("application", "server", "exchange", "supplier"),
        "supplier": ("supplier",),
    }

    servers: tuple[str, ...] = ()
    servers_needed: int | None = None
    needs: tuple[str, ...] = ()
    supplier: str = ""
    version: str = ""


class BackupCopy(Item, frozen=True, tag="backup"):
    """A copy of what servers or applications hold.

    `domain` is that whose administrators can delete it. `proved`: the last day (ISO 8601) on
    which it was restored and looked at.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "of": ("server", "application"),
        "on": ("server",),
        "segment": ("segment",),
    }

    of: tuple[str, ...]
    on: str = ""
    segment: str = ""
    domain: str = ""
    offline: bool | None = None
    immutable: bool | None = None
    proved: str = ""
    restore_hours: float | None = None
