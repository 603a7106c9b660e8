"""One recovery sheet as data: what its page says, in the language of its reader."""

from __future__ import annotations

import msgspec

from wardkeep.paper.words import N_, Translate


class RecoverySheet(msgspec.Struct, frozen=True, kw_only=True):
    """All text of one page; `listed` are the words, numbered from 1 by the layout."""

    language: str
    title: str
    which: str
    rule: str
    secret: str
    hospital: tuple[str, str]
    made: tuple[str, str]
    code: tuple[str, str]
    listed: tuple[str, ...]
    steps_title: str
    steps: tuple[str, ...]
    others_title: str
    others: tuple[str, ...]
    fold: str
    sealed: str


RULE = N_("{needed} of the {sheets} sheets together open the records; one alone tells nothing.")
STEPS: tuple[str, ...] = (
    N_("The server will not start, and its key is lost or burnt? Only then open this sheet."),
    N_("Call whoever keeps the other sheets: their names stand below."),
    N_(
        "Meet at the server. If it burnt too: at a new machine with Wardkeep on it and the"
        " newest backup; in step 5 type there: {restore} (BACKUP: where it lies)"
    ),
    N_("Let nobody photograph the words, and do not send them by telephone or mail."),
    N_("At its keyboard, as root, type: {recover}"),
    N_("Type the words of the first sheet; the first four letters of each are enough."),
    N_("Press Enter twice. A word that was misread is named: type that sheet again."),
    N_("Do the same with the next sheet, until it says that the stores open again."),
    N_("Start the server: systemctl start wardkeep, and look at a ward on a screen."),
    N_("Seal the sheets again. By day hold a new ceremony: these words were seen."),
)


def recovery_sheet(  # noqa: PLR0913  # what a sheet says
    translate: Translate,
    *,
    language: str,
    hospital: str,
    made: str,
    place: int,
    sheets: int,
    needed: int,
    officers: tuple[str, ...],
    words: str,
    code: str,
    commands: tuple[str, str],
) -> RecoverySheet:
    """Return sheet `place` (from 1) of `sheets`, `needed` of which open the records.

    `commands` are what is typed at the server and at a new machine, whole.
    """
    which = translate(N_("Sheet {place} of {sheets}")).format(place=place, sheets=sheets)
    rule = translate(RULE).format(needed=needed, sheets=sheets)
    return RecoverySheet(
        language=language,
        title=translate(N_("RECOVERY SHEET")),
        which=which,
        rule=rule,
        secret=translate(N_("SECRET: keep it sealed and locked away. Never copy it.")),
        hospital=(translate(N_("Hospital")), hospital),
        made=(translate(N_("Made on")), made),
        code=(translate(N_("Check code")), code),
        listed=tuple(words.split()),
        steps_title=translate(N_("AT 04:00, WHEN THE SERVER'S KEY IS LOST")),
        steps=_steps(translate, commands),
        others_title=translate(N_("WHERE THE OTHER SHEETS ARE (fill in by hand)")),
        others=_others(translate, officers, place, sheets),
        fold=translate(N_("Fold here, words inside")),
        sealed=translate(N_("Sealed on, by (signature over the edge of the envelope)")),
    )


def _steps(translate: Translate, commands: tuple[str, str]) -> tuple[str, ...]:
    recover, restore = commands
    return tuple(translate(step).format(recover=recover, restore=restore) for step in STEPS)


def _others(
    translate: Translate, officers: tuple[str, ...], place: int, sheets: int
) -> tuple[str, ...]:
    named = translate(N_("Sheet {place}"))
    return tuple(
        f"{named.format(place=each)}: {officers[each - 1] if officers else ''}"
        for each in range(1, sheets + 1)
        if each != place
    )
