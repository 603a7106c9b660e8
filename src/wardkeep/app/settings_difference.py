"""What the settings file says otherwise than the settings that a server runs with. Pure.

No secret stands in settings; an address may carry a password all the same, and never shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from wardkeep.hospital.site import Site

# RFC 3986, 3.2.1: what stands before @ in an address, user and often password. To the last @:
# a password may hold one, or a slash, though it should not.
_USER = re.compile(r"(?<=://).+(?=@)", re.DOTALL)
_LONGEST = 200
_KEYS = ("code", "name", "feed")
"""By what the entries of a repeated table are told apart, the first that they have."""


class Difference(msgspec.Struct, frozen=True):
    """One setting: where it stands, as in "feeds.adt.port"; "" where it is not there."""

    path: str
    running: str
    file: str


def differences(running: Site, file: Site) -> list[Difference]:
    """Return every setting that the file gives another value, in the settings' order."""
    return list(_between("", _plain(running), _plain(file)))


def masked(text: str) -> str:
    """Return a value as a page may show it: without user and password in an address."""
    shown = _USER.sub("***", text)
    return shown if len(shown) <= _LONGEST else shown[:_LONGEST] + "…"


def _plain(site: Site) -> Mapping[str, object]:
    told: Mapping[str, object] = msgspec.to_builtins(site)
    return told


def _between(path: str, one: object, other: object) -> Iterator[Difference]:
    mine, theirs = _table(one), _table(other)
    if mine is None and theirs is None:
        # Nothing and an empty list say the same; two passwords that are not shown do not.
        if one != other and (_shown(one) or _shown(other)):
            yield Difference(path, _shown(one), _shown(other))
        return
    for key in {**(mine or {}), **(theirs or {})}:
        below = f"{path}.{key}" if path else key
        yield from _between(below, (mine or {}).get(key), (theirs or {}).get(key))


def _table(value: object) -> Mapping[str, object] | None:
    """Return a table by its keys, a repeated one by its entries' names; None for a value."""
    if isinstance(value, dict):
        return value
    if not isinstance(value, list | tuple) or not value:
        return None
    entries = [each for each in value if isinstance(each, dict)]
    found: dict[str, object] = {_name(each): each for each in entries}
    return found if len(found) == len(value) else None


def _name(entry: Mapping[str, object]) -> str:
    return str(next((entry[key] for key in _KEYS if key in entry), ""))


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return masked(", ".join(f"{k} = {_shown(v)}" for k, v in value.items() if _shown(v)))
    if isinstance(value, list | tuple):
        return masked(", ".join(_shown(each) for each in value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else masked(str(value))
