"""Moves the server's key to another source: written, opened from there, then taken away here.

Killed at any moment, the source that the settings name opens the stores.
"""

from __future__ import annotations

import re

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import SERVER_KEY, load_key_ring
from wardkeep.adapters.key_sources import KeySource
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_rotation import KEYS_LOCK, Step, open_source
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site, read_site
from wardkeep.app.site_keys import SEALED_KEY, source_of
from wardkeep.custody import events
from wardkeep.custody.events import ServerKeyMoved
from wardkeep.hospital.site import Keys
from wardkeep.ledger.errors import KeyMissingError

_KEY = r"(?:source|usb|credential_file)\b"
_TABLE = re.compile(
    rf"^[ \t]*\[keys\].*\n(?:[ \t]*(?:#.*\n[ \t]*)*{_KEY}.*\n?|[ \t]*\n)*", re.MULTILINE
)


def move(
    folder: HospitalFolder,
    keys: Keys,
    by: str,
    ask: KeySource | None = None,
    step: Step = lambda _name: None,
) -> None:
    """Put the server's key where `keys` says, name that in the settings, remove the old one.

    `ask` stands for the new source where it needs more than the settings (a new passphrase).
    Raises KeyMissingError, SettingsError, StoreLockedError, OSError: then nothing is moved.
    """
    before = load_site(folder).keys
    with WriterLock(folder.run / KEYS_LOCK):
        opened = open_source(folder)
        target = ask or source_of(folder, keys)
        target.write(opened.text)
        step("written")
        text = target.read()
        if text != opened.text:
            raise KeyMissingError("the key that was written does not read back from there")
        load_key_ring(folder.keys, lambda: text)
        name_source(folder, keys)
        step("named")
        if (before.source, _place(before)) != (keys.source, _place(keys)):
            opened.source.remove()
        # Also what a move that was cut off here left.
        for source, name in (("file", SERVER_KEY), ("passphrase", SEALED_KEY)):
            if source != keys.source:
                (folder.keys / name).unlink(missing_ok=True)
        step("removed")
        event = ServerKeyMoved(at=now(), by=by, before=before.source, now=keys.source)
        record(folder, opened.ring, events.PART, [events.encode(event)])


def name_source(folder: HospitalFolder, keys: Keys) -> None:
    """Write the table [keys] into the settings, in place of the one that is there.

    Raises SettingsError, and changes nothing, where the settings would not be sound.
    """
    text = folder.settings.read_text(encoding="utf-8")
    text = _TABLE.sub("", text).rstrip("\n")
    given = msgspec.structs.asdict(keys)
    defaults = msgspec.structs.asdict(Keys())
    lines = [
        f"{name} = {msgspec.json.encode(value).decode()}"
        for name, value in given.items()
        if name == "source" or value != defaults[name]
    ]
    made = "\n".join([text, "", "[keys]", *lines, ""])
    read_site(made.encode(), str(folder.settings))
    write_private(folder.settings, made.encode())


def _place(keys: Keys) -> str:
    return {"usb": keys.usb, "credential": keys.credential_file}.get(keys.source, "")
