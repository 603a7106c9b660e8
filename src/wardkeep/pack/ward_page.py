"""The page that opens a ward's pack in any browser: what it carries, and how it is read back.

One HTML file: policy, style, four slots of data in base64, then the script. The policy names
script and style by their hash, so that the browser uses neither when a byte of it changed; no
other source, no network, no form is allowed. The page with its slots empty is its shell.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import html
import re
from collections.abc import Mapping

import msgspec

from wardkeep.pack.errors import SheetsDamagedError

SLOTS = ("sheets", "manifest", "signature", "signer")
LARGEST = 96 * 1024 * 1024
"""sealed_sheets.LARGEST in base64, and the rest of the page."""
_SLOT = re.compile(
    r'(<script type="text/plain" id="wardkeep-(sheets|manifest|signature|signer)">)'
    r"([^<]*)(</script>)"
)
_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; \
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<noscript><p>{noscript}</p></noscript>
{slots}
<script>{script}</script>
</body>
</html>
"""


class Carried(msgspec.Struct, frozen=True, kw_only=True):
    """What a page carries: encrypted sheets, the manifest, its signature, the signer's key."""

    sheets: bytes
    manifest: bytes
    signature: bytes
    signer: bytes


def shell(language: str, words: Mapping[str, str], ward: str, script: str, style: str) -> str:
    """Return the page with empty slots; `script` finds `words` under the name WORDS."""
    said = msgspec.json.encode(dict(words)).decode().replace("<", "\\u003c")
    whole = f"const WORDS = {said};\n{script}"
    slots = "\n".join(f'<script type="text/plain" id="wardkeep-{n}"></script>' for n in SLOTS)
    return _PAGE.format(
        language=language,
        script_hash=_hash(whole),
        style_hash=_hash(style),
        title=html.escape(words["title"].format(ward=ward)),
        style=style,
        noscript=html.escape(words["noscript"]),
        slots=slots,
        script=whole,
    )


def fill(empty: str, carried: Carried) -> bytes:
    """Return the page of `shell` with its slots filled."""

    def filled(slot: re.Match[str]) -> str:
        content: bytes = getattr(carried, slot[2])
        return f"{slot[1]}{base64.b64encode(content).decode()}{slot[4]}"

    return _SLOT.sub(filled, empty).encode("utf-8", "surrogateescape")


def read(content: bytes) -> tuple[str, Carried]:
    """Return a page's shell and what it carries; a slot that cannot be read is empty.

    Raises SheetsDamagedError for what is no such page.
    """
    if len(content) > LARGEST:
        raise SheetsDamagedError(f"{len(content)} bytes are too many for the pack of a ward")
    text = content.decode("utf-8", "surrogateescape")
    found = {slot[2]: _bytes(slot[3]) for slot in _SLOT.finditer(text)}
    if "sheets" not in found:
        raise SheetsDamagedError("this is no page that carries a ward's pack")
    empty = _SLOT.sub(lambda slot: slot[1] + slot[4], text)
    return empty, Carried(**{name: found.get(name, b"") for name in SLOTS})


def shell_digest(empty: str) -> str:
    """Return the SHA-256 of a shell, in hex."""
    return hashlib.sha256(empty.encode("utf-8", "surrogateescape")).hexdigest()


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
