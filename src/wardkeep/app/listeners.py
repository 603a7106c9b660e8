"""All that the writer takes messages by, as its watch asks for it: MLLP ports and the door."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.adapters.handover_server import HandoverServer
from wardkeep.adapters.mllp_desk import FeedFigures
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.sender.state import Seen


class AllListeners:
    """The listeners of a site together (port: app.watch.Listeners)."""

    def __init__(self, mllp: MllpServer, door: HandoverServer) -> None:
        self._mllp, self._door = mllp, door
        self.most_connections = mllp.most_connections

    @property
    def connections(self) -> int:
        """Connections that are open; the door's are the web's."""
        return self._mllp.connections

    def figures(self) -> Sequence[FeedFigures]:
        """Return what each feed with a port of its own counted."""
        return self._mllp.figures()

    def sightings(self) -> dict[str, dict[Seen, int]]:
        """Return who was seen on each feed since the last call, and how often."""
        return {**self._mllp.sightings(), **self._door.sightings()}

    def ration(self) -> None:
        """Hold the senders of feeds that must wait for room; the door asks for each body."""
        self._mllp.ration()
