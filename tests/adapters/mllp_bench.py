"""A site with feeds and a real ledger, and senders that behave as they like."""

import asyncio
import datetime as dt
import ipaddress
import os
import select
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.adapters.rations import Rations
from wardkeep.hospital.site import Feed
from wardkeep.ledger.arrival import Appended, Arrival, ClinicalWriter, Verdict
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.wire.mllp import frame

AT = 1_779_506_130_000_000  # 2026-05-23 03:15:30 UTC
FEED = Feed(name="adt", port=0)


class Recorder:
    """The real ledger, and a note of what was handed to it, group by group."""

    def __init__(self, folder: Path) -> None:
        (folder / "keys").mkdir()
        (folder / "clinical").mkdir()
        self.ring, _ = make_key_ring(folder / "keys")
        self._store = ClinicalStore(folder / "clinical", self.ring)
        self.groups: list[list[Arrival]] = []

    @property
    def arrivals(self) -> list[Arrival]:
        return [arrival for group in self.groups for arrival in group]

    @property
    def bodies(self) -> list[bytes]:
        return [arrival.body for arrival in self.arrivals]

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        appended = self._store.append(arrivals)
        self.groups.append(list(arrivals))
        return appended

    def close(self) -> None:
        self._store.close(AT)


class BrokenDisk:
    """A ledger whose disk takes `good` commits and then none."""

    def __init__(self, good: int = 0) -> None:
        self.good = good

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        if self.good <= 0:
            raise StoreFailedError("disk full")
        self.good -= 1
        return [Appended(n, each.received, Verdict.NEW) for n, each in enumerate(arrivals, 1)]


class Watched:
    """A ledger before whose next commit something happens; the first `failing` of them fail."""

    def __init__(
        self,
        behind: ClinicalWriter,
        before: Callable[[], None] = lambda: None,
        failing: int = 0,
        fault: Exception | None = None,
    ) -> None:
        self._behind, self._failing = behind, failing
        self._fault = fault or StoreFailedError("disk full")
        self.before = before

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        before, self.before = self.before, lambda: None
        before()
        if self._failing:
            self._failing -= 1
            raise self._fault
        return self._behind.append(arrivals)


@asynccontextmanager
async def listening(
    writer: ClinicalWriter,
    *feeds: Feed,
    unfinished_bytes: int = 256 << 20,
    clock: Callable[[], int] = lambda: AT,
    rations: Rations | None = None,
) -> AsyncIterator[MllpServer]:
    server = MllpServer(
        feeds or (FEED,), writer, clock, unfinished_bytes=unfinished_bytes, rations=rations
    )
    await server.start()
    try:
        yield server
    finally:
        await server.close()


async def until(condition: Callable[[], object]) -> None:
    """Let everything else run until the condition holds."""
    while not condition():  # noqa: ASYNC110  (a figure of the server, told by no event)
        await asyncio.sleep(0)


class Sender:
    """A sender that writes any bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def write(self, stream: bytes) -> None:
        self.writer.write(stream)
        await self.writer.drain()

    def write_at_once(self, stream: bytes) -> None:
        """Write past the loop, while it is busy with a commit."""
        assert os.write(self._handle, stream) == len(stream)

    def has_answer(self) -> bool:
        """Say whether bytes wait in the kernel that the loop has not read."""
        return select.select([self._handle], [], [], 0)[0] != []

    @property
    def _handle(self) -> int:
        handle = self.writer.get_extra_info("socket").fileno()
        assert isinstance(handle, int)
        return handle

    async def answer(self) -> bytes:
        """Return the next answer's body; raises IncompleteReadError when there comes none."""
        answer = await self.reader.readuntil(b"\x1c\r")
        assert answer.startswith(b"\x0b")
        return answer[1:-2]

    async def told(self, body: bytes) -> bytes:
        await self.write(frame(body))
        return await self.answer()

    async def is_closed(self) -> bool:
        """Wait until the receiver closes; say whether it did so without another byte."""
        try:
            return await self.reader.read() == b""
        except ConnectionResetError:
            return True

    async def close(self) -> None:
        self.writer.close()
        with suppress(OSError):
            await self.writer.wait_closed()


@asynccontextmanager
async def sender(server: MllpServer, feed: int = 0, **how: object) -> AsyncIterator[Sender]:
    port = server.figures()[feed].port
    reader, writer = await asyncio.open_connection("127.0.0.1", port, **how)  # type: ignore[arg-type]
    one = Sender(reader, writer)
    try:
        yield one
    finally:
        await one.close()


def admission(control: str = "1", more: str = "") -> bytes:
    return (
        f"MSH|^~\\&|ADT|GHQV|WARDKEEP|SITE|20260523051500||ADT^A01^ADT_A01|{control}|P|2.5.1\r"
        f"EVN||20260523\rPID|1||77^^^GHQV^MR||Gwénaëlle{more}\r"
    ).encode("latin-1")


def code_of(answer: bytes) -> bytes:
    return answer.split(b"\rMSA|")[1].rstrip(b"\r")


def certificate(folder: Path, name: str) -> tuple[str, str]:
    """Make a self-signed certificate for loopback; return the paths of it and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(begin.replace(year=2126))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    proof, secret = folder / f"{name}.pem", folder / f"{name}.key"
    proof.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(proof), str(secret)
