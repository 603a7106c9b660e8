"""Where ward packs are delivered, encrypted; settings `[[deliveries]]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

# What ssh takes as an option, a shell expands or a batch of sftp reads as another word is out.
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}")
_HOST = re.compile(r"(?!-)[A-Za-z0-9.:-]{1,253}")
_REMOTE = re.compile(r"[A-Za-z0-9_./ -]{1,512}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_PORTS = range(1, 65536)


class Delivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One target that gets the wards' packs after each new one.

    A folder (a mounted share, a stick, a synchronised folder) or an SFTP server. `wards` are
    codes; none means every ward.
    """

    name: str
    kind: Literal["folder", "sftp"] = "folder"
    path: str
    mount: str | None = None
    """Folder only: where something must be mounted; else nothing is written."""
    wards: tuple[str, ...] = ()
    late_after_minutes: int = 90
    """Packs are made at least every hour: older than this is late."""
    host: str = ""
    port: int = 22
    user: str = ""
    key_file: str | None = None
    known_hosts_file: str | None = None


class DeliveryFault(msgspec.Struct, frozen=True):
    """One setting of a target that cannot stand."""

    key: str
    text: str


def delivery_faults(delivery: Delivery) -> Iterator[DeliveryFault]:
    """Yield what a server could not keep of a target."""
    if not _NAME.fullmatch(delivery.name):
        yield DeliveryFault("name", f"{delivery.name!r} is no name (letters, digits, _ . -)")
    if not delivery.path.strip() or "\x00" in delivery.path:
        yield DeliveryFault("path", "a target needs the folder that packs go to")
    if delivery.late_after_minutes < 1:
        yield DeliveryFault("late_after_minutes", "late is at least a minute")
    if delivery.kind == "sftp":
        yield from _sftp_faults(delivery)
    else:
        for key in ("host", "user", "key_file", "known_hosts_file"):
            if getattr(delivery, key):
                yield DeliveryFault(key, f"{key} is for targets of kind sftp")


def _sftp_faults(delivery: Delivery) -> Iterator[DeliveryFault]:
    if not _HOST.fullmatch(delivery.host):
        yield DeliveryFault("host", f"{delivery.host!r} is no host name or address")
    if not _USER.fullmatch(delivery.user):
        yield DeliveryFault("user", f"{delivery.user!r} is no user's name")
    if delivery.port not in _PORTS:
        yield DeliveryFault("port", f"{delivery.port} is not a port (1 to 65535)")
    if not _REMOTE.fullmatch(delivery.path):
        yield DeliveryFault("path", "a path on a server has letters, digits, space and _ . / -")
    if delivery.mount is not None:
        yield DeliveryFault("mount", "mount is for targets of kind folder")
    for key in ("key_file", "known_hosts_file"):
        if not getattr(delivery, key):
            yield DeliveryFault(key, f"sftp needs {key}: nobody can be asked at night")
