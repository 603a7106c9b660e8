"""What drawing alone leaves open of a share or a mean."""

from __future__ import annotations

from wardkeep.foresight.board.paper import Mean, Share
from wardkeep.foresight.figures import SURE


def share_of(share: float, count: float) -> Share:
    """Return a share of `count` attacks with its interval (95 %); of none, from none to all.

    Wilson's interval (1927): it holds also for shares of none and of all, where the usual one
    would say that nothing is open.
    """
    if count <= 0:
        return Share(share, 0.0, 1.0)
    square = SURE**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    spread = (
        SURE
        * (share * (1 - share) / count + square / (4 * count**2)) ** 0.5
        / (1 + square / count)
    )
    return Share(
        share, max(0.0, min(share, middle - spread)), min(1.0, max(share, middle + spread))
    )


def mean_with(mean: float, error: float) -> Mean:
    """Return a mean with as much to both sides."""
    return Mean(mean, mean - error, mean + error)
