"""The box that the outgoing nurse signs before the first round on paper."""

from __future__ import annotations

from wardkeep.pack.freshness import Freshness
from wardkeep.pack.pen import Pen


def hand_over(fresh: Freshness, pen: Pen) -> tuple[str, ...]:
    """Return the box's heading and its sentences; who signs writes beside the last."""
    return (
        pen.say("HAND-OVER BEFORE THE FIRST PAPER ROUND"),
        fresh.charted()
        + ". "
        + pen.say(
            "Whatever was given after it stands in nobody's record: tell it, or write it in."
        ),
        pen.say("Given since, told by the outgoing nurse:"),
        pen.say("Outgoing nurse: name, signature, time"),
        pen.say("Taken over by: name, signature, time"),
    )
