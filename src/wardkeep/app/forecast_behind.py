"""Says whether the map has gone on since the last forecast, without drawing one."""

from __future__ import annotations

from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import HospitalFolder
from wardkeep.foresight.last_forecast import LastForecast, last_forecast
from wardkeep.hospital.map.fingerprint import fingerprint


def forecast_behind(folder: HospitalFolder, ring: KeyRing) -> LastForecast | None:
    """Return the last forecast if the map has changed since, else None.

    Raises KeptForecastError and MapUnreadableError.
    """
    last = last_forecast(ForecastStore(folder.foresight, ring).read())
    if last is None or last.fingerprint == fingerprint(MapStore(folder.map, ring).whole()):
        return None
    return last
