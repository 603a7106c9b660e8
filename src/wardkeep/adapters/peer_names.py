"""By what names a sender's certificate may be told: subject, subjectAltName, fingerprint."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import Iterable, Mapping
from typing import Any

_LONGEST = 200


def names_of(transport: asyncio.BaseTransport) -> tuple[str, ...]:
    """Return the names of the certificate that a sender has shown, none where it showed none.

    "CN=" and the common name (RFC 5280, 4.1.2.6), "DNS:" and each name of subjectAltName
    (4.2.1.6), "SHA256:" and the certificate's fingerprint in hex. The chain was verified.
    """
    spoken = transport.get_extra_info("ssl_object")
    if not isinstance(spoken, ssl.SSLObject | ssl.SSLSocket):
        return ()
    shown = spoken.getpeercert(binary_form=True)
    if shown is None:
        return ()
    told: Mapping[str, Any] = spoken.getpeercert() or {}
    names = [f"CN={name}" for name in _common_names(told)]
    names += [f"DNS:{name}" for kind, name in told.get("subjectAltName", ()) if kind == "DNS"]
    names.append(f"SHA256:{hashlib.sha256(shown).hexdigest()}")
    return tuple(each[:_LONGEST] for each in names)


def may_speak(shown: Iterable[str], allowed: Iterable[str]) -> bool:
    """Tell whether one of the names shown is allowed; any certificate is where none is named.

    Fingerprints are compared without colons and in either case, as tools print them.
    """
    wanted = {_plain(name) for name in allowed}
    return not wanted or not wanted.isdisjoint(map(_plain, shown))


def _common_names(told: Mapping[str, Any]) -> list[str]:
    return [
        value for part in told.get("subject", ()) for key, value in part if key == "commonName"
    ]


def _plain(name: str) -> str:
    kind, _, rest = name.partition(":")
    if kind.upper() == "SHA256":
        return "SHA256:" + rest.replace(":", "").lower()
    return f"DNS:{rest.lower()}" if kind == "DNS" else name
