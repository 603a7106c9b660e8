"""Reads the settings of a hospital folder and the environment; nothing else in Wardkeep does.

Rules kept here:
- a key that is not known is an error that names file, line and the nearest known key;
- a site that is returned is sound (hospital.soundness), its file names made absolute.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.hospital.backup import Backup
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.lists import Lists
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.own_name import OwnName
from wardkeep.hospital.polls import Poll
from wardkeep.hospital.printing import Printer, Printing, Proof
from wardkeep.hospital.site import (
    Brake,
    Copies,
    Feed,
    Keys,
    Paper,
    RecordSystem,
    Retention,
    Rules,
    Site,
    Ward,
)
from wardkeep.hospital.soundness import faults

__all__ = ["Environment", "default_settings_toml", "environment", "load_site", "read_site"]

T = TypeVar("T", bound=msgspec.Struct)
# The longest settings that are read: a thousand wards with their beds need a tenth of it.
_LARGEST_SETTINGS = 4 * 1024 * 1024

_TABLES: dict[str, type[msgspec.Struct]] = {
    "feeds": Feed,
    "wards": Ward,
    "rules": Rules,
    "paper": Paper,
    "login": Login,
    "oidc": SingleSignOn,
    "keys": Keys,
    "retention": Retention,
    "copies": Copies,
    "brake": Brake,
    "backup": Backup,
    "own_name": OwnName,
    "polls": Poll,
    "systems": RecordSystem,
    "printers": Printer,
    "printing": Printing,
    "proof": Proof,
    "lists": Lists,
    "deliveries": Delivery,
}
_REPEATED = {"feeds", "wards", "polls", "systems", "printers", "deliveries"}
INHERITED = (
    "name",
    "code",
    "language",
    "rules",
    "paper",
    "login",
    "feeds",
    "wards",
    "systems",
    "duplicate_horizon_days",
    "unfinished_bytes_limit",
)
"""What charts and paper depend on: the same at every box of a site."""
_FEED_FILES = ("tls_certificate", "tls_key", "tls_client_ca")
_POLL_FILES = ("token_file", "certificate_authority", "client_certificate", "client_key")
_DELIVERY_FILES = ("key_file", "known_hosts_file")
_TABLE_HEAD = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_-]+))\s*[.=]""")
_UNKNOWN_FIELD = re.compile(r"unknown field `([^`]*)`")
_MISSING_FIELD = re.compile(r"missing required field `([^`]*)`")
_PLACE = re.compile(r"(?P<text>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[([0-9]+)\]|\[\.\.\.\]")

SettingPath = tuple[str | int, ...]
"""Keys and indices that lead to a setting, as in ("feeds", 0, "port")."""


class Environment(msgspec.Struct, frozen=True):
    """What the process environment may say to Wardkeep."""

    ci: bool
    """CI=true: what is missing is a failure, never skipped."""
    credentials_directory: str = ""
    """Where systemd hands a unit its credentials (systemd.exec(5))."""
    notify_socket: str = ""
    """Where systemd hears of the state (sd_notify(3)); empty where nobody does."""
    unit_process: str = ""
    """The process that systemd started for a unit (SYSTEMD_EXEC_PID, systemd.exec(5))."""
    journal_stream: str = ""
    """Device and inode of the stream that systemd's journal reads (systemd.exec(5))."""


def environment(variables: Mapping[str, str] | None = None) -> Environment:
    """Return what the environment (or `variables`, in tests) says."""
    read = os.environ if variables is None else variables
    return Environment(
        ci=read.get("CI", "").lower() in {"1", "true", "yes"},
        credentials_directory=read.get("CREDENTIALS_DIRECTORY", ""),
        notify_socket=read.get("NOTIFY_SOCKET", ""),
        unit_process=read.get("SYSTEMD_EXEC_PID", ""),
        journal_stream=read.get("JOURNAL_STREAM", ""),
    )


def load_site(folder: HospitalFolder) -> Site:
    """Return the settings of `folder`; relative paths in it are taken from the folder.

    What the settings of a follower do not say of INHERITED, those of the first say.

    Raises SettingsError, with every fault found, each with its line.
    """
    try:
        content = folder.settings.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"{folder.settings} cannot be read: {error.strerror or error}."
        ) from error
    first = _of_the_first(folder)
    return _with_absolute_paths(read_site(content, str(folder.settings), first), folder.path)


def _of_the_first(folder: HospitalFolder) -> Mapping[str, object]:
    try:
        told = tomllib.loads(folder.first_settings.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{folder.first_settings} cannot be read: {error}.") from error
    return {key: told[key] for key in INHERITED if key in told}


def read_site(content: bytes, name: str, inherited: Mapping[str, object] | None = None) -> Site:
    """Return the site that TOML `content` describes; `name` stands in messages.

    `inherited` holds values of keys that `content` may leave out.

    Raises SettingsError, with every fault found, each with its line.
    """
    if len(content) > _LARGEST_SETTINGS:
        raise SettingsError(f"{name}: {len(content)} bytes are too many for settings.")
    try:
        text = content.decode("utf-8")
        data = {**(inherited or {}), **tomllib.loads(text)}
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise SettingsError(f"{name}, line {line}: not UTF-8 text.") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{name}: not TOML: {error}.") from error
    try:
        site = msgspec.convert(data, Site)
    except msgspec.ValidationError as error:
        raise SettingsError(_explain(error, text, name)) from error
    found = [f"{name}, line {line_of(text, each.path)}: {each.text}." for each in faults(site)]
    if found:
        raise SettingsError("\n".join(found))
    return site


def _explain(error: msgspec.ValidationError, text: str, name: str) -> str:
    """Turn msgspec's sentence into one that names file, line and nearest key."""
    place = _PLACE.match(str(error))
    words, path = (place["text"], _steps(place["path"] or "")) if place else (str(error), ())
    if unknown := _UNKNOWN_FIELD.search(words):
        key = unknown[1]
        line = line_of(text, (*path, key))
        return f"{name}, line {line}: there is no setting {key!r}.{_nearest(path, key)}"
    if missing := _MISSING_FIELD.search(words):
        line = line_of(text, path)
        return f"{name}, line {line}: the setting {missing[1]!r} is missing."
    at = f" of {path[-1]!r}" if path and isinstance(path[-1], str) else ""
    return f"{name}, line {line_of(text, path)}: the value{at} does not fit: {words}."


def _steps(path: str) -> SettingPath:
    return tuple(
        key or int(index) for key, index in _STEP.findall(path) if key or index
    )  # `[...]`, a key that msgspec does not name, ends up at its table


def _nearest(path: SettingPath, key: str) -> str:
    """Say which known key was probably meant, and in which table it stands."""
    table = str(path[0]) if path else ""
    known = _names_of(_TABLES.get(table, Site))
    if table and key in _names_of(Site):
        return f" It stands below {_head(table)}: move it above all tables, where it belongs."
    if others := [_head(name) for name, kind in _TABLES.items() if key in _names_of(kind)]:
        here = f"below {_head(table)}" if table else "above all tables"
        return f" It stands {here} and belongs below {' or '.join(others)}."
    if near := difflib.get_close_matches(key, known, n=1):
        return f" Nearest known: {near[0]!r}."
    return f" Known here: {', '.join(known)}."


def _names_of(kind: type[msgspec.Struct]) -> list[str]:
    return [field.name for field in msgspec.structs.fields(kind)]


def _head(table: str) -> str:
    """Return the head of a table as it is written: [[feeds]], [rules]."""
    return f"[[{table}]]" if table in _REPEATED else f"[{table}]"


def line_of(text: str, path: SettingPath) -> int:
    """Return the line (from 1) of TOML `text` where `path` stands.

    What cannot be found is placed at the nearest thing around it, at last at line 1.
    """
    depth, line = 0, 1
    for number, here in _landmarks(text):
        if len(here) > depth and path[: len(here)] == here:
            depth, line = len(here), number
    return line


def _landmarks(text: str) -> Iterator[tuple[int, SettingPath]]:
    """Yield line and path of every table head and key; reads no values."""
    table: SettingPath = ()
    counts: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if head := _TABLE_HEAD.match(line):
            first, *rest = [part.strip(" \"'") for part in head[2].split(".")]
            if head[1] == "[[" and not rest:
                counts[first] += 1
            index = (counts[first] - 1,) if counts[first] else ()
            table = (first, *index, *rest)
            yield number, table
        elif key := _KEY.match(line):
            yield number, (*table, key[1] or key[2] or key[3])


def _with_absolute_paths(site: Site, base: Path) -> Site:
    def absolute(name: str | None) -> str | None:
        return None if name is None else str(base / name)

    return msgspec.structs.replace(
        site,
        backup=msgspec.structs.replace(
            site.backup, password_file=absolute(site.backup.password_file)
        ),
        web_certificate=absolute(site.web_certificate),
        web_key=absolute(site.web_key),
        oidc=site.oidc
        and msgspec.structs.replace(
            site.oidc,
            client_secret_file=absolute(site.oidc.client_secret_file),
            certificate_authority=absolute(site.oidc.certificate_authority),
        ),
        feeds=_each(site.feeds, _FEED_FILES, absolute),
        polls=_each(site.polls, _POLL_FILES, absolute),
        printers=_each(site.printers, ("certificate",), absolute),
        deliveries=_each(site.deliveries, _DELIVERY_FILES, absolute),
    )


def _each(
    tables: tuple[T, ...], files: tuple[str, ...], absolute: Callable[[str | None], str | None]
) -> tuple[T, ...]:
    """Return tables with the file names under the keys `files` made absolute."""
    return tuple(
        msgspec.structs.replace(table, **{key: absolute(getattr(table, key)) for key in files})
        for table in tables
    )
