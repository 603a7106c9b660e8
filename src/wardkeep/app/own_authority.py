"""The certificate authority of a hospital folder: its root, the server's certificate, senders'.

`ca/root.crt` is public; `ca/root.key` is wrapped to the site's keys, so that the recovery words
open it too; `keys/tls.key` and `keys/tls.crt` are what web and feeds show.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from pathlib import Path

import msgspec
from cryptography import x509

from wardkeep.adapters import authority
from wardkeep.adapters.files import make_private_folder, why_not_writable, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.errors import AuthorityError
from wardkeep.app.folder import HospitalFolder

ROOT, ROOT_KEY = "root.crt", "root.key"
SERVER_CERTIFICATE, SERVER_PRIVATE = "keys/tls.crt", "keys/tls.key"
_PUBLIC_FILE = 0o644
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_NAME = 253


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate is: whose, for what, its fingerprint and how long it is good."""

    subject: str
    names: tuple[str, ...]
    fingerprint: str
    days_left: int


def make(
    folder: HospitalFolder,
    ring: KeyRing,
    site: str,
    name: str,
    addresses: tuple[str, ...],
    now: int,
) -> Told:
    """Make the root and the server's first certificate; raises AuthorityError, OSError.

    A root that is there is never replaced: every ward PC would have to be visited again.
    """
    if (folder.ca / ROOT).exists():
        raise AuthorityError(
            f"{folder.ca / ROOT} is already there and is kept",
            advice="`wardkeep ca renew DIR` makes the server's certificate anew.",
        )
    _see_that_it_can_be_named(name, addresses)
    key = authority.new_key()
    root = authority.make_root(site, name, addresses, key, now)
    make_private_folder(folder.ca)
    write_private(folder.ca / ROOT_KEY, ring.wrap(authority.key_bytes(key)))
    write_private(folder.ca / ROOT, authority.pem(root), _PUBLIC_FILE)
    renew(folder, ring, now)
    return told(root, now)


def renew(folder: HospitalFolder, ring: KeyRing, now: int) -> Told:
    """Make the server's certificate anew, with a new key; the server takes it at its start."""
    root = _opened(folder, ring)
    name, addresses = authority.covered(root.certificate)
    key, names = authority.new_key(), authority.host_names(name, addresses)
    made = authority.issue(root, names, "server", key.public_key(), now)
    write_private(folder.path / SERVER_PRIVATE, authority.key_pem(key))
    write_private(folder.path / SERVER_CERTIFICATE, authority.pem(made))
    return told(made, now)


def issue_to_feed(
    folder: HospitalFolder, ring: KeyRing, feed: str, out: Path, now: int
) -> Told:
    """Write key, certificate and root for a feed's sender into one new PEM file (0600).

    The certificate is for `FEED.feeds.NAME`, below the box's own name. Raises AuthorityError.
    """
    label = _label_of(feed)
    if not _LABEL.fullmatch(label):
        raise AuthorityError(f"{feed!r} cannot stand in a certificate's name")
    if out.exists() or (why := why_not_writable(out)):
        raise AuthorityError(
            f"{out}: {'is already there' if out.exists() else why}", advice="Name a new file."
        )
    root = _opened(folder, ring)
    name, _ = authority.covered(root.certificate)
    key, names = authority.new_key(), [x509.DNSName(f"{label}.feeds.{name}")]
    made = authority.issue(root, names, "client", key.public_key(), now)
    content = authority.key_pem(key) + authority.pem(made) + authority.pem(root.certificate)
    write_private(out, content)
    # Public, without the key: so that its end can be told in time.
    write_private(folder.ca / f"feed-{label}.crt", authority.pem(made), _PUBLIC_FILE)
    return told(made, now)


def issued_to_feeds(folder: HospitalFolder, feeds: Iterable[str]) -> list[Path]:
    """Return where the newest certificate that was issued to each of the feeds would lie."""
    return [folder.ca / f"feed-{_label_of(feed)}.crt" for feed in feeds]


def root_of(folder: HospitalFolder) -> x509.Certificate | None:
    """Return the public root of a folder, None where it has no authority of its own."""
    return _read(folder.ca / ROOT)


def server_certificate_of(folder: HospitalFolder) -> x509.Certificate | None:
    """Return the server's certificate by the own authority, None where there is none."""
    return _read(folder.path / SERVER_CERTIFICATE)


def told(certificate: x509.Certificate, now: int) -> Told:
    """Return what people and programs are told of a certificate."""
    try:
        about = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        names = tuple(str(each.value) for each in about.value)
    except x509.ExtensionNotFound:
        name, addresses = authority.covered(certificate)
        names = (name, *addresses)
    return Told(
        subject=certificate.subject.rfc4514_string(),
        names=names,
        fingerprint=authority.fingerprint(certificate),
        days_left=authority.days_left(certificate, now),
    )


def _label_of(feed: str) -> str:
    return feed.lower().replace("_", "-").replace(".", "-")


def _opened(folder: HospitalFolder, ring: KeyRing) -> authority.Root:
    root = root_of(folder)
    if root is None:
        raise AuthorityError(
            f"{folder.path} has no certificate authority",
            advice="`wardkeep ca make DIR --name NAME` makes one.",
        )
    return authority.Root(root, authority.read_key(ring.unwrap(folder.ca / ROOT_KEY)))


def _read(path: Path) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as fault:
        raise AuthorityError(f"{path} is no certificate in PEM") from fault


def _see_that_it_can_be_named(name: str, addresses: tuple[str, ...]) -> None:
    labels = name.split(".")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise AuthorityError(f"{name!r} is no name of a host (RFC 1123: a-z, 0-9, - and .)")
    for each in addresses:
        try:
            ipaddress.ip_address(each)
        except ValueError as fault:
            raise AuthorityError(f"{each!r} is no address of a machine") from fault
