"""The sealed envelope of a pack key, and the card for the ward's wall, as data for the page."""

from __future__ import annotations

import msgspec
import segno

from wardkeep.paper.visible import visible
from wardkeep.paper.words import N_, Translate

_MARGIN = 2  # modules; less than ISO/IEC 18004 asks: white paper lies around it


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """All text of one page: the secret above, the wall card (no secret) below the cut."""

    language: str
    title: str
    holder: str
    secret: str
    rows: tuple[tuple[str, str], ...]
    listed: tuple[str, ...]
    symbol: str
    """The same key as a QR symbol (SVG), for a scanner that types."""
    scan: str
    fold: str
    cut: str
    card_title: str
    steps: tuple[str, ...]
    fingerprint_title: str
    fingerprint: str
    others: tuple[tuple[str, str], ...]
    """Boxes that may take over: when their fingerprint counts, and it."""
    warning: str


_STEPS: tuple[str, ...] = (
    N_("Open the file {file} on the shared folder, the stick or this computer: double-click."),
    N_("Compare the KEY FINGERPRINT on the screen with the one below. Differs? Do not type."),
    N_("Open the sealed envelope {holder} and type its 24 words, or scan its symbol."),
    N_("Read the top of every page: AS OF tells how old it is. OLD and NOT VERIFIED mean it."),
    N_("Print what you need, then close the window: nothing stays on the computer."),
)


_TAKEN_OVER = N_("ONLY if the people of the server say that box {name} took over:")

HOLDERS: dict[str, str] = {
    "crisis": N_("Crisis team: every ward"),
    "pharmacy": N_("Pharmacy: every ward"),
}
"""What those are called whose key opens every ward's pack."""


class Issued(msgspec.Struct, frozen=True, kw_only=True):
    """Whose key an envelope holds, and where it was made."""

    hospital: str
    made: str
    holder: str
    """The ward's code, or what the crisis team and the pharmacy are called."""
    file: str
    """The file that this key opens, as it is called where packs are delivered."""
    fingerprint: str
    """Of the key which signs the manifest (SHA-256, in groups of four)."""
    others: tuple[tuple[str, str], ...] = ()
    """Names and fingerprints of boxes that follow: MOST_BOXES at most."""


MOST_BOXES = 3
"""So many followers' fingerprints have room on the card."""


def envelope(issued: Issued, key: tuple[str, str], say: Translate, language: str) -> Envelope:
    """Return the page of one key; `key` is its words and its age identity."""
    words, identity = key
    holder, file = visible(issued.holder).text, visible(issued.file).text
    symbol = segno.make(identity, error="m", micro=False)
    return Envelope(
        language=language,
        title=say(N_("KEY OF WARD PACKS")),
        holder=holder,
        secret=say(
            N_("SECRET: seal it in an envelope. Open it only when the screens are gone.")
        ),
        rows=(
            (say(N_("Hospital")), visible(issued.hospital).text),
            (say(N_("Made on")), issued.made),
            (say(N_("Opens")), file),
        ),
        listed=tuple(words.split()),
        symbol=symbol.svg_inline(border=_MARGIN, omitsize=True),
        scan=say(N_("The same key for a scanner")),
        fold=say(N_("Fold here, words inside")),
        cut=say(N_("Cut here. What is below holds no secret: it hangs on the wall")),
        card_title=say(N_("WHEN THE SCREENS ARE GONE: OPEN THE WARD PACK")),
        steps=tuple(say(step).format(file=file, holder=holder) for step in _STEPS),
        fingerprint_title=say(N_("KEY FINGERPRINT of this hospital")),
        fingerprint=issued.fingerprint,
        others=tuple(
            (say(_TAKEN_OVER).format(name=visible(name).text), other)
            for name, other in issued.others[:MOST_BOXES]
        ),
        warning=say(
            N_("A file that shows another fingerprint is not from this hospital's server.")
        ),
    )
