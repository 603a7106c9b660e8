"""Of which map the last forecast was, known without what forecasts are computed with."""

from __future__ import annotations

import msgspec

from wardkeep.foresight.errors import UNREADABLE, KeptForecastError


class LastForecast(msgspec.Struct, frozen=True):
    """When a forecast was made (UTC, ISO 8601), and the SHA-256 of its map."""

    made: str
    fingerprint: str


_decoder = msgspec.json.Decoder(tuple[LastForecast, ...])


def last_forecast(kept: bytes) -> LastForecast | None:
    """Return the newest forecast of what is kept, None of nothing.

    Raises KeptForecastError.
    """
    try:
        return next(iter(_decoder.decode(kept)), None) if kept else None
    except UNREADABLE as fault:
        raise KeptForecastError(f"kept forecasts cannot be read: {fault}") from fault
