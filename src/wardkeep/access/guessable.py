"""How many guesses a password stands, told before it is taken. Pure.

The estimate is that of zxcvbn (Wheeler, USENIX Security 2016): lists of common and breached
passwords, words, names, dates, keyboard walks and repeats, on top of words of the place.
"""

from __future__ import annotations

from collections.abc import Iterable

from zxcvbn import zxcvbn

# NIST SP 800-63B-4 3.1.1.2: words that the service, the person or the place is called by.
CONTEXT_WORDS = (
    "wardkeep", "hospital", "hopital", "hôpital", "clinique", "ziekenhuis", "kliniek",
    "krankenhaus", "klinik", "spital", "nurse", "infirmiere", "infirmière", "verpleging",
    "verpleegkundige", "pflege", "krankenpfleger", "doctor", "medecin", "médecin", "arts",
    "arzt", "apotheek", "apotheke", "pharmacie", "pharmacy", "laboratory", "laboratoire",
    "urgences", "spoed", "notaufnahme", "emergency", "ward", "afdeling", "station", "lead",
    "crisis", "auditor", "downtime",
)  # fmt: skip
"""Words that make no password here (docs/asvs.md 6.1.2)."""

FEWEST_GUESSES = 100_000_000
"""A stolen hash (argon2id, some 15 ms a guess) stands this many for over two weeks a core; at
the login 100 guesses take 25 minutes (web.login_delay)."""
_LOOKED_AT = 72
"""zxcvbn's own limit: its time grows with the square of the length."""


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Say whether a password falls to fewer than FEWEST_GUESSES.

    `about` are words that belong to the person or the site, as the account's name.
    """
    known = [*CONTEXT_WORDS, *(word for word in about if word)]
    found = zxcvbn(password[:_LOOKED_AT], user_inputs=known)
    return int(found["guesses"]) < FEWEST_GUESSES
