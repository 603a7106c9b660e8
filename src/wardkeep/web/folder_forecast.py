"""The last forecast of a hospital folder, kept decoded until another is drawn."""

from __future__ import annotations

import threading

from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.last_forecast import LastForecast, last_forecast
from wardkeep.foresight.page.whole import WholeForecast, decode


class FolderForecast:
    """Reads the file again when it is another: two who ask wait for one reading."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._whole = ForecastStore(folder.foresight, ring, "whole")
        self._sums = ForecastStore(folder.foresight, ring)
        self._lock = threading.Lock()
        self._kept: tuple[tuple[int, int, int] | None, WholeForecast | None] = (None, None)

    def last(self) -> WholeForecast | LastForecast | None:
        """Return it; raises KeptForecastError and MapUnreadableError."""
        with self._lock:
            # The mark before the content: what is written meanwhile is read at the next ask.
            mark = self._whole.mark()
            if self._kept[0] != mark:
                self._kept = (mark, decode(self._whole.read()))
            return self._kept[1] or last_forecast(self._sums.read())
