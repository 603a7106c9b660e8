"""The last forecast as its page tells it, in values that are read without the engines.

Rules kept here:
- No estimate stands alone: a Range over the attacks drawn, a Share or a Mean with its interval.
- None stands for what the map does not tell, or what no attack drawn can tell.
"""

from __future__ import annotations

import msgspec

from wardkeep.foresight.board.paper import Best, Bought, Share, Taken, WayIn, Without
from wardkeep.foresight.errors import UNREADABLE, KeptForecastError
from wardkeep.foresight.figures import Range
from wardkeep.foresight.way_words import Step
from wardkeep.kernel.wall_clock import is_utc


class Path(msgspec.Struct, frozen=True):
    """A frequent path: the share of the attacks that encrypt, and its steps in order."""

    share: Share
    steps: tuple[Step, ...]


class ServiceHours(msgspec.Struct, frozen=True, kw_only=True):
    """Of one service, what a board paper has no room for.

    `modes`: hours in each mode but full; one that is absent never came. `patient_hours` of
    waiting, `euros` of revenue: None where the map does not tell.
    """

    modes: dict[str, Range]
    patient_hours: Range | None
    euros: Range | None


class WayForecast(msgspec.Struct, frozen=True, kw_only=True):
    """What attacks by one way in would do; `taken` None: none that was drawn encrypts.

    `hours_to_detonation`: from the first step inside until machines are encrypted. `by_worm`:
    share of all attacks in which a worm does it. `services`: by the name of BackOnDay.service.
    """

    way: WayIn
    by_worm: Share
    hours_to_detonation: Range | None
    taken: Taken | None
    services: dict[str, ServiceHours]
    paths: tuple[Path, ...]


class WholeForecast(msgspec.Struct, frozen=True, kw_only=True):
    """All ways in, and what measures buy.

    `made`, `map_as_of`: UTC, ISO 8601. `fingerprint`: SHA-256 of the map; `items`: its
    `item_marks`. `worst`: the entry of the way in that delays most patients. `replicas`:
    attacks drawn by each way in.
    """

    made: str
    map_as_of: str | None
    fingerprint: str
    version: str
    replicas: int
    seed: int
    worst: str
    ways: tuple[WayForecast, ...]
    without: Without | None
    bought: tuple[Bought, ...]
    best: Best | None
    guesses: tuple[str, ...]
    items: bytes


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(WholeForecast)


def encode(last: WholeForecast) -> bytes:
    """Return a forecast as it is stored."""
    return _encoder.encode(last)


def decode(content: bytes) -> WholeForecast | None:
    """Return what `encode` wrote, None of nothing; raises KeptForecastError."""
    try:
        last = _decoder.decode(content) if content else None
    except UNREADABLE as fault:
        raise KeptForecastError(f"the last forecast cannot be read: {fault}") from fault
    if last and (wrong := _wrong(last)):
        raise KeptForecastError(f"the last forecast cannot be read: {wrong}")
    return last


def _wrong(last: WholeForecast) -> str:
    """Return what the page could not show of a forecast, empty where there is nothing."""
    for at in (last.made, last.map_as_of):
        if at is not None and not is_utc(at):
            return f"{at!r:.40} is no moment"
    if last.worst not in {each.way.entry for each in last.ways}:
        return f"its worst way in, {last.worst!r:.40}, is none of its ways in"
    return ""
