"""Which certificates of a site end soon: an alarm for each, while there is time to renew it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509

from wardkeep.adapters.authority import days_left
from wardkeep.alarm.state import Name
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.own_authority import ROOT, SERVER_CERTIFICATE, issued_to_feeds
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import HOUR

CODE = "certificate-ends"
RENEW_BEFORE_DAYS = 30
"""Time for a hospital's IT to have another made, and for one change window a fortnight."""


class CertificateAlarms:
    """Looks at the certificates' files once an hour."""

    def __init__(self, folder: HospitalFolder, site: Site, book: AlarmBook) -> None:
        self._folder, self._site, self._book = folder, site, book
        self._next = 0

    def look(self, at: int) -> None:
        """Let stand in the book exactly what ends within RENEW_BEFORE_DAYS of `at`."""
        # Also where the clock was put back.
        if self._next - HOUR <= at < self._next:
            return
        self._next = at + HOUR
        self._book.replace({CODE}, ending(self._folder, self._site, at), at)


def ending(folder: HospitalFolder, site: Site, at: int) -> dict[Name, str]:
    """Return by file the certificates that end soon or have ended, and when.

    A file that cannot be read, or holds no certificate, is told by whoever needs it.
    """
    shown = {path: _first_to_end(path) for path in _shown(folder, site)}
    # Of a list of authorities one or the other always ends: it counts when the last one does.
    shown |= {path: _last_to_end(path) for path in _believed(folder, site)}
    found = {}
    for path, held in sorted(shown.items()):
        if held is not None and days_left(held, at) <= RENEW_BEFORE_DAYS:
            near = path.is_relative_to(folder.path)
            subject = str(path.relative_to(folder.path) if near else path)
            found[Name(CODE, subject)] = (
                f"it ends {held.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
            )
    return found


def _shown(folder: HospitalFolder, site: Site) -> Iterator[Path]:
    """Return the files of what this site shows to others, and what it issued to its feeds."""
    yield folder.path / SERVER_CERTIFICATE
    yield from issued_to_feeds(folder, [feed.name for feed in site.feeds])
    named = [site.web_certificate, *(feed.tls_certificate for feed in site.feeds)]
    named += [poll.client_certificate for poll in site.polls]
    yield from (Path(name) for name in named if name)


def _believed(folder: HospitalFolder, site: Site) -> Iterator[Path]:
    """Return the files of the authorities that are believed here."""
    yield folder.ca / ROOT
    named = [feed.tls_client_ca for feed in site.feeds]
    named += [poll.certificate_authority for poll in site.polls]
    yield from (Path(name) for name in named if name)


def _first_to_end(path: Path) -> x509.Certificate | None:
    return min(_held(path), key=_end, default=None)


def _last_to_end(path: Path) -> x509.Certificate | None:
    return max(_held(path), key=_end, default=None)


def _end(certificate: x509.Certificate) -> dt.datetime:
    return certificate.not_valid_after_utc


def _held(path: Path) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(path.read_bytes())
    except (OSError, ValueError):
        return []
