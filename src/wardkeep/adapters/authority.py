"""The site's own certificate authority: what it may vouch for, and nothing beyond (RFC 5280).

Rules kept here:
- the root may vouch only for the box's own name, what lies below it and its addresses (critical
  name constraints, 4.2.1.10): a stolen root key makes no certificate for any other host;
- a certificate begins a day before it is made, for clocks that are behind, and ends after 397
  days, the longest that browsers take; there is no list of revoked ones.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wardkeep.kernel.times import DAY, SECOND

ROOT_DAYS, DAYS = 3_653, 397
Use = Literal["server", "client"]
_USES = {"server": ExtendedKeyUsageOID.SERVER_AUTH, "client": ExtendedKeyUsageOID.CLIENT_AUTH}
_LONGEST_COMMON_NAME = 64
Key = ec.EllipticCurvePrivateKey


def new_key() -> Key:
    """Return a new key on P-256, which every browser and feed engine knows."""
    return ec.generate_private_key(ec.SECP256R1())


def make_root(
    site: str, name: str, addresses: Sequence[str], key: Key, now: int
) -> x509.Certificate:
    """Return a root that may vouch for `name`, names below it, and `addresses` alone."""
    permitted: list[x509.GeneralName] = [x509.DNSName(name)]
    permitted += [x509.IPAddress(ipaddress.ip_network(each)) for each in addresses]
    subject = _subject(f"Wardkeep {site}")
    return (
        _begun(subject, subject, key.public_key(), now, ROOT_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )


class Root(msgspec.Struct, frozen=True):
    """A root with its private key."""

    certificate: x509.Certificate
    key: Key


def issue(
    root: Root,
    names: Sequence[x509.GeneralName],
    use: Use,
    key: CertificatePublicKeyTypes,
    now: int,
) -> x509.Certificate:
    """Return a certificate of the root for `names`, to show as a server or as a client."""
    by = x509.AuthorityKeyIdentifier.from_issuer_public_key(root.key.public_key())
    subject = _subject(str(names[0].value))
    return (
        _begun(subject, root.certificate.subject, key, now, DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([_USES[use]]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(by, critical=False)
        .sign(root.key, hashes.SHA256())
    )


def covered(root: x509.Certificate) -> tuple[str, tuple[str, ...]]:
    """Return the name and the addresses that a root may vouch for."""
    limits = root.extensions.get_extension_for_class(x509.NameConstraints).value
    permitted = limits.permitted_subtrees or []
    names = [each.value for each in permitted if isinstance(each, x509.DNSName)]
    nets = [each.value for each in permitted if isinstance(each, x509.IPAddress)]
    return names[0], tuple(str(net).split("/", maxsplit=1)[0] for net in nets)


def host_names(name: str, addresses: Sequence[str]) -> list[x509.GeneralName]:
    """Return what a server certificate is for: the name and the addresses."""
    numbers = [x509.IPAddress(ipaddress.ip_address(each)) for each in addresses]
    return [x509.DNSName(name), *numbers]


def pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def der(certificate: x509.Certificate) -> bytes:
    """Return a certificate as DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def key_pem(key: Key) -> bytes:
    """Return a private key as PEM, not encrypted: for a file of 0600."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def read_key(content: bytes) -> Key:
    """Return a key from its 32 bytes, as `key_bytes` wrote them."""
    return ec.derive_private_key(int.from_bytes(content, "big"), ec.SECP256R1())


def key_bytes(key: Key) -> bytes:
    """Return the 32 bytes of a private key on P-256, to be wrapped."""
    return key.private_numbers().private_value.to_bytes(32, "big")


def fingerprint(certificate: x509.Certificate) -> str:
    """Return SHA-256 of a certificate as browsers show it: `AB:CD:...`."""
    return certificate.fingerprint(hashes.SHA256()).hex(":").upper()


def days_left(certificate: x509.Certificate, now: int) -> int:
    """Return whole days until a certificate ends, negative when it has ended."""
    end = int(certificate.not_valid_after_utc.timestamp()) * SECOND
    return (end - now) // DAY


def _begun(
    subject: x509.Name, issuer: x509.Name, key: CertificatePublicKeyTypes, now: int, days: int
) -> x509.CertificateBuilder:
    begin = dt.datetime.fromtimestamp(now // SECOND, dt.UTC) - dt.timedelta(days=1)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=days))
    )


def _subject(text: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, text.strip()[:_LONGEST_COMMON_NAME])]
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        key_cert_sign=signs,
        crl_sign=signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
