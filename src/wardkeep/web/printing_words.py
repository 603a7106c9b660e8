"""Words of the page Printing: states of orders, parts of a pack, why paper is stuck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.web.words import N_

PRINT_STATES: Final[Mapping[str, str]] = {
    "ordered": N_("ordered"),
    "printing": N_("printing"),
    "printed": N_("printed"),
    "stuck": N_("STUCK"),
    "given_up": N_("GIVEN UP"),
}
PARTS: Final[Mapping[str, str]] = {
    "sheet": N_("ward sheet"),
    "records": N_("patients' sheets"),
}
STUCK: Final[Mapping[str, str]] = {
    "unknown": N_("it broke off while it was sent."),
    "silent": N_("the printer does not answer."),
    "stalled": N_("no sheet comes out any more."),
    "miscounted": N_("the printer counted another number of sheets than were sent."),
    "not-counted": N_("this printer counts no sheets."),
    "ended": N_("the printer ended it early."),
    "refused": N_("the printer does not take it."),
}
OTHER_STUCK: Final = N_("the reason is not known.")
