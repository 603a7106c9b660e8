"""Says on stderr which decisions a newer release wrote that this one does not know."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def tell_unread(names: Sequence[str]) -> None:
    """Name the decisions that were passed over; nothing where there are none."""
    if names:
        print(
            f"PASSED OVER, this release does not know them: {', '.join(names)}."
            " A newer Wardkeep wrote them; what they decide is missing here.",
            file=sys.stderr,
        )
