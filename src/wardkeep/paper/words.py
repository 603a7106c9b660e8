"""The fixed words of the layouts, by the names the templates use; English is the key.

`N_` marks a string for the catalogue of the domain `paper`; who builds a pack translates.
Text that came from a feed is never translated.
"""

from __future__ import annotations

from collections.abc import Callable

Translate = Callable[[str], str]
"""From the English words to those of the sheet's language."""

LANGUAGES: tuple[str, ...] = ("fr", "nl", "de", "en")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark a string for the catalogue and return it unchanged."""
    return message


LABELS: dict[str, str] = {
    "built": N_("Built"),
    "back_entry": N_("When the systems are back, this sheet goes to:"),
    "page": N_("Page"),
    "of": N_("of"),
    "mar": N_("MEDICATION ADMINISTRATION RECORD"),
    "summary": N_("SUMMARY"),
    "ward_sheet": N_("WARD SHEET"),
    "one_or_two": N_("CHECK: ONE ORDER OR TWO?"),
    "as_sent_pharmacist": N_("AS SENT: PHARMACIST TO CONFIRM"),
    "last_24_h": N_("Last 24 h: time, outcome, who"),
    "new_order": N_("NEW ORDER: medicine"),
    "new_dose": N_("Dose"),
    "new_how": N_("Route, times"),
    "new_prescriber": N_("Prescriber: signature, date, time"),
    "new_given": N_("Given: time, initials"),
    "reasons": N_(
        "In a box: time and initials. Not given, write: R refused, F fasting, V vomiting, "
        "N not available, W withheld, A away from the ward."
    ),
    "analysis": N_("Analysis"),
    "unit": N_("Unit, reference"),
    "last_value": N_("LAST VALUE"),
    "previous": N_("Previous"),
    "laboratory": N_("Laboratory"),
    "bed": N_("Bed"),
    "patient": N_("Patient"),
    "allergies": N_("Allergies"),
    "code_isolation": N_("Code status, isolation"),
    "due_4_h": N_("Due in the next 4 h, COMPUTED"),
    "high_risk": N_("High-risk drugs"),
    "cannot_know": N_("What this pack cannot know"),
    "below": N_("below, on this page"),
    "empty_beds": N_("Empty beds:"),
    "telephones": N_("Telephones:"),
    "streams": N_("What was heard, and when"),
    "known_patient": N_("KNOWN-PATIENT CARD"),
    "beds_go_on": N_("MORE BEDS ON THE NEXT PAGE"),
    "by_name": N_("The same patients by name"),
    "register": N_("What stands on which pages of this list"),
    "one_page": N_("page {first}"),
    "pages_to": N_("pages {first} to {last}"),
    "sheet_of": N_("Sheet {n} of {m} of this pack"),
}
