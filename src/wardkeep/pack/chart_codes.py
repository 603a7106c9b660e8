"""The codes at the end of a patient's sheets, which hold the sealed chart."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.pack.pen import Pen
from wardkeep.paper.dense_code import drawing
from wardkeep.paper.forms import ChartCodes


def chart_codes(parts: Sequence[bytes], pen: Pen) -> ChartCodes:
    """Return the codes of a patient's parts, or in words that there are none."""
    if not parts:
        return ChartCodes(text=pen.say("NO SEALED COPY: this chart is too large for codes"))
    return ChartCodes(
        text=pen.say(
            "Sealed copy of this chart: only the ward's envelope opens it. If every screen is"
            " lost, photograph this page flat and whole (`wardkeep rebuild`)"
        ),
        codes=tuple(tuple(drawing(part)) for part in parts),
    )
