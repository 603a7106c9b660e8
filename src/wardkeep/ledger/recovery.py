"""Recovery words: 24 words that open every store when the server and its keys are gone.

The words are BIP-39 English (256 bits of entropy and 8 of checksum); the entropy is the secret
of an X25519 age identity. Day keys are random and wrapped to it, never derived from it.
"""

from __future__ import annotations

import bech32
from mnemonic import Mnemonic

from wardkeep.ledger.errors import RecoveryWordsError
from wardkeep.ledger.recovery_shares import secret_of, sheets_in

ENTROPY_BYTES = 32
WORDS = 24
"""BIP-39: 256 bits and their check, 11 bits a word."""
# More than 24 words and a few typed twice: a sheet of 33, of which some may be missing.
_SHEET_LIKE = 29
_words = Mnemonic("english")


def words_of(entropy: bytes) -> str:
    """Return the 24 words of 32 random bytes."""
    return _words.to_mnemonic(entropy)


def identity_of(words: str) -> str:
    """Return the age identity ("AGE-SECRET-KEY-1...") that the words stand for.

    Case, line breaks and numbering ("1." before a word) are forgiven.
    Takes the words of recovery sheets as well, sheet by sheet, parted by an empty line.
    Raises RecoveryWordsError naming the first word that is not in the list.
    """
    if are_sheets(words):
        return identity_text(secret_of(sheets_in(words)))
    cleaned = [w for w in (t.strip(".,;:)(").lower() for t in words.split()) if w.isalpha()]
    for place, word in enumerate(cleaned, 1):
        if word not in _words.wordlist:
            raise RecoveryWordsError(f"word {place} ({word!r}) is not in the word list")
    text = " ".join(cleaned)
    if len(cleaned) != WORDS:
        raise RecoveryWordsError(f"these are {len(cleaned)} words, and {WORDS} are needed")
    if not _words.check(text):
        raise RecoveryWordsError(
            f"all {WORDS} words are in the list, but they do not belong together:"
            " one was misread, or their order is another"
        )
    return identity_text(bytes(_words.to_entropy(text)))


def are_sheets(words: str) -> bool:
    """Tell whether sheets of a ceremony were typed, not the 24 words."""
    return any(len(each) >= _SHEET_LIKE for each in sheets_in(words))


def opening_nothing(words: str, where: str) -> RecoveryWordsError:
    """Return the error for words or sheets that are whole, and yet open nothing `where`."""
    if are_sheets(words):
        advice = (
            "They are read right: compare the date on the sheets. Sheets of another ceremony or"
            " site open nothing; a backup or second box from before the ceremony opens only"
            " with the words or sheets from before it."
        )
        return RecoveryWordsError(f"the sheets open nothing {where}", advice=advice)
    advice = (
        "They are read right: are they this site's, and the newest? After a key ceremony only"
        " its sheets open; a backup or second box from before it only the words from before it."
    )
    return RecoveryWordsError(f"the words open nothing {where}", advice=advice)


def identity_text(secret: bytes) -> str:
    """Return 32 secret bytes as an age identity (bech32; age-encryption.org/v1)."""
    data = bech32.convertbits(list(secret), 8, 5) or []
    return str(bech32.bech32_encode("age-secret-key-", data)).upper()
