"""The words of the page that opens a ward's pack, by the names its script uses."""

from __future__ import annotations

from wardkeep.paper.words import N_, Translate

VIEWER: dict[str, str] = {
    "title": N_("Ward pack {ward}"),
    "noscript": N_(
        "Scripts are switched off in this browser, so this page cannot open the pack. Use"
        " another browser, or on a kit machine: wardkeep open FILE"
    ),
    "fingerprint": N_("KEY FINGERPRINT of this hospital"),
    "compare": N_(
        "Compare it with the card on the ward's wall. Differs? Type nothing, call IT."
    ),
    "key": N_("The 24 words of the sealed envelope, or its scanned symbol"),
    "open": N_("Open the pack"),
    "opening": N_("Opening..."),
    "print": N_("Print"),
    "close": N_("Close: nothing stays on this computer"),
    "as_of": N_("AS OF {when}"),
    "built_at": N_("Built {when}"),
    "old": N_("OLD: {hours} HOURS"),
    "old_all": N_("An older pack than one already opened here: ask for the newest"),
    "renamed": N_("This is the pack of ward {ward}: the file is called otherwise"),
    "list_altered": N_("The list of packs beside this file was altered or put back"),
    "clock": N_("AGE NOT KNOWN: the clock of this computer is wrong"),
    "held": N_("HELD: too much changed at once; this is the last sound pack"),
    "verified": N_("VERIFIED: signed by the key of the fingerprint above"),
    "not_verified": N_("NOT VERIFIED"),
    "not_listed": N_(
        "This is not the pack that the hospital signed: it was altered or swapped"
    ),
    "no_manifest": N_("The signed list of packs in this file cannot be read"),
    "not_signed": N_("The list of packs is not signed by the hospital's key"),
    "signer_changed": N_("The key that signed it is another than before"),
    "viewer_altered": N_("The page that opens the pack was altered"),
    "damaged": N_("Part of this file is damaged"),
    "glass_why": N_(
        "Look for another copy first: another stick, the shared folder, paper. If there is"
        " none, you may open it all the same. Your name and reason stand on every page."
    ),
    "glass_name": N_("Your full name"),
    "glass_reason": N_("Why it must be opened"),
    "glass_missing": N_("Type your full name and a reason first."),
    "glass_by": N_("opened by {name}: {reason}"),
    "wrong_key": N_("WRONG KEY: these words are read right, but they do not open this pack."),
    "wrong_or_damaged": N_("Nothing opens: the key is another one, or the file is damaged."),
    "bad_word": N_("Word {number} ({word}) is not in the list: read it again."),
    "bad_count": N_("These are {count} words; 24 are needed."),
    "bad_check": N_(
        "All words are in the list, but one was misread or their order is another."
    ),
    "bad_key": N_("This is no key: scan the symbol of the envelope again."),
    "unread": N_("SHEET {number} OF {count} CANNOT BE READ: this part of the file is damaged"),
}


GUARDED = N_(
    "It tells of people who lie on no ward. Your name and your reason stand on every page."
)
"""Asked for before a pack that is opened by breaking the glass alone; of the key "guarded"."""

LIST_NAMES: dict[str, str] = {
    "pharmacy": N_("Pharmacy list"),
    "laboratory": N_("Laboratory list"),
    "theatre": N_("Theatre list"),
    "emergency": N_("Emergency list"),
    "kitchen": N_("Kitchen list"),
    "front-desk": N_("Front-desk list"),
    "cards": N_("Book of known patients"),
}
"""What the lists of the house are called, by kind: on their pages, on envelopes."""


def viewer_words(say: Translate) -> dict[str, str]:
    """Return the words of the page in the language of `say`."""
    return {name: say(words) for name, words in VIEWER.items()}
