"""Messages in the proportions of a hospital's traffic, for loading servers and readers.

The mix is 6 ADT, 2 RDE, 3 RAS, 2 ORU, 1 SIU of every 14, the one that published measurements of
receivers were made with. Every message is whole and has its own control id.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from wardkeep.kernel.times import SECOND
from wardkeep.sample.group import SENDERS
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size

SHARES = {"ADT": 6, "RDE": 2, "RAS": 3, "ORU": 2, "SIU": 1}
_SIZE = Size(wards=12, patients=300, appointments=400, messages_a_day=0, history_hours=6)
_START = 1_653_350_400_000_000  # 2022-05-24T00:00:00Z: any day does, but always the same one
_KINDS = {kind.encode(): kind for kind in SHARES}
_KIND_FIELD, _CONTROL_FIELD, _TIME_FIELD = 8, 9, 6


def templates(seed: int) -> dict[str, list[tuple[str, list[bytes]]]]:
    """Return feed and fields of the header, and the rest, of messages of each kind."""
    found: dict[str, list[tuple[str, list[bytes]]]] = {kind: [] for kind in SHARES}
    for sent in Hospital(seed, _START, _SIZE).first_fill():
        fields = sent.body.split(b"|", _CONTROL_FIELD + 1)
        kind = _KINDS.get(fields[_KIND_FIELD][:3])
        if kind is not None:
            found[kind].append((sent.feed, fields))
    return found


def mixed(count: int, seed: int, start: int = _START) -> Iterator[tuple[str, bytes]]:
    """Yield feed and bytes of `count` messages in the shares; the same for the same seed.

    Control ids never repeat; MSH-7 goes on by a second every 4 messages from `start` (UTC
    microseconds), the pace of 300,000 messages a day.
    """
    chance, clock = Random(f"mix {seed}"), LocalTime()
    known = templates(seed)
    turn = [kind for kind, share in SHARES.items() for _ in range(share)]
    chance.shuffle(turn)
    places = dict.fromkeys(SHARES, 0)
    stamp = (b"", b"")
    for number in range(count):
        if number % 4 == 0:
            stamp = _stamps(clock, start + number // 4 * SECOND)
        kind = turn[number % len(turn)]
        ready = known[kind]
        feed, fields = ready[places[kind] % len(ready)]
        places[kind] += 1
        head = fields[:]
        head[_TIME_FIELD] = stamp[SENDERS[feed].offset]
        head[_CONTROL_FIELD] = b"%s%09d" % (SENDERS[feed].prefix.encode(), number + 1)
        yield feed, b"|".join(head)


def _stamps(clock: LocalTime, at: int) -> tuple[bytes, bytes]:
    return (clock.stamp(at, offset=False).encode(), clock.stamp(at, offset=True).encode())


def mix(count: int, seed: int) -> Iterator[bytes]:
    """Yield the bytes of `count` messages in the shares; the same for the same seed."""
    for _, body in mixed(count, seed):
        yield body
