"""Slips with a one-time code: for a person's first login, and for a sealed envelope.

Three slips a page, to be cut apart. All strings are made safe for the page here.
"""

from __future__ import annotations

import msgspec

from wardkeep.paper.visible import visible
from wardkeep.paper.words import N_, Translate

TITLES = {
    "nurse": N_("Sealed code: nurse"),
    "physician": N_("Sealed code: physician"),
    "pharmacist": N_("Sealed code: pharmacist"),
    "laboratory": N_("Sealed code: laboratory"),
    "it": N_("Sealed code: information technology"),
    "lead": N_("Sealed code: crisis lead"),
    "auditor": N_("Sealed code: auditor"),
}


class Slip(msgspec.Struct, frozen=True, kw_only=True):
    """One slip. `rows` are label and value; `steps` what to do, in order."""

    site: str
    title: str
    number: str
    code: str
    rows: tuple[tuple[str, str], ...]
    steps: tuple[str, ...]
    foot: str


class Place(msgspec.Struct, frozen=True):
    """Where codes are typed: the site's name, its web's address; when it was printed."""

    site: str
    address: str
    printed: str


def activation_slip(place: Place, person: tuple[str, str], code: str, say: Translate) -> Slip:
    """Return the slip of a person, `person` being the account's name and the full name."""
    name, full_name = person
    return Slip(
        site=_safe(place.site),
        title=say("Your first login"),
        number="",
        code=code,
        rows=(
            (say("For"), _safe(full_name or name)),
            (say("Name of your account"), name),
            (say("Printed"), place.printed),
        ),
        steps=(
            say("Open {address} and choose “I have a code on paper”.").format(
                address=place.address
            ),
            say("Type the name of your account and the code below."),
            say(
                "Choose a password of 10 characters or more, and a PIN of 6 to 12 digits for"
                " ward PCs."
            ),
        ),
        foot=say("The code opens once. Destroy this slip after use; lost: tell IT at once."),
    )


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """What a sealed code opens: a session of `role` for `hours`; its number on its sheet."""

    role: str
    hours: int
    sheet: str
    number: int
    count: int


def sealed_slip(place: Place, sealed: Sealed, code: str, say: Translate) -> Slip:
    """Return the slip of one sealed code."""
    return Slip(
        site=_safe(place.site),
        title=say(TITLES[sealed.role]),
        number=f"{sealed.sheet}-{sealed.number:02}",
        code=code,
        rows=(
            (
                say("Opens"),
                say("one session of this role, once, for {hours} h").format(hours=sealed.hours),
            ),
            (
                say("Number"),
                say("{number} of {count}").format(number=sealed.number, count=sealed.count),
            ),
            (say("Printed"), place.printed),
        ),
        steps=(
            say("Open {address} and choose “I have a code on paper”.").format(
                address=place.address
            ),
            say(
                "Type the code below, your own full name, which is recorded, and a PIN that"
                " you choose (6 to 12 digits)."
            ),
            say("Write your name, date and time on this slip and give it to the crisis lead."),
        ),
        foot=say(
            "Keep it sealed. Opening it raises an alarm. Use your own account if you can."
        ),
    )


def _safe(text: str) -> str:
    return visible(text).text
