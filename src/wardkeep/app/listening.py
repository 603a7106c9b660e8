"""Where a box takes messages: what its server says of it, what its settings leave out."""

from __future__ import annotations

import threading
import tomllib
from collections.abc import Sequence

import msgspec

from wardkeep.adapters.clock import steady
from wardkeep.app.control import Body, call
from wardkeep.app.errors import NotRunningError, RefusedByServerError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.processes import read
from wardkeep.app.settings import load_site
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import SECOND

_PATIENCE_SECONDS = 5.0
_PAUSE_SECONDS = 0.1
_OPENING_SECONDS = 30.0
"""Each ledger goes on in a new file first: on a slow disk with years of files, seconds."""


class Door(msgspec.Struct, frozen=True):
    """A feed that is listened for, and where."""

    feed: str
    host: str
    port: int


def doors_of(site: Site) -> tuple[Door, ...]:
    """Return the doors that settings ask for."""
    return tuple(Door(feed.name, feed.host, feed.port) for feed in site.listeners)


def told_doors(site: Site) -> Body:
    """Return what a server that takes messages by `site` answers of its doors."""
    return {"doors": msgspec.to_builtins(doors_of(site))}


def open_doors(folder: HospitalFolder) -> tuple[Door, ...] | None:
    """Ask the running server for the doors it opened; None where nobody says.

    A box that follows another, a server that is read-only, and one before 0.3 say nothing.
    """
    try:
        told = call(folder.control_socket, "status", {}, patience=_PATIENCE_SECONDS)
    except (NotRunningError, RefusedByServerError):
        return None
    return msgspec.convert(told["doors"], tuple[Door, ...]) if "doors" in told else None


def await_doors(folder: HospitalFolder, seconds: float) -> tuple[Door, ...] | None:
    """Return the doors of a server that is just opening them; None where it takes longer."""
    until, pause = steady() + seconds, threading.Event()
    while (found := open_doors(folder)) is None and steady() < until:
        pause.wait(_PAUSE_SECONDS)
    return found


def feeds_left_out(folder: HospitalFolder, site: Site) -> list[str]:
    """Return the feeds of the first that the [[feeds]] of this box do not name.

    Own [[feeds]] stand in place of all the first's: what is not repeated is not taken here.
    """
    try:
        told = tomllib.loads(folder.first_settings.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return []  # a first never had one; load_site tells what cannot be read
    here = {feed.name for feed in site.feeds}
    return [name for name in _names(told.get("feeds")) if name not in here]


def _names(feeds: object) -> Sequence[str]:
    rows = feeds if isinstance(feeds, list) else []
    return [str(row["name"]) for row in rows if isinstance(row, dict) and "name" in row]


def settings_are_newer(folder: HospitalFolder) -> bool:
    """Tell whether wardkeep.toml was written after the running programs read it."""
    since = [each.since for each in read(folder) if each.running and each.since is not None]
    changed = folder.settings.stat().st_mtime_ns // (1_000_000_000 // SECOND)
    return bool(since) and changed > min(since)


class Intake(msgspec.Struct, frozen=True, kw_only=True):
    """What a box that has just become the first takes in.

    `doors` are those its server opened (`open`), or those its settings ask for. `left_out` and
    `waiting` name feeds: of the first, not of this box; polled, from the next start on.
    """

    running: bool
    open: bool
    doors: tuple[Door, ...]
    left_out: list[str]
    waiting: list[str]
    settings_newer: bool


def intake_of(folder: HospitalFolder, *, running: bool) -> Intake:
    """Return what the box takes in; waits until a running server has opened its doors.

    Raises SettingsError.
    """
    found = await_doors(folder, _OPENING_SECONDS) if running else None
    site = load_site(folder)
    return Intake(
        running=running,
        open=found is not None,
        doors=doors_of(site) if found is None else found,
        left_out=feeds_left_out(folder, site),
        waiting=[poll.feed for poll in site.polls] if running else [],
        settings_newer=running and settings_are_newer(folder),
    )
