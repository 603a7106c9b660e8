"""A second box takes what the first's ledger vouches for, and loses nothing to a disaster."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.estates import known_sample
from tests.web.forecasts import sampled

from wardkeep.foresight.events import ForesightEvent, MapForgotten, MapImported, RiskAccepted
from wardkeep.foresight.figures import Range
from wardkeep.foresight.kept import KeptForecast, encode
from wardkeep.foresight.map_copy import (
    KEPT_FORECASTS,
    LAST_FORECAST,
    Words,
    in_words,
    is_known,
    last_words,
    layer_name,
    plan,
    refused,
)
from wardkeep.foresight.page.whole import encode as encode_whole
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import Layer
from wardkeep.kernel.wall_clock import micros
from wardkeep.wire.copying import LONGEST_MAP, MapList, MapPart

SOURCES, PARTS = ("cmdb", "scan"), ("server", "service")
NAMES = [layer_name(source, part) for source in SOURCES for part in PARTS]
RISK = RiskAccepted(
    at=1, by="it", check="", item="", reason="", accepted_by="lea", review="2027-01-01"
)


def layer(source: str, part: str, at: int, *ids: str) -> Layer:
    items = tuple(Server(id=each) for each in ids)
    return Layer(source=source, part=part, rank=1, at=at, items=items)


def content(made: Layer) -> bytes:
    return msgspec.json.encode(made)


def part_of(name: str, held: bytes) -> MapPart:
    return MapPart(name, hashlib.sha256(held).digest(), len(held))


def imported(made: Layer) -> MapImported:
    return MapImported(
        at=made.at,
        by="it",
        source=made.source,
        part=made.part,
        items=len(made.items),
        added=0,
        changed=0,
        gone=0,
        refused=made.refused,
    )


def forgotten(made: Layer) -> MapForgotten:
    return MapForgotten(
        at=made.at, by="it", source=made.source, part=made.part, items=len(made.items)
    )


class Box:
    """The parts that a box holds."""

    def __init__(self) -> None:
        self.parts: dict[str, bytes] = {}

    def listed(self) -> MapList:
        return MapList(tuple(part_of(name, held) for name, held in self.parts.items()))

    def follow(self, first: Box, words: Words) -> dict[str, str]:
        """Do what a second box does once a second; return what it leaves alone, and why."""
        digests = {name: hashlib.sha256(held).digest() for name, held in self.parts.items()}
        planned = plan(digests, first.listed(), words)
        left = dict(planned.left)
        for part in planned.wanted:
            came = first.parts[part.name]
            why = refused(part, came, words, self.parts.get(part.name, b""), NOW)
            if why:
                left[part.name] = why
            else:
                self.parts[part.name] = came
        for name in planned.gone:
            del self.parts[name]
        return left


steps = st.lists(
    st.tuples(
        st.sampled_from(["import", "forget", "wipe", "put back", "unrecorded", "follow"]),
        st.sampled_from(SOURCES),
        st.sampled_from(PARTS),
        st.integers(0, 3),
    ),
    max_size=30,
)


@given(steps)
def test_whatever_befalls_the_first_its_second_box_holds_what_the_ledger_said_last(
    told: list[tuple[str, str, str, int]],
) -> None:
    first, second = Box(), Box()
    words: Words = {}
    true: dict[str, bytes] = {}
    """What was imported last and not forgotten, as the second box could have seen it."""
    older: dict[str, bytes] = {}
    seen: dict[str, bytes] = {}
    for at, (what, source, part, number) in enumerate(told, start=1):
        name = layer_name(source, part)
        made = layer(source, part, at, *map(str, range(number)))
        if what == "import":
            older[name] = first.parts.get(name, b"")
            first.parts[name] = true[name] = content(made)
            words = last_words([imported(made)], words)
        elif what == "forget" and name in first.parts:
            del first.parts[name]
            true.pop(name, None)
            words = last_words([forgotten(made)], words)
        elif what == "wipe":
            first.parts.clear()
        elif what == "put back" and older.get(name):
            first.parts[name] = older[name]
        elif what == "unrecorded":
            first.parts[name] = content(made)
        elif what == "follow":
            second.follow(first, words)
            seen |= {n: held for n, held in first.parts.items() if true.get(n) == held}
            seen = {
                n: held
                for n, held in seen.items()
                if not isinstance(words[n], MapForgotten) or first.parts.get(n) == held
            }
            assert second.parts == seen


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 9)))
def test_a_sound_first_is_copied_whole_at_once_and_then_nothing_is_left_to_do(
    numbers: dict[str, int],
) -> None:
    first, second = Box(), Box()
    words: Words = {}
    for at, (name, number) in enumerate(numbers.items(), start=1):
        source, _, part = name.removeprefix("map/").partition(".")
        made = layer(source, part, at, *map(str, range(number)))
        first.parts[name] = content(made)
        words = last_words([imported(made), RISK], words)
    assert second.follow(first, words) == {}
    assert second.parts == first.parts
    digests = {each.name: each.digest for each in first.listed().parts}
    assert plan(digests, first.listed(), words) == ((), (), {})


NOW = micros(datetime(2026, 11, 30, tzinfo=UTC))
MADE = layer("cmdb", "server", 7, "db1")
NAME, HELD = layer_name("cmdb", "server"), content(MADE)
NEWER = HELD.replace(b'"kind":"server"', b'"kind":"starship"')


@pytest.mark.parametrize(
    ("part", "came", "said", "why"),
    [
        (part_of(NAME, HELD), HELD, imported(MADE), ""),
        (part_of(NAME, HELD), HELD[:-1], imported(MADE), "changed on the way"),
        (part_of(NAME, HELD), HELD[:-1] + b" ", imported(MADE), "changed on the way"),
        (part_of("map/scan.server", HELD), HELD, imported(MADE), "another part"),
        (part_of(NAME, NEWER), NEWER, imported(MADE), "cannot read it"),
        (part_of(NAME, b"\xff"), b"\xff", imported(MADE), "cannot read it"),
        (part_of(NAME, HELD), HELD, forgotten(MADE), "does not say"),
        (part_of(NAME, HELD), HELD, RISK, "does not say"),
        (
            part_of(NAME, HELD),
            HELD,
            imported(layer("cmdb", "server", 8, "db1")),
            "does not say",
        ),
        (part_of(NAME, HELD), HELD, imported(layer("cmdb", "server", 7)), "does not say"),
    ],
)
def test_a_layer_is_taken_only_whole_readable_and_as_the_ledger_says(
    part: MapPart, came: bytes, said: ForesightEvent, why: str
) -> None:
    found = refused(part, came, last_words([said], {}), b"", NOW)
    assert (why in found) if why else found == ""


def day(number: int) -> str:
    return f"2026-11-{number:02}T12:00:00Z"


def kept(*made: str) -> bytes:
    some = Range(1, 2, 3)
    return encode(
        [
            KeptForecast(
                made=each,
                map_as_of=None,
                fingerprint=each,
                version="0.3.0",
                replicas=1,
                seed=1,
                entry="mail",
                late=some,
                days_until_all_back=some,
                euros=some,
            )
            for each in made
        ]
    )


@pytest.mark.parametrize(
    ("came", "before", "why"),
    [
        (kept(day(29)), b"", ""),
        (kept(day(29), day(1)), kept(day(28)), ""),
        (kept(day(27)), kept(day(28)), "older"),
        (b"{", kept(day(28)), "cannot read it"),
        (kept(day(27)), b"damaged", ""),
        (kept("zzz"), kept(day(28)), "drawn at no moment"),
        (kept("2099-01-01T00:00:00Z"), kept(day(28)), "which is to come"),
    ],
)
def test_forecasts_are_taken_unless_they_are_older_than_those_held(
    came: bytes, before: bytes, why: str
) -> None:
    found = refused(part_of(KEPT_FORECASTS, came), came, {}, before, NOW)
    assert (why in found) if why else found == ""


SAMPLE = sampled(known_sample())


def last(made: str = day(28), **other: object) -> bytes:
    return encode_whole(msgspec.structs.replace(SAMPLE, made=made, **other))


@pytest.mark.parametrize(
    ("came", "before", "why"),
    [
        (last(day(29)), b"", ""),
        (last(day(29)), last(day(28)), ""),
        (last(day(27)), last(day(28)), "older"),
        (b"\xc1", last(day(28)), "cannot read it"),
        (last("2099-01-01T00:00:00Z"), last(), "which is to come"),
        (last(worst="none of them"), last(), "is none of its ways in"),
        (last(map_as_of="yesterday"), last(), "'yesterday' is no moment"),
    ],
)
def test_the_last_forecast_is_taken_whole_by_the_same_rule(
    came: bytes, before: bytes, why: str
) -> None:
    found = refused(part_of(LAST_FORECAST, came), came, {}, before, NOW)
    assert (why in found) if why else found == ""


@pytest.mark.parametrize(
    ("name", "came"),
    [
        (KEPT_FORECASTS, b'[{"made":"\xff"}]'),
        (LAST_FORECAST, b"\x81\xa4made\xa2\xff\xfe"),
        (KEPT_FORECASTS, b'[{"x":' + b"[" * 200_000),
        (LAST_FORECAST, b"\x81\xa1x" + b"\x91" * 200_000),
        (NAME, b'{"source":"\xff"}'),
        (NAME, b'{"x":' + b"[" * 200_000),
    ],
)
def test_bytes_that_no_release_wrote_are_refused_and_end_no_copying(
    name: str, came: bytes
) -> None:
    words = last_words([imported(MADE)], {})
    assert "cannot read it" in refused(part_of(name, came), came, words, b"", NOW)


def test_forecasts_that_vanished_stay_and_a_part_that_the_first_cannot_open_is_named() -> None:
    digest = hashlib.sha256(HELD).digest()
    listed = MapList((), shut=(NAME, "unknown/part"))
    planned = plan({NAME: digest, KEPT_FORECASTS: digest}, listed, {})
    assert planned.gone == planned.wanted == ()
    assert planned.left == {
        NAME: "the first cannot open it",
        KEPT_FORECASTS: "the first has it no longer, and never said that it was forgotten",
    }


def test_what_the_ledger_says_was_forgotten_is_not_fetched_though_it_lies_there() -> None:
    words = last_words([imported(MADE), forgotten(MADE)], {})
    planned = plan({}, MapList((part_of(NAME, HELD),)), words)
    assert planned == ((), (), {NAME: "the ledger says that it was forgotten"})


def test_a_map_beyond_the_limit_is_left_where_it_is_and_said() -> None:
    listed = MapList((MapPart(NAME, bytes(32), LONGEST_MAP + 1),))
    assert "at most" in plan({}, listed, {}).left[NAME]


@pytest.mark.parametrize(
    "name",
    ["", "map/", "map/..", "map/../x.y", "map/a", "map/A.b", "map/a.b\n", "map/a.b/c", "x/a.b"],
)
def test_a_name_that_is_no_part_of_a_map_is_passed_over(name: str) -> None:
    assert not is_known(name)
    listed = MapList((MapPart(name, bytes(32), 1),), shut=(name,))
    assert plan({}, listed, {}) == ((), (), {})


def test_of_much_that_is_not_taken_the_first_few_are_named() -> None:
    assert in_words({}) == ""
    assert in_words({"b": "why", "a": "so"}) == "a: so; b: why"
    assert in_words(dict.fromkeys("abcde", "x")).endswith("c: x; and 2 more")
