"""What the pages need of the delivery of packs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from wardkeep.pack.delivery import Standing as TargetStanding
from wardkeep.pack.delivery_asks import Asks
from wardkeep.pack.target_looks import Looks
from wardkeep.web.errors import OperationFailedError


class Deliveries(Protocol):
    """The delivery of the wards' packs to the site's targets."""

    def standing(self) -> Mapping[str, TargetStanding]:
        """Return how each target stands, by its name."""
        ...

    def asks(self) -> Asks | None:
        """Return what was asked to be delivered again; None while it cannot be read."""
        ...

    def looks(self) -> Looks | None:
        """Return what is known of the files at each target; None while it cannot be read."""
        ...

    def ask(self, target: str, by: str) -> bool:
        """Ask that a target gets all its packs again; raises OperationFailedError.

        False where somebody asked before, and it is under way.
        """
        ...


class NoDeliveries:
    """A server that tells nothing of deliveries."""

    def standing(self) -> Mapping[str, TargetStanding]:
        """Return nothing."""
        return {}

    def asks(self) -> Asks:
        """Return nothing."""
        return {}

    def looks(self) -> Looks | None:
        """Return nothing."""
        return {}

    def ask(self, target: str, by: str) -> bool:
        """Ask nobody; raises OperationFailedError."""
        raise OperationFailedError(f"nobody delivers to {target!r}: {by} asked for nothing")
