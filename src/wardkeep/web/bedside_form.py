"""The form of a bedside check: the same facts until it is sent or a quarter of an hour passed.

Rules kept here:
- Facts are drawn from a seed that only this server can make: loading the page again until its
  facts are easy gives the same facts.
- The form carries what was drawn, under a digest of this server: a restart loses no answers,
  and nobody can send facts that were never drawn.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import msgspec

from wardkeep.bedside.decide import Drawn
from wardkeep.bedside.draw import chance_of, draw
from wardkeep.bedside.facts import Fact
from wardkeep.bedside.state import Checks
from wardkeep.kernel.times import MINUTE

_SAME_FOR = 15 * MINUTE
_NUMBER = 24
"""Letters of the form's number: 96 bits, so that no two are alike."""
_LONGEST = 12_000
_decoder = msgspec.json.Decoder(Drawn)


def drawn_for(
    facts: Sequence[Fact], ward: str, who: str, checks: Checks, secret: bytes, now: int
) -> Drawn:
    """Return the form of `who` for a ward: drawn anew once it was sent."""
    mine = sum(1 for each in checks.checked.values() if each.ward == ward and each.by == who)
    words = "\0".join((ward, who, str(now // _SAME_FOR), str(mine)))
    seed = _digest(secret, b"drawn", words.encode("utf-8", "surrogatepass"))
    number = seed.hex()[:_NUMBER]
    return Drawn(check=number, ward=ward, by=who, at=now, facts=draw(facts, chance_of(seed)))


def sealed(drawn: Drawn, secret: bytes) -> str:
    """Return the text of the form's hidden field."""
    content = msgspec.json.encode(drawn)
    digest = _digest(secret, b"form", content)
    return base64.urlsafe_b64encode(digest + content).decode()


def opened(text: str, secret: bytes) -> Drawn | None:
    """Return what `sealed` sealed, None for anything else."""
    if len(text) > _LONGEST:
        return None
    try:
        whole = base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    digest, content = whole[:32], whole[32:]
    if not hmac.compare_digest(digest, _digest(secret, b"form", content)):
        return None
    return _decoder.decode(content)


def _digest(secret: bytes, purpose: bytes, content: bytes) -> bytes:
    text = b"bedside\0" + purpose + b"\0" + content
    return hmac.new(secret, text, hashlib.sha256).digest()
