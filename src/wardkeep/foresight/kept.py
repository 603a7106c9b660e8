"""What is kept of forecasts, so that the next one over a changed map can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from wardkeep.foresight.errors import UNREADABLE, KeptForecastError
from wardkeep.foresight.figures import Range

if TYPE_CHECKING:
    # With it would come the engines, which a page that reads what is kept does without.
    from wardkeep.foresight.summary import Forecast

MOST_KEPT = 12
"""Maps of which the last forecast is kept: a year of one import a month."""


class KeptForecast(msgspec.Struct, frozen=True, kw_only=True):
    """The last forecast over one map, in numbers that a director compares.

    `made`, `map_as_of`: UTC, ISO 8601; `fingerprint`: SHA-256 of the map. The ranges are those
    of the way in that delays most patients (`entry`).
    """

    made: str
    map_as_of: str | None
    fingerprint: str
    version: str
    replicas: int
    seed: int
    entry: str
    late: Range | None
    days_until_all_back: Range
    euros: Range


class About(msgspec.Struct, frozen=True, kw_only=True):
    """When, over which map and by which release a forecast was drawn."""

    made: str
    map_as_of: str | None
    fingerprint: str
    version: str


def worst(forecasts: Sequence[Forecast]) -> Forecast:
    """Return the forecast of the way in that delays most patients; of equals the first.

    Ways by which no attack drawn encrypts have no ranges, and are the worst only of their like.
    """
    return max(
        forecasts, key=lambda each: (each.detonates > 0, each.late.p50 if each.late else 0.0)
    )


def to_keep(forecasts: Sequence[Forecast], about: About) -> KeptForecast | None:
    """Return what is kept of a forecast; None where no attack drawn encrypts."""
    found = worst(forecasts)
    if found.days_until_all_back is None or found.euros is None:
        return None
    return KeptForecast(
        **msgspec.structs.asdict(about),
        replicas=found.replicas,
        seed=found.seed,
        entry=found.entry,
        late=found.late,
        days_until_all_back=found.days_until_all_back,
        euros=found.euros["together"],
    )


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(tuple[KeptForecast, ...])


def encode(kept: Sequence[KeptForecast]) -> bytes:
    """Return what is kept as it is stored."""
    return _encoder.encode(kept)


def decode(content: bytes) -> tuple[KeptForecast, ...]:
    """Return what `encode` wrote, nothing of nothing; raises KeptForecastError."""
    try:
        return _decoder.decode(content) if content else ()
    except UNREADABLE as fault:
        raise KeptForecastError(f"kept forecasts cannot be read: {fault}") from fault


def with_kept(kept: Sequence[KeptForecast], new: KeptForecast) -> tuple[KeptForecast, ...]:
    """Return what is kept with a new one, the newest first; one a map."""
    others = (each for each in kept if each.fingerprint != new.fingerprint)
    return (new, *others)[:MOST_KEPT]


def over_another_map(kept: Sequence[KeptForecast], fingerprint: str) -> KeptForecast | None:
    """Return the newest that was drawn over another map than this; None where none is."""
    return next((each for each in kept if each.fingerprint != fingerprint), None)
