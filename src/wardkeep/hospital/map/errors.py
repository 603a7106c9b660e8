"""What can be wrong with a map."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class MapItemError(WardkeepError, ValueError):
    """An item of the map cannot stand as it is written."""

    code: ClassVar[str] = "map-item"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Mend the line that is named, and import the file again."


class NotOnTheMapError(WardkeepError):
    """Something was asked that the map does not hold."""

    code: ClassVar[str] = "not-on-the-map"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "`wardkeep map show DIR --json` lists what stands on the map."
