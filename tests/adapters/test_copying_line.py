"""A first and a follower over real TLS on loopback, in one process."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from wardkeep.adapters.box_identity import BoxIdentity, fingerprint, pinning
from wardkeep.adapters.copies_server import CopiesServer
from wardkeep.adapters.copying_line import CopyingLine, address_of
from wardkeep.adapters.errors import FirstRefusedError, FirstSilentError
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.wire.copying import Answer, Ask, Done, Greet, Refused, Request

T = TypeVar("T")
NOW = 1_790_000_000_000_000


class Visits:
    """Notes who came with which certificate, and answers."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def visit(self, certificate: str) -> Visits:
        self.shown.append(certificate)
        return self

    async def answer(self, request: Request) -> Answer:
        return Done() if isinstance(request, Greet) else Refused("failed", "no")

    def close(self) -> None:
        return


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    (tmp_path / "keys").mkdir()
    return make_key_ring(tmp_path / "keys")[0]


def served(
    tmp_path: Path, ring: KeyRing, use: Callable[[tuple[str, int], BoxIdentity], T]
) -> tuple[T, Visits]:
    """Do something with a first that listens; return what came of it and who came."""
    identity = BoxIdentity(tmp_path / "copies", ring)
    identity.make_authority("Saint Elisabeth", NOW)

    async def both() -> tuple[T, Visits]:
        visits = Visits()
        server = CopiesServer("127.0.0.1", 0, identity.server_context(), visits)
        await server.start()
        try:
            done = await asyncio.to_thread(use, ("127.0.0.1", server.port), identity)
        finally:
            await server.close()
        return done, visits

    return asyncio.run(both())


def issued(identity: BoxIdentity) -> tuple[ssl.SSLContext, str]:
    key, request = BoxIdentity.request("box-2")
    certificate = identity.issue(request, "box-2", NOW)
    return BoxIdentity.context_of(key, certificate), fingerprint(certificate).hex()


def test_a_follower_is_known_by_the_certificate_that_the_first_issued(
    tmp_path: Path, ring: KeyRing
) -> None:
    def use(address: tuple[str, int], identity: BoxIdentity) -> str:
        context, shown = issued(identity)
        line = CopyingLine(address, context, fingerprint(identity.certificate()))
        assert line.ask(Greet()) == Done()
        line.close()
        return shown

    shown, visits = served(tmp_path, ring, use)
    assert visits.shown == [shown]


def test_a_box_without_a_certificate_is_told_apart(tmp_path: Path, ring: KeyRing) -> None:
    def use(address: tuple[str, int], identity: BoxIdentity) -> None:
        line = CopyingLine(address, pinning(), fingerprint(identity.certificate())[:16])
        line.ask(Greet())
        line.close()

    _, visits = served(tmp_path, ring, use)
    assert visits.shown == [""]


def test_a_certificate_that_another_issued_does_not_come_in(
    tmp_path: Path, ring: KeyRing
) -> None:
    def use(address: tuple[str, int], identity: BoxIdentity) -> None:
        other = BoxIdentity(tmp_path / "other", ring)
        other.make_authority("Mallory", NOW)
        context, _ = issued(other)
        with pytest.raises(FirstSilentError):
            CopyingLine(address, context, fingerprint(identity.certificate())).ask(Greet())

    _, visits = served(tmp_path, ring, use)
    assert visits.shown == []


@pytest.mark.parametrize("pin", [b"", bytes(16), bytes(32)])
def test_a_follower_says_nothing_to_a_box_that_shows_another_certificate(
    tmp_path: Path, ring: KeyRing, pin: bytes
) -> None:
    def use(address: tuple[str, int], identity: BoxIdentity) -> None:
        with pytest.raises(FirstSilentError, match="another certificate"):
            CopyingLine(address, issued(identity)[0], pin)

    served(tmp_path, ring, use)


def test_what_the_first_refuses_is_an_error_with_its_reason(
    tmp_path: Path, ring: KeyRing
) -> None:
    def use(address: tuple[str, int], identity: BoxIdentity) -> None:
        line = CopyingLine(address, issued(identity)[0], fingerprint(identity.certificate()))
        with pytest.raises(FirstRefusedError, match="failed: no"):
            line.ask(Ask("clinical", 0, b"", 0, 1, 0))
        line.close()

    served(tmp_path, ring, use)


def test_a_private_key_lies_in_no_file_in_clear(tmp_path: Path, ring: KeyRing) -> None:
    identity = BoxIdentity(tmp_path / "copies", ring)
    identity.make_authority("Saint Elisabeth", NOW)
    assert b"PRIVATE" not in (tmp_path / "copies" / "box.key").read_bytes()
    assert (tmp_path / "copies" / "box.key").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("box1", ("box1", 8444)),
        ("10.0.0.1:9", ("10.0.0.1", 9)),
        ("[fd00::1]:9", ("fd00::1", 9)),
        ("[fd00::1]", ("fd00::1", 8444)),
        ("fd00::1", ("fd00::1", 8444)),
    ],
)
def test_an_address_is_read_as_people_write_it(text: str, address: tuple[str, int]) -> None:
    assert address_of(text, 8444) == address


@pytest.mark.parametrize("text", ["", ":9", "box:x", "box:0", "box:70000"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        address_of(text, 8444)
