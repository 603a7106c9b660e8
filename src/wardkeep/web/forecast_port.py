"""What the page of the forecast needs from outside: the last one that was drawn whole."""

from __future__ import annotations

from typing import Protocol

from wardkeep.foresight.last_forecast import LastForecast
from wardkeep.foresight.page.whole import WholeForecast


class ForecastDesk(Protocol):
    """The last forecast over the map of this box."""

    def last(self) -> WholeForecast | LastForecast | None:
        """Return it; LastForecast: of one that an earlier release drew its sums alone are kept.

        None before the first. Raises KeptForecastError and MapUnreadableError; called from a
        thread.
        """
        ...


class NoForecast:
    """A box on which nothing was foreseen."""

    def last(self) -> WholeForecast | LastForecast | None:
        """Return nothing."""
        return None
