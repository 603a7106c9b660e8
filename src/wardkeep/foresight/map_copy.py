"""What a second box takes of its first's map, and what it keeps against it; pure.

The night on which a copy is needed is the night on which somebody destroys the first. So a part
is taken only if the operations ledger, of which the second box has its own proven copy, says
that it was imported so, and taken away only if that ledger says that it was forgotten. A part
that vanished, was rolled back or cannot be opened at the first stays here as it was.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from wardkeep.foresight.errors import UNREADABLE, KeptForecastError
from wardkeep.foresight.events import ForesightEvent, MapForgotten, MapImported
from wardkeep.foresight.kept import decode as decode_kept
from wardkeep.foresight.page.whole import decode as decode_whole
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.whole import Layer
from wardkeep.kernel.wall_clock import is_utc, utc
from wardkeep.wire.copying import LONGEST_MAP, MapList, MapPart

KEPT_FORECASTS, LAST_FORECAST = "foresight/kept", "foresight/whole"
FORECASTS = (KEPT_FORECASTS, LAST_FORECAST)
"""The sums of the last forecast over each map, and the last one whole."""
LAYER = re.compile(r"map/([a-z0-9][a-z0-9_-]{0,59})\.([a-z0-9][a-z0-9_-]{0,59})")
"""The name of a part that is a layer: what one source said of one kind, or by one format."""
_MOST_NAMED = 3
_AHEAD = 86_400_000_000
"""Microseconds by which the clocks of two boxes may differ at most: a day."""
_layers = msgspec.json.Decoder(Layer)

LastWord = MapImported | MapForgotten
Words = Mapping[str, LastWord]
"""What the ledger said last of each layer, by its name."""


class Plan(NamedTuple):
    """What is to be fetched, what goes, and what of the first's is left alone, with why."""

    wanted: tuple[MapPart, ...]
    gone: tuple[str, ...]
    left: Mapping[str, str]


def layer_name(source: str, part: str) -> str:
    """Return the name under which a layer is copied."""
    return f"map/{source}.{part}"


def last_words(events: Iterable[ForesightEvent], known: Words) -> Words:
    """Return what the ledger said last of each layer, after more of its events."""
    words = dict(known)
    for event in events:
        if isinstance(event, LastWord):
            words[layer_name(event.source, event.part)] = event
    return words


def plan(held: Mapping[str, bytes], listed: MapList, words: Words) -> Plan:
    """Return what makes the parts held (SHA-256 by name) those of the first.

    Parts of a kind that this release does not know are passed over.
    """
    named = {each.name: each for each in listed.parts if is_known(each.name)}
    left = {name: "the first cannot open it" for name in listed.shut if is_known(name)}
    wanted, gone = [], []
    size = sum(part.size for part in named.values())
    for name, part in named.items():
        if held.get(name) == part.digest:
            continue
        if size > LONGEST_MAP:
            left[name] = f"the map has {size:,} bytes, {LONGEST_MAP:,} are copied at most"
        elif isinstance(words.get(name), MapForgotten):
            left[name] = "the ledger says that it was forgotten"
        else:
            wanted.append(part)
    for name in sorted(held.keys() - named.keys() - left.keys()):
        if isinstance(words.get(name), MapForgotten):
            gone.append(name)
        else:
            left[name] = "the first has it no longer, and never said that it was forgotten"
    return Plan(tuple(wanted), tuple(gone), left)


def is_known(name: str) -> bool:
    """Tell whether this release keeps parts of such a name."""
    return name in FORECASTS or LAYER.fullmatch(name) is not None


def refused(part: MapPart, content: bytes, words: Words, before: bytes, now: int) -> str:
    """Return why a part that came is not put in the place of `before`, empty where it may be.

    It must be whole, readable here, and what the ledger says was imported last; forecasts, of
    which the ledger tells nothing, no older than those that are held, and not of a day to come:
    such a one would keep out every true one after it. `now`: UTC microseconds.
    """
    if len(content) != part.size or hashlib.sha256(content).digest() != part.digest:
        return "it changed on the way"
    if part.name in FORECASTS:
        return _refused_forecasts(part.name, content, before, now)
    try:
        layer = _layers.decode(content)
    except (*UNREADABLE, MapItemError) as fault:
        return f"this release cannot read it: {fault}"
    if layer_name(layer.source, layer.part) != part.name:
        return "it is another part than its name says"
    word = words.get(part.name)
    told = (layer.at, len(layer.items), layer.refused)
    if not isinstance(word, MapImported) or told != (word.at, word.items, word.refused):
        return "the ledger does not say that it was imported so"
    return ""


def in_words(left: Mapping[str, str]) -> str:
    """Return what is left alone, for people: the first few by name."""
    some = [f"{name}: {why}" for name, why in sorted(left.items())[:_MOST_NAMED]]
    more = len(left) - _MOST_NAMED
    return "; ".join(some) + (f"; and {more} more" if more > 0 else "")


def _refused_forecasts(name: str, content: bytes, before: bytes, now: int) -> str:
    try:
        newest = _made(name, content)
    except KeptForecastError as fault:
        return f"this release cannot read it: {fault}"
    if newest > utc(now + _AHEAD):
        return f"it was drawn at {newest}, which is to come"
    try:
        held = _made(name, before)
    except KeptForecastError:
        return ""  # what is held is of no use
    return "" if newest >= held else "the first's forecasts are older than those held here"


def _made(name: str, content: bytes) -> str:
    """Return when the newest forecast was drawn, UTC, ISO 8601; empty where none is kept.

    Raises KeptForecastError, also of a moment that is none: as text it may sort after all.
    """
    if name == LAST_FORECAST:
        whole = decode_whole(content)
        told = [whole.made] if whole else []
    else:
        told = [each.made for each in decode_kept(content)]
    for each in told:
        if not is_utc(each):
            raise KeptForecastError(f"it was drawn at no moment: {each!r:.40}")
    return max(told, default="")
