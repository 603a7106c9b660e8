"""Writes settings as TOML: the ones of a new folder, and any site that was put together."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from wardkeep.hospital.backup import Backup
from wardkeep.hospital.lists import Lists
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.own_name import OwnName
from wardkeep.hospital.polls import Poll
from wardkeep.hospital.printing import Printer, Printing, Proof
from wardkeep.hospital.site import Copies, Feed, Paper, RecordSystem, Rules, Site, Ward

_TABLES = {
    "rules",
    "paper",
    "login",
    "oidc",
    "copies",
    "backup",
    "own_name",
    "feeds",
    "polls",
    "wards",
    "systems",
    "printing",
    "proof",
    "lists",
    "printers",
}
_Plain: TypeAlias = "str | int | bool | list[_Plain] | dict[str, _Plain]"


def default_settings_toml(name: str, mllp_port: int, web_port: int) -> str:
    """Return the settings of a new folder: one MLLP feed and the web, both on loopback.

    `name` may hold any characters; it is quoted as TOML wants it.
    """
    return _DEFAULT.format(name=_quoted(name), mllp_port=mllp_port, web_port=web_port)


def settings_toml(site: Site) -> str:
    """Return settings that read back as `site`; what stands at its default is left out."""
    lines = _keys(_told(site, Site))
    tables: dict[str, type[msgspec.Struct]]
    tables = {
        "rules": Rules,
        "paper": Paper,
        "login": Login,
        "backup": Backup,
        "own_name": OwnName,
        "printing": Printing,
        "proof": Proof,
        "lists": Lists,
    }
    for name, kind in tables.items():
        if told := _told(getattr(site, name), kind):
            lines += ["", f"[{name}]", *_keys(told)]
    if site.oidc:
        lines += ["", "[oidc]", *_keys(_told(site.oidc, SingleSignOn))]
    if site.copies:
        lines += ["", "[copies]", *_keys(_told(site.copies, Copies))]
    lines += _each("feeds", site.feeds, Feed)
    lines += _each("polls", site.polls, Poll)
    lines += _each("wards", site.wards, Ward)
    lines += _each("systems", site.systems, RecordSystem)
    lines += _each("printers", site.printers, Printer)
    return "\n".join(lines) + "\n"


def _each(
    table: str, values: tuple[msgspec.Struct, ...], kind: type[msgspec.Struct]
) -> list[str]:
    return [
        line for value in values for line in ("", f"[[{table}]]", *_keys(_told(value, kind)))
    ]


def _told(value: msgspec.Struct, kind: type[msgspec.Struct]) -> dict[str, _Plain]:
    """Return what differs from the defaults, tables left out, as plain values."""
    told: dict[str, _Plain] = {}
    for field in msgspec.structs.fields(kind):
        here = getattr(value, field.name)
        default = field.default
        if field.default_factory is not msgspec.NODEFAULT:
            default = field.default_factory()
        if here != default and field.name not in _TABLES:
            told[field.name] = msgspec.to_builtins(here)
    return told


def _keys(values: dict[str, _Plain]) -> list[str]:
    return [f"{key} = {_written(value)}" for key, value in values.items()]


def _written(value: _Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, dict):
        pairs = [f"{_quoted(key)} = {_written(each)}" for key, each in value.items()]
        return "{ " + ", ".join(pairs) + " }"
    return "[" + ", ".join(map(_written, value)) + "]"


def _quoted(text: str) -> str:
    """Quote `text` as a TOML basic string (TOML 1.0, String): JSON's escapes are a subset."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


_DEFAULT = """\
# Settings of one Wardkeep site. Every key is described in docs/operating.md, "Settings".
# After a change: `wardkeep check DIR`, then start `wardkeep serve DIR` again.

name = {name}
code = "SITE"
language = "en"            # of screens and paper unless a ward says otherwise: fr, nl, de, en
web_host = "127.0.0.1"     # any other address needs web_certificate and web_key
web_port = {web_port}

[rules]
timezone = "Europe/Brussels"
compute_next_due = true    # next doses from the standard hours, marked COMPUTED

# One table a feed: a connection that a hospital system sends HL7 v2 on (MLLP).
[[feeds]]
name = "main"
host = "127.0.0.1"                   # address of this machine to listen on; with `allow` it
                                     # decides who reaches the feed: after init nobody else does
port = {mllp_port}
allow = ["127.0.0.0/8", "::1/128"]   # who may send; an address list stops no forger on the wire
rank = 1                             # 1 is believed first when two feeds speak of one moment
# streams = ["admissions", "allergies"]   # what this system sends; all of them when left out
# tls_certificate = "keys/feed.pem"
# tls_key = "keys/feed.key"

# One table a ward, to give it a name, beds, telephones. Wards that only arrive in messages
# exist all the same, under their code.
# [[wards]]
# code = "A2"
# name = "Surgery"
"""
