"""Recovery sheets: the recovery secret in shares on paper, of which some together give it back.

SLIP-0039 (SatoshiLabs, "Shamir's Secret-Sharing for Mnemonic Codes"): one group, no passphrase,
33 words a sheet. Fewer sheets than are needed tell nothing of the secret. The first four
letters of a word are enough (SLIP-0039, "Wordlist").
"""

from __future__ import annotations

import hashlib
import re

from shamir_mnemonic import MnemonicError, Share, combine_mnemonics
from shamir_mnemonic.wordlist import WORDLIST

from wardkeep.ledger.errors import RecoveryWordsError

SHEET_WORDS = 33
"""A secret of 32 bytes: 256 bits, their parameters and check, 10 bits a word."""
_LETTERS = 4
_BY_LETTERS = {word[:_LETTERS]: word for word in WORDLIST}
_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
# Read over a telephone: no letter or digit that can be taken for another.
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def sheets_in(text: str) -> list[list[str]]:
    """Return the words of each sheet in a text, sheets parted by an empty line.

    Without one, every 33 words are a sheet. Case, numbering and line breaks are forgiven.
    """
    parts = [_words_of(part) for part in _PARAGRAPH.split(text)]
    parts = [part for part in parts if part]
    if len(parts) == 1 and len(parts[0]) > SHEET_WORDS:
        [words] = parts
        return [words[i : i + SHEET_WORDS] for i in range(0, len(words), SHEET_WORDS)]
    return parts


def missing(sheets: list[list[str]]) -> int:
    """Return how many more sheets are needed; raises RecoveryWordsError for a wrong one."""
    shares = _shares(sheets)
    return max(0, shares[0].member_threshold - len(shares)) if shares else 1


def secret_of(sheets: list[list[str]]) -> bytes:
    """Return the 32 secret bytes; raises RecoveryWordsError, saying which sheet is wrong."""
    shares = _shares(sheets)
    needed = shares[0].member_threshold if shares else 0
    if len(shares) < needed:
        there = ", ".join(str(share.index + 1) for share in shares)
        raise _wrong(
            f"{needed} sheets are needed and {len(shares)} given (sheet {there}):"
            f" {needed - len(shares)} more"
        )
    try:
        return bytes(combine_mnemonics([share.mnemonic() for share in shares[:needed]]))
    except MnemonicError as fault:
        raise _wrong(f"the sheets do not belong together: {fault}") from fault


def check_code(words: str) -> str:
    """Return six letters by which two people compare a sheet without reading out its words."""
    digest = hashlib.sha256(b"wardkeep sheet 1\x00" + words.encode()).digest()
    return "".join(_ALPHABET[byte % 32] for byte in digest[:6])


def _wrong(said: str) -> RecoveryWordsError:
    advice = "Read the sheets again, word by word; all must be of one ceremony: see their date."
    return RecoveryWordsError(said, advice=advice)


def _words_of(text: str) -> list[str]:
    stripped = (token.strip(".,;:)(").lower() for token in text.split())
    return [word for word in stripped if word.isalpha()]


def _shares(sheets: list[list[str]]) -> list[Share]:
    shares: list[Share] = []
    for place, words in enumerate(sheets, 1):
        share = _share(place, words)
        for other in shares:
            if share.index == other.index and share.value == other.value:
                raise _wrong(f"sheet {share.index + 1} was given twice")
            if share.group_parameters() != other.group_parameters():
                raise _wrong(f"the sheet given as number {place} is of another ceremony")
        shares.append(share)
    return shares


def _share(place: int, words: list[str]) -> Share:
    named = f"the sheet given as number {place}"
    full = []
    for number, word in enumerate(words, 1):
        found = _BY_LETTERS.get(word[:_LETTERS])
        if found is None or not found.startswith(word):
            raise _wrong(f"{named}: word {number} ({word!r}) is not in the list")
        full.append(found)
    if len(full) != SHEET_WORDS:
        raise _wrong(f"{named} has {len(full)} words, and {SHEET_WORDS} are needed")
    try:
        return Share.from_mnemonic(" ".join(full))
    except MnemonicError as fault:
        raise _wrong(
            f"{named}: its words do not belong together: one was misread, or their order"
        ) from fault
