"""Files of slips with one-time codes, as `user import` and `codes print` write them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from wardkeep.access.events import AccountAdded, CodesPrinted
from wardkeep.access.importing import Import
from wardkeep.adapters.files import why_not_writable, write_private
from wardkeep.adapters.slip_press import press_slips
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import UnwritableFileError
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import local
from wardkeep.paper.slip import Place, Sealed, activation_slip, sealed_slip

# HTTPS's own port is left out of an address (RFC 9110 4.2.2).
_HTTPS = 443


def address_of(site: Site) -> str:
    """Return the address of the site's web as a person types it."""
    scheme = "https" if site.web_certificate else "http"
    host = site.web_name or site.web_host
    port = "" if site.web_port == _HTTPS else f":{site.web_port}"
    return f"{scheme}://{host}{port}"


def place_of(site: Site, at: int) -> Place:
    """Return what stands on every slip that is printed at `at` (UTC microseconds)."""
    printed = f"{local(at, ZoneInfo(site.rules.timezone)):%Y-%m-%d %H:%M %Z}"
    return Place(site.name, address_of(site), printed)


def write_slips(path: Path, planned: Import, site: Site, at: int) -> int:
    """Write the slips of everybody whom an import adds, each in the person's language (0600).

    Return how many. Raises UnwritableFileError, TypesettingError.
    """
    added = [event for event in planned.events if isinstance(event, AccountAdded)]
    place = place_of(site, at)
    slips = [
        activation_slip(
            place,
            (event.name, event.full_name),
            planned.codes[event.name],
            translator(event.language or site.language),
        )
        for event in added
    ]
    write_secret(path, press_slips(slips))
    return len(slips)


def sealed_pdf(event: CodesPrinted, codes: Sequence[str], site: Site, language: str) -> bytes:
    """Return a sheet of sealed codes as PDF. Raises TypesettingError."""
    place, say = place_of(site, event.at), translator(language or site.language)
    return press_slips(
        [
            sealed_slip(
                place,
                Sealed(
                    role=event.role,
                    hours=event.hours,
                    sheet=event.sheet,
                    number=number,
                    count=len(codes),
                ),
                code,
                say,
            )
            for number, code in enumerate(codes, start=1)
        ]
    )


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads; raises UnwritableFileError."""
    if why := why_not_writable(path):
        raise UnwritableFileError(f"{path}: {why}")
    write_private(path, content)
