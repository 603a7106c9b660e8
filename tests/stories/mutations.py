"""Messages, bundles and streams as a broken or hostile sender would write them.

From a corpus of whole messages and a seed; the same seed gives the same mutations.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from wardkeep.sample.mix import mix

_LARGEST = 24_000
"""Bytes of a message taken from the corpus: a million of the 600 kB ones would take a day."""
_GROWTH = 64_000
"""No mutation makes a message longer than this."""
FRAMING = b"\x0b\x1c"
_WORDS = (
    b"|", b"^", b"~", b"\\", b"&", b"#", b"\r", b"\n", b"\r\n", b"\0", b"\xff", b"\xfe\xff",
    b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80\xae", b"\x1b[2J", b'""',
    b"\\X0D\\", b"\\X", b"\\E\\", b"\\.br\\", b"\\Zabc\\", b"MSH|^~\\&|", b"MSH", b"BHS|^~\\&",
    b"FHS|^~\\&", b"FTS|1", b"BTS|9999999999", b"PID|", b"ORC|DC|", b"RXA|", b"MRG|", b"EVN|",
    b"99999999999999999999", b"-1", b"1e309", b"NaN", b"20261025023000", b"20260230", b"0000",
    b"99991231235959.9999+9999", b"UNICODE UTF-8", b"8859/1", b"UNICODE", b"=cmd|' /C calc'!A0",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", b"${jndi:ldap://x}", b"';--",
    b"../../etc/passwd", b"%00", b"%s%s%n", b"{{7*7}}", b'#let x = read("/etc/passwd")',
    b'{"resourceType":', b"[", b"}", b'"', b"\\ud800", b"true", b"null", b"1e999",
    b'"urn:uuid:', b'"reference":"Patient/', b'"data-absent-reason"',
    b'"modifierExtension":[{}]',
)  # fmt: skip


def corpus(shared: Path | None, seed: int) -> list[bytes]:
    """Return whole messages: the sample hospital's, and the public ones where they lie."""
    found = list(mix(140, seed))
    if shared is not None and shared.is_dir():
        for path in sorted((shared / "data" / "hl7").rglob("*")):
            if path.suffix in {".hl7", ".er7", ".txt"} and path.stat().st_size <= _LARGEST:
                found.append(path.read_bytes())
    return [body.translate(None, FRAMING) for body in found]


def bundles(shared: Path | None) -> list[bytes]:
    """Return whole FHIR bundles where public ones lie, and one by hand."""
    by_hand = (
        b'{"resourceType":"Bundle","type":"transaction","entry":[{"fullUrl":"urn:uuid:1",'
        b'"resource":{"resourceType":"Patient","id":"1","identifier":[{"value":"4711"}],'
        b'"name":[{"family":"Peeters","given":["An"]}],"birthDate":"1934-03-07"},'
        b'"request":{"method":"PUT","url":"Patient/1"}},{"resource":{"resourceType":"Flag",'
        b'"status":"active","code":{"text":"x"},"subject":{"reference":"urn:uuid:1"}}}]}'
    )
    found = [by_hand]
    if shared is not None and shared.is_dir():
        for path in sorted((shared / "data" / "hl7").rglob("*.json")):
            if path.stat().st_size <= _LARGEST:
                found.append(path.read_bytes())
    return found


def mutated(whole: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Yield mutations of the corpus for ever: some bytes, words, fields or segments change."""
    random = Random(f"mutations {seed}")
    ways: tuple[Callable[[bytes, Random], bytes], ...] = (
        _flip, _cut, _insert, _insert, _repeat, _swap_fields, _shuffle_lines, _end_early,
    )  # fmt: skip
    while True:
        body = random.choice(whole)
        if random.random() < 0.1:
            other = random.choice(whole)
            body = (
                body[: random.randrange(len(body) + 1)] + other[random.randrange(len(other)) :]
            )
        for _ in range(1 + int(random.expovariate(0.6))):
            body = random.choice(ways)(body, random)
        yield body[:_GROWTH]


def streams(whole: Sequence[bytes], seed: int) -> Iterator[bytes]:
    """Yield streams of frames with starts, ends and junk where they do not belong."""
    random = Random(f"streams {seed}")
    bodies = mutated(whole, seed)
    marks = (b"\x0b", b"\x1c", b"\x1c\r", b"\r", b"\n", b"", b"", b"\x0b\x0b", b"\x1c\x1c")
    while True:
        pieces = []
        for body in itertools.islice(bodies, random.randint(1, 4)):
            pieces += [random.choice((b"\x0b", b"\x0b", *marks)), body[:2_000]]
            pieces.append(random.choice((b"\x1c\r", b"\x1c\r", *marks)))
        yield b"".join(pieces)


def packets(stream: bytes, random: Random) -> list[bytes]:
    """Return a stream in packets of any size."""
    places = sorted(random.choices(range(len(stream) + 1), k=random.randint(0, 5)))
    return [stream[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]


def _flip(body: bytes, random: Random) -> bytes:
    changed = bytearray(body)
    for _ in range(random.randint(1, 8)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    return body[:at] + body[at + random.randint(1, 200) :]


def _insert(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    word = random.choice(_WORDS) * random.choice((1, 1, 1, 2, 300))
    return body[:at] + word + body[at:]


def _repeat(body: bytes, random: Random) -> bytes:
    at = random.randrange(len(body) + 1)
    piece = body[at : at + random.randint(1, 120)]
    return body[:at] + piece * random.choice((2, 3, 50)) + body[at:]


def _swap_fields(body: bytes, random: Random) -> bytes:
    by = random.choice((b"|", b"^", b"~", b'"', b",", b":"))
    fields = body.split(by)
    a, b = random.randrange(len(fields)), random.randrange(len(fields))
    fields[a], fields[b] = fields[b], fields[a]
    return by.join(fields)


def _shuffle_lines(body: bytes, random: Random) -> bytes:
    lines = body.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


def _end_early(body: bytes, random: Random) -> bytes:
    return body[: random.randrange(len(body) + 1)]
