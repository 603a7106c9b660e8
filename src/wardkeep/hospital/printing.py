"""Printers of a site and when they print: settings `[[printers]]`, `[printing]`, `[proof]`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from wardkeep.hospital.loopback import is_loopback

CUPS = "cups"
_QUEUE = re.compile(r"[A-Za-z0-9_.-]{1,127}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_MOST_PAGES_A_MINUTE = 1_000


class Printer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One printer.

    `uri`: ipps://HOST/PATH, ipp:// to this machine only, or cups:QUEUE for a queue of this
    machine's CUPS, as for a printer on USB.
    `wards`: those it stands on. `room`: it stands in the print room of `site` and prints for
    every ward there; without `site` for every ward.
    `pages_a_minute`: as measured or as its maker says; what jobs took is believed more.
    `sides`: "one-sided" unless the ward has decided otherwise in writing.
    `certificate`: PEM file of the printer's own certificate, or of who signed it.
    """

    name: str
    uri: str
    wards: tuple[str, ...] = ()
    room: bool = False
    site: str = ""
    pages_a_minute: int = 30
    sides: Literal["one-sided", "two-sided"] = "one-sided"
    certificate: str | None = None


class Printing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When wards are printed without an order, and when a job counts as stuck.

    `at`: local times of day at which every ward's sheets are printed; none: on order alone.
    """

    at: tuple[str, ...] = ()
    stuck_after_minutes: int = 5
    try_for_minutes: int = 30
    cups_socket: str = "/run/cups/cups.sock"


class Proof(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When one random ward is rebuilt from its pack and compared; `at` "" switches it off."""

    at: str = "03:30"


class PrintingFault(msgspec.Struct, frozen=True):
    """One setting that cannot stand. `path` leads to it from the settings' top."""

    path: tuple[str | int, ...]
    text: str


def printing_faults(
    printers: Sequence[Printer], printing: Printing, proof: Proof
) -> Iterator[PrintingFault]:
    """Yield what a server could not keep of its printers."""
    seen = Counter[str]()
    for index, printer in enumerate(printers):
        seen[printer.name] += 1
        if seen[printer.name] > 1:
            yield PrintingFault(("printers", index, "name"), f"{printer.name!r} stands twice")
        for key, text in _printer_faults(printer):
            yield PrintingFault(("printers", index, key), text)
    yield from _hour_faults(printing, proof)


def _hour_faults(printing: Printing, proof: Proof) -> Iterator[PrintingFault]:
    for clock in printing.at:
        if not _CLOCK.fullmatch(clock):
            yield PrintingFault(("printing", "at"), f"{clock!r} is not a time of day (HH:MM)")
    for key in ("stuck_after_minutes", "try_for_minutes"):
        if getattr(printing, key) < 1:
            yield PrintingFault(("printing", key), "at least one minute")
    if not printing.cups_socket.startswith("/"):
        yield PrintingFault(("printing", "cups_socket"), "an absolute path is needed")
    if proof.at and not _CLOCK.fullmatch(proof.at):
        text = f'{proof.at!r} is not a time of day (HH:MM), nor "" for never'
        yield PrintingFault(("proof", "at"), text)


def _printer_faults(printer: Printer) -> Iterator[tuple[str, str]]:
    if not _NAME.fullmatch(printer.name):
        yield "name", f"{printer.name!r} is no name: letters, digits, . _ - and 64 at most"
    if why := _why_no_uri(printer.uri):
        yield "uri", why
    if not 1 <= printer.pages_a_minute <= _MOST_PAGES_A_MINUTE:
        yield "pages_a_minute", f"{printer.pages_a_minute} is not between 1 and 1000"
    if not printer.wards and not printer.room:
        yield "wards", "a printer stands on wards or in a print room: give wards or room = true"


def _why_no_uri(uri: str) -> str:
    scheme, _, rest = uri.partition(":")
    if scheme == CUPS:
        return "" if _QUEUE.fullmatch(rest) else f"{rest!r} is no name of a CUPS queue"
    if scheme == "usb":
        return (
            "a printer on USB is reached by a queue of CUPS: `lpadmin -p NAME -E -v usb://...`,"
            " then cups:NAME here; or by ipp-usb as ipp://localhost:60000/ipp/print"
        )
    return _why_no_address(uri)


def _why_no_address(uri: str) -> str:
    try:
        parts = urlsplit(uri)
        _ = parts.port  # raises where it is none
    except ValueError:
        return f"{uri!r} is no address"
    host = parts.hostname or ""
    if parts.scheme not in {"ipp", "ipps"} or not host or parts.query or parts.fragment:
        return "uri is ipps://HOST/PATH, ipp://localhost/PATH or cups:QUEUE"
    if parts.username is not None:
        return "no secret stands in the settings"
    if parts.scheme == "ipp" and not is_loopback(host):
        return f"ipp:// is for this machine only, and {host} is not: use ipps://"
    return ""
