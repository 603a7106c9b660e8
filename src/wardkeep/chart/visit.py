"""What a visit is called: its number, or what a system without numbers calls it.

A FHIR Encounter without an identifier is known by its reference and its feed, as
"Encounter/e1@ehr" (chart.reading.fhir.lessons); nobody on a ward can use that.
"""

from __future__ import annotations

import re

_REFERENCE = re.compile(r"Encounter/([^@]+)@.+", re.DOTALL)


def own_id(visit: str) -> str:
    """Return the id that a system gave a visit without a number; "" where it has a number."""
    found = _REFERENCE.fullmatch(visit)
    return found[1] if found else ""
