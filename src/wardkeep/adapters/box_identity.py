"""Certificates by which two boxes of a site know each other: own authority, pinned keys.

The first's certificate signs itself and those of its followers; a follower knows the first by
the SHA-256 of its certificate, read from an invitation, and shows its own. TLS 1.3 (RFC 8446)
only, P-256 keys. Private keys lie wrapped like store keys and reach OpenSSL through memory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.kernel.times import SECOND

# Clocks of boxes without a time source differ; a pin does not age, so neither do certificates
# (RFC 5280, 4.1.2.5, "no well-defined expiration date").
_SKEW = dt.timedelta(days=2)
_NEVER = dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC)
CERTIFICATE = "box.crt"
KEY = "box.key"


def fingerprint(certificate: bytes) -> bytes:
    """Return the SHA-256 of a certificate, PEM or DER."""
    if certificate.startswith(b"-----"):
        certificate = x509.load_pem_x509_certificate(certificate).public_bytes(
            serialization.Encoding.DER
        )
    return hashlib.sha256(certificate).digest()


class BoxIdentity:
    """A certificate and its private key, kept in a folder; the key is wrapped."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    @property
    def exists(self) -> bool:
        """Whether there is one."""
        return (self._folder / CERTIFICATE).is_file()

    def certificate(self) -> bytes:
        """Return the certificate, PEM; raises OSError."""
        return (self._folder / CERTIFICATE).read_bytes()

    def make_authority(self, name: str, now: int) -> None:
        """Make the certificate of a first, which signs those of its followers."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _named(name)
        builder = _builder(subject, subject, key.public_key(), now)
        usage = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(authority=True), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
            .sign(key, hashes.SHA256())
        )
        self._keep(key, made.public_bytes(serialization.Encoding.PEM))

    @staticmethod
    def request(name: str) -> tuple[bytes, bytes]:
        """Return a new private key and the request (PKCS #10) for its certificate, PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        builder = x509.CertificateSigningRequestBuilder().subject_name(_named(name))
        asked = builder.sign(key, hashes.SHA256())
        return _pem(key), asked.public_bytes(serialization.Encoding.PEM)

    def keep(self, key: bytes, certificate: bytes) -> None:
        """Keep a certificate that was issued, and its key, both PEM."""
        make_private_folder(self._folder)
        write_private(self._folder / KEY, self._ring.wrap(key))
        write_private(self._folder / CERTIFICATE, certificate)

    def issue(self, request: bytes, name: str, now: int) -> bytes:
        """Return the certificate (PEM) of a follower; raises ValueError for no request."""
        asked = x509.load_pem_x509_csr(request)
        public = asked.public_key()
        if not asked.is_signature_valid or not isinstance(public, ec.EllipticCurvePublicKey):
            raise ValueError("the certificate request cannot be used")
        own = x509.load_pem_x509_certificate(self.certificate())
        usage = [ExtendedKeyUsageOID.CLIENT_AUTH]
        made = (
            _builder(_named(name), own.subject, public, now)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usage), critical=False)
            .sign(self._key(), hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.PEM)

    def server_context(self) -> ssl.SSLContext:
        """Return TLS for the first: a certificate that is shown must be one it issued."""
        context = self._context(ssl.PROTOCOL_TLS_SERVER)
        context.load_verify_locations(cadata=self.certificate().decode("ascii"))
        # Whoever comes to pair has none yet; what it may ask then is nothing but that.
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return TLS for a follower: whoever answers is compared with the pin by the caller."""
        return pinning(self._context(ssl.PROTOCOL_TLS_CLIENT))

    @staticmethod
    def context_of(key: bytes, certificate: bytes) -> ssl.SSLContext:
        """Return a follower's TLS with a certificate and key (PEM) that are not kept yet."""
        return pinning(_loaded(ssl.PROTOCOL_TLS_CLIENT, key + certificate))

    def _context(self, protocol: int) -> ssl.SSLContext:
        return _loaded(protocol, self._ring.unwrap(self._folder / KEY) + self.certificate())

    def _keep(self, key: ec.EllipticCurvePrivateKey, certificate: bytes) -> None:
        self.keep(_pem(key), certificate)

    def _key(self) -> ec.EllipticCurvePrivateKey:
        content = self._ring.unwrap(self._folder / KEY)
        key = serialization.load_pem_private_key(content, None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError("the key of this box is of another kind")
        return key


def pinning(context: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Return TLS that lets the caller compare certificates: none but the pinned one counts."""
    made = context or ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    made.minimum_version = ssl.TLSVersion.TLSv1_3
    made.check_hostname = False
    made.verify_mode = ssl.CERT_NONE
    return made


def _loaded(protocol: int, content: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # OpenSSL reads files only: this one lies in memory and goes with its handle.
    handle = os.memfd_create("identity", os.MFD_CLOEXEC)
    try:
        os.write(handle, content)
        context.load_cert_chain(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
    return context


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _named(name: str) -> x509.Name:
    # RFC 5280, A.1: a common name has 64 characters at most.
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64] or "box")])


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: int
) -> x509.CertificateBuilder:
    begun = dt.datetime.fromtimestamp(now // SECOND, dt.UTC) - _SKEW
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begun)
        .not_valid_after(_NEVER)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
