"""The cover of a ward's paper from a print room, and the slip of the runner who carries it."""

from __future__ import annotations

import msgspec

from wardkeep.paper.words import N_, Translate


class Cover(msgspec.Struct, frozen=True, kw_only=True):
    """Two pages: what stands on the cover, and what the runner fills in and brings back."""

    language: str
    ward: str
    name: str
    title: str
    about: tuple[tuple[str, str], ...]
    follows: tuple[str, ...]
    receipt: str
    code: str
    warning: str
    slip_title: str
    slip_steps: tuple[str, ...]
    slip_lines: tuple[str, ...]
    back: str


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A ward's paper as its cover tells it; all text is ready for the page.

    `code` is what the ward reads by telephone to say that it has the paper. `sheet` pages of
    the ward now, `records` pages of its `patients` later; none where all is behind the cover.
    """

    ward: str
    name: str
    site: str
    printer: str
    ordered: str
    built: str
    order: str
    code: str
    sheet: int
    records: int
    patients: int


_STEPS = (
    N_("Take this slip off and count the pages behind it: {pages}."),
    N_("Does every page bear this ward? If not, carry nothing: tell the room."),
    N_("Hand the stack to a nurse, and have this slip signed."),
    N_("Bring the slip back: without it the ward counts as without paper."),
)
_LINES = (
    N_("Pages counted"),
    N_("Left the print room at"),
    N_("Handed over at"),
    N_("Nurse: name, signature"),
    N_("Runner: name"),
)


def cover(stack: Stack, language: str, translate: Translate) -> Cover:
    """Return the cover and the slip of a ward's paper in `language`."""
    return Cover(
        language=language,
        ward=stack.ward,
        name=stack.name,
        title=translate(N_("PAPER FOR THIS WARD")),
        about=_about(stack, translate),
        follows=_follows(stack, translate),
        receipt=translate(N_("In hand? Telephone the crisis cell and read this code:")),
        code=stack.code,
        warning=translate(
            N_("Patients' data. Hand it over to a nurse of this ward, never leave it lying.")
        ),
        slip_title=translate(N_("RUNNER'S SLIP")),
        slip_steps=tuple(translate(step).format(pages=stack.sheet) for step in _STEPS),
        slip_lines=tuple(translate(line) for line in _LINES),
        back=translate(N_("Back to the print room")),
    )


def _about(stack: Stack, translate: Translate) -> tuple[tuple[str, str], ...]:
    return (
        (translate(N_("Site")), stack.site or "-"),
        (translate(N_("Printed at")), stack.printer),
        (translate(N_("Ordered")), stack.ordered),
        (translate(N_("Pack built")), stack.built),
        (translate(N_("Order")), stack.order),
        (translate(N_("Code")), stack.code),
    )


def _follows(stack: Stack, translate: Translate) -> tuple[str, ...]:
    if not stack.records:
        whole = N_("{pages} pages: the ward sheet and {patients} patients' sheets")
        return (translate(whole).format(pages=stack.sheet, patients=stack.patients),)
    now = translate(N_("{pages} pages: the ward sheet, now behind this cover"))
    later = translate(
        N_("{pages} pages: {patients} patients' sheets, later, with the same ward on them")
    )
    return (
        now.format(pages=stack.sheet),
        later.format(pages=stack.records, patients=stack.patients),
    )
