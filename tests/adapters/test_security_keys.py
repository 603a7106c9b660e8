from __future__ import annotations

import hashlib
import json
import socket

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

from wardkeep.access.errors import SecurityKeyRefusedError
from wardkeep.access.state import SecurityKey
from wardkeep.adapters.security_keys import (
    RelyingParty,
    authentication_options,
    key_fits,
    registered_key,
    registration_options,
    relying_party,
)

NAME = "wardkeep.val.example"
PARTY = relying_party(NAME, "Val", 8443)
ORIGIN = f"https://{NAME}:8443"


class Key:
    """A FIDO2 key in software: WebAuthn 6.1 (authenticator data), 6.5.4 (no attestation)."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        self.id = b"key-" + bytes(28)

    def create(self, challenge: bytes, origin: str = ORIGIN, name: str = NAME) -> str:
        numbers = self._private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1}
        public |= {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        credential = bytes(16) + len(self.id).to_bytes(2, "big") + self.id
        data = self._data(name, 0x41) + credential + cbor2.dumps(public)
        made = {"fmt": "none", "attStmt": {}, "authData": data}
        client = self._client("webauthn.create", challenge, origin)
        return self._told(clientDataJSON=client, attestationObject=cbor2.dumps(made))

    def get(self, challenge: bytes, origin: str = ORIGIN, name: str = NAME) -> str:
        data, client = self._data(name, 0x01), self._client("webauthn.get", challenge, origin)
        signed = self._private.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._told(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _data(self, name: str, flags: int) -> bytes:
        return hashlib.sha256(name.encode()).digest() + bytes([flags]) + bytes(4)

    def _client(self, kind: str, challenge: bytes, origin: str) -> bytes:
        told = {"type": kind, "challenge": bytes_to_base64url(challenge), "origin": origin}
        return json.dumps(told).encode()

    def _told(self, **parts: bytes) -> str:
        name = bytes_to_base64url(self.id)
        response = {key: bytes_to_base64url(value) for key, value in parts.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": response}
        )


@pytest.fixture
def dark(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket can be opened: nothing of the hospital's network or the internet is there."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def kept() -> tuple[Key, SecurityKey]:
    key = Key()
    return key, registered_key(PARTY, key.create(b"one"), b"one", "blue")


@pytest.mark.usefixtures("dark")
def test_a_key_is_registered_and_opens_with_no_network_at_all() -> None:
    key = Key()
    options = json.loads(registration_options(PARTY, "lea", "Lea M", b"one", []))
    assert (options["rp"]["id"], options["attestation"]) == (NAME, "none")
    found = registered_key(PARTY, key.create(b"one"), b"one", "blue")
    asked = json.loads(authentication_options(PARTY, b"two", (found,)))
    assert [each["id"] for each in asked["allowCredentials"]] == [found.credential]
    assert key_fits(PARTY, key.get(b"two"), b"two", (found,)) == found


def test_an_answer_to_another_challenge_another_site_or_of_another_key_is_refused(
    kept: tuple[Key, SecurityKey],
) -> None:
    key, found = kept
    for answer in (
        key.get(b"old"),
        key.get(b"two", origin="https://evil.example"),
        key.get(b"two", name="evil.example"),
        Key().get(b"two"),
    ):
        with pytest.raises(SecurityKeyRefusedError):
            key_fits(PARTY, answer, b"two", (found,))
    with pytest.raises(SecurityKeyRefusedError):
        key_fits(PARTY, key.get(b"two"), b"two", ())
    with pytest.raises(SecurityKeyRefusedError):
        key_fits(PARTY, key.get(b""), b"", (found,))


def test_a_site_without_a_name_of_its_own_takes_keys_at_localhost_alone() -> None:
    assert relying_party("", "Val", 8443) == RelyingParty(
        "localhost",
        "Val",
        ("https://localhost", "https://localhost:8443", "http://localhost:8443"),
    )
    assert all(origin.startswith("https://") for origin in PARTY.origins)
