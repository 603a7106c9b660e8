"""What two boxes say to each other when one copies the other's ledgers; bytes and values.

A message is a frame: its length (4 bytes, big-endian), one byte that says how the content is
packed (0: as it is, 1: zlib, RFC 1950), the content: a MessagePack map with its kind in "type".
Each request has one answer; the follower asks, the first answers (docs/design.md, "Following").
"""

from __future__ import annotations

import zlib
from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T")

FORM = 1
LENGTH_BYTES = 4
LONGEST_REQUEST = 1024 * 1024
LONGEST_ANSWER = 192 * 1024 * 1024
"""A message of a feed may have 64 MB; one answer holds at most one beyond its byte limit."""
LONGEST_PIECE = 4 * 1024 * 1024
"""So much of a part of the map is in one answer: the ledgers' answers are not kept waiting."""
LONGEST_MAP = 256 * 1024 * 1024
"""All parts together; a map beyond this is not copied: what changed is held in memory whole."""
MOST_PARTS = 1_000
_SMALL = 512
_PLAIN, _ZLIB = b"\x00", b"\x01"

Row = tuple[int, bytes, bytes]
"""Sequence, payload, head after it."""
Seal = tuple[int, bytes, bytes]
"""Sequence, checkpoint body, signature."""
Digest = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
"""SHA-256."""


class FrameError(ValueError):
    """Bytes are no message of this protocol, or one beyond its limits."""


class Greet(msgspec.Struct, frozen=True, tag="greet"):
    """The follower asks what it follows; `form` is the version of the protocol."""

    form: int = FORM


class Greeting(msgspec.Struct, frozen=True, tag="greeting", kw_only=True):
    """What the first says of itself.

    `settings` is TOML, what charts and paper depend on; `recovery` the public recovery key;
    `signers` names and Ed25519 keys of all boxes that signed its ledgers, its own first;
    `pack_keys` holders and public keys (age) of those whose envelopes open its packs.
    """

    form: int
    name: str
    code: str
    settings: str
    recovery: str
    signers: tuple[tuple[str, bytes], ...]
    follower: str
    """How the first calls whoever asks, empty before it is paired."""
    pack_keys: tuple[tuple[str, str], ...] = ()
    """Not told by a first of release 0.2."""
    map: str = ""
    """`given` or `withheld`: whether `ask-map` is answered. Empty from a first before 0.3."""


class Join(msgspec.Struct, frozen=True, tag="join"):
    """Uses an invitation: its secret, a certificate request (PEM), the signer's 32 bytes."""

    secret: bytes
    request: bytes
    signer: bytes


class Joined(msgspec.Struct, frozen=True, tag="joined"):
    """The follower's name and its certificate (PEM)."""

    name: str
    certificate: bytes


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """Asks for what follows entry `after`, whose head the follower holds as `head`.

    `sealed` is its newest checkpoint; where nothing follows, the answer may wait `wait`
    milliseconds for it. `most` entries at most.
    """

    ledger: str
    after: int
    head: bytes
    sealed: int
    most: int
    wait: int


class FileStart(msgspec.Struct, frozen=True, array_like=True):
    """The file that rows lie in: its period, first sequence, the head before, its format."""

    stem: str
    first: int
    head: bytes
    form: int


class Chunk(msgspec.Struct, frozen=True, tag="chunk", kw_only=True):
    """Rows and checkpoints of one file, in order; none where nothing follows.

    `newest` is how far the ledger has come, `agrees` whether the first holds `after` with that
    head (None: it does not hold the entry), `waited` microseconds between request and answer,
    `broken` that rows between could not be read from the first's disk.
    """

    start: FileStart | None
    rows: tuple[Row, ...]
    seals: tuple[Seal, ...]
    newest: int
    agrees: bool | None
    waited: int
    broken: bool = False


class Held(msgspec.Struct, frozen=True, tag="held"):
    """A checkpoint over the heads of the copies, signed by the follower (ledger.checkpoint).

    `seals` are the first's own newest checkpoints that it holds: body and signature of each.
    """

    body: bytes
    signature: bytes
    seals: tuple[tuple[bytes, bytes], ...] = ()


Told = tuple[int, str, str, str, str]
"""A look at a patient: at, who, record, page, why."""


class Looks(msgspec.Struct, frozen=True, tag="looks"):
    """Looks at patients on the follower's screens, the last of them its entry `upto`."""

    upto: int
    looks: tuple[Told, ...]


class AskMap(msgspec.Struct, frozen=True, tag="ask-map"):
    """Asks which parts the map of the hospital has, and what is kept of its forecasts."""


class MapPart(msgspec.Struct, frozen=True, array_like=True):
    """A part by its name (`map/SOURCE.PART`, `foresight/NAME`), SHA-256 and size in bytes."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    digest: Digest
    size: Annotated[int, msgspec.Meta(ge=0)]


class MapList(msgspec.Struct, frozen=True, tag="map-list"):
    """Every part that the first has; of those in `shut` it can open none itself."""

    parts: Annotated[tuple[MapPart, ...], msgspec.Meta(max_length=MOST_PARTS)]
    shut: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_PARTS)] = ()


class AskPiece(msgspec.Struct, frozen=True, tag="ask-piece"):
    """Asks for the bytes of a part from `offset` on, as long as it has this SHA-256."""

    name: str
    digest: Digest
    offset: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_MAP)]


class Piece(msgspec.Struct, frozen=True, tag="piece"):
    """Some bytes of a part; none where it has become another or is gone."""

    content: Annotated[bytes, msgspec.Meta(max_length=LONGEST_PIECE)]


class Done(msgspec.Struct, frozen=True, tag="done"):
    """It is done."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It is not done; `code` is stable.

    Codes: not-paired, invitation, unreadable, form, failed, map-withheld.
    """

    code: str
    what: str


Request = Greet | Join | Ask | Held | Looks | AskMap | AskPiece
Answer = Greeting | Joined | Chunk | MapList | Piece | Done | Refused
_encoder = msgspec.msgpack.Encoder()
_requests: msgspec.msgpack.Decoder[Request] = msgspec.msgpack.Decoder(Request)
_answers: msgspec.msgpack.Decoder[Answer] = msgspec.msgpack.Decoder(Answer)


def frame(message: Request | Answer) -> bytes:
    """Return the bytes of a message, packed where that pays."""
    content, how = _encoder.encode(message), _PLAIN
    if len(content) > _SMALL:
        # Level 1: 200 MB/s a core and half the size; more costs more than the wire.
        content, how = zlib.compress(content, 1), _ZLIB
    return (len(content) + 1).to_bytes(LENGTH_BYTES, "big") + how + content


def length(head: bytes, longest: int) -> int:
    """Return how many bytes follow the first four of a frame; raises FrameError."""
    size = int.from_bytes(head, "big")
    if not 1 <= size <= longest:
        raise FrameError(f"a message of {size} bytes")
    return size


def read_request(content: bytes) -> Request:
    """Return the request that follows a length; raises FrameError."""
    return _decoded(_requests, content, LONGEST_REQUEST)


def read_answer(content: bytes) -> Answer:
    """Return the answer that follows a length; raises FrameError."""
    return _decoded(_answers, content, LONGEST_ANSWER)


def _decoded(decoder: msgspec.msgpack.Decoder[T], content: bytes, longest: int) -> T:
    try:
        return decoder.decode(_unpacked(content, longest))
    except (msgspec.DecodeError, UnicodeDecodeError, zlib.error) as fault:
        raise FrameError(f"a message that cannot be read: {fault}") from fault


def _unpacked(content: bytes, longest: int) -> bytes:
    how, packed = content[:1], content[1:]
    if how == _PLAIN:
        return packed
    if how != _ZLIB:
        raise FrameError(f"a message packed in an unknown way: {how!r}")
    # Bounded: a few kilobytes of zlib may stand for gigabytes.
    unpacking = zlib.decompressobj()
    whole = unpacking.decompress(packed, longest)
    if not unpacking.eof:
        raise FrameError(f"a message that is cut off, or beyond {longest} bytes")
    return whole
