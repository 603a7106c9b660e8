"""Opens the keys of a hospital folder: from the source that its settings name."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from wardkeep.adapters import held_key
from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import (
    RECOVERY_RECIPIENT,
    SERVER_KEY,
    KeyRing,
    ServerKey,
    load_key_ring,
)
from wardkeep.adapters.key_sources import (
    CredentialSource,
    FileSource,
    KeySource,
    PassphraseSource,
    StickSource,
    ask_for_passphrase,
)
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.errors import SettingsError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.settings import environment, load_site
from wardkeep.hospital.site import Keys
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.errors import KeyAbsentError, StoreLockedError

SEALED_KEY = "server.key.age"
"""The server's key encrypted with a passphrase."""
WAITING = "waiting-for-key.json"
"""In run/ while `serve` waits for its key."""


class Awaited(msgspec.Struct, frozen=True):
    """Since when (UTC microseconds) a server waits for its key, and why it is not there."""

    since: int
    why: str


_awaited = msgspec.json.Decoder(Awaited)
_AGAIN_SECONDS = 1.0
_REMIND_EVERY = 60 * SECOND


def open_keys(folder: HospitalFolder) -> KeyRing:
    """Return the site's keys; raises KeyMissingError.

    A process of a running server has the key from its supervisor; a verb gets it from the
    source that the settings name.
    """
    held = held_key.inherited()
    return load_key_ring(folder.keys, held or _reader(folder))


def open_neighbours_keys(folder: HospitalFolder) -> KeyRing:
    """Return the keys of another folder than the one that is served; raises KeyMissingError.

    The key that this process was given by its supervisor is not that folder's.
    """
    return load_key_ring(folder.keys, _reader(folder))


def source_of(
    folder: HospitalFolder, keys: Keys, ask: Callable[[], str] | None = None
) -> KeySource:
    """Return where the server's key lies by the settings `keys`.

    Without `ask` a passphrase is asked for once in the life of this process.
    """
    if keys.source == "usb":
        return StickSource(keys.usb)
    if keys.source == "credential":
        handed = environment().credentials_directory
        return CredentialSource(Path(handed) if handed else None, Path(keys.credential_file))
    if keys.source == "passphrase":
        sealed = folder.keys / SEALED_KEY
        return PassphraseSource(sealed, ask) if ask else _asking(sealed)
    return FileSource(folder.keys / SERVER_KEY)


def ask_before_locking(folder: HospitalFolder) -> None:
    """Have a passphrase typed now: nobody is kept waiting at a lock while somebody types.

    Does nothing for a key that is not asked for. Raises KeyMissingError.
    """
    try:
        asked = load_site(folder).keys.source == "passphrase"
    except SettingsError:
        return
    if asked:
        open_keys(folder)


@functools.cache
def _asking(sealed: Path) -> PassphraseSource:
    return PassphraseSource(sealed, _ask)


def _ask() -> str:
    # The launcher is this process or, wrapped, its parent; whoever was started by a job of cron
    # has its number in the environment too, and is neither.
    started = environment().unit_process
    own = started in {str(os.getpid()), str(os.getppid())}
    return ask_for_passphrase(in_a_unit=own)


def wait_for_key(
    folder: HospitalFolder,
    source: KeySource,
    tell: Callable[[str], None],
    pause: Callable[[float], bool],
    now: Callable[[], int],
) -> str | None:
    """Return the server's key as soon as it is there; None once `pause` says to stop.

    While it waits, `run/waiting-for-key.json` says since when, and `tell` is told every minute.
    Raises KeyMissingError for a key that is there and cannot be used.
    """
    since = told = 0
    waiting = folder.run / WAITING
    try:
        while True:
            try:
                return source.read()
            except KeyAbsentError as absent:
                since = since or now()
                if now() - told >= _REMIND_EVERY or not told:
                    told = now()
                    tell(f"WAITING FOR THE KEY: {absent}. Nothing runs until it is there.")
                    state = Awaited(since, str(absent))
                    write_private(waiting, msgspec.json.encode(state))
            if pause(_AGAIN_SECONDS):
                return None
    finally:
        waiting.unlink(missing_ok=True)


def awaited_key(folder: HospitalFolder) -> Awaited | None:
    """Return how a server waits for its key now, None where none does."""
    try:
        said = _awaited.decode((folder.run / WAITING).read_bytes())
    except (OSError, msgspec.DecodeError):
        return None
    try:
        WriterLock(folder.serve_lock).release()
    except StoreLockedError:
        return said
    return None  # left by one that was killed while it waited


def _reader(folder: HospitalFolder) -> ServerKey:
    if not (folder.keys / RECOVERY_RECIPIENT).is_file():
        # Before anybody is asked for a passphrase: these keys cannot be used anyway.
        return FileSource(folder.keys / SERVER_KEY).read
    try:
        keys = load_site(folder).keys
    except SettingsError:
        # `verify` works with settings that cannot be used, as on evidence.
        return FileSource(folder.keys / SERVER_KEY).read
    source = source_of(folder, keys)
    if keys.source == "file":
        return source.read
    text = source.read()  # once: a stick may be pulled out, nobody is asked twice
    return lambda: text
