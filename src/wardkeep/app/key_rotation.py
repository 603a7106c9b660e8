"""Makes the server's key, or the recovery key, anew while the server runs or not.

Rules kept here, so that a kill at any moment leaves keys that open everything:
1. the source of the server's key holds the new identity and the old one;
2. every file is wrapped to the new one;
3. the source holds the new identity alone: the old one opens nothing.
A rotation that was cut off goes on at 2 when it is asked for again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pyrage

from wardkeep.adapters.clock import now
from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import (
    RECOVERY_RECIPIENT,
    KeyRing,
    identities_of,
    load_key_ring,
    recovery_recipient,
)
from wardkeep.adapters.key_sources import KeySource
from wardkeep.adapters.rewrapping import Progress, Rewrapped, left_behind, rewrap
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.first import refuse_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import source_of
from wardkeep.custody import events
from wardkeep.custody.events import ServerKeyRotated
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.ledger.recovery import identity_text

KEYS_LOCK = "keys.lock"
Step = Callable[[str], None]
"""Told after each step that a kill may follow; tests end the process there."""


class Opened(msgspec.Struct, frozen=True):
    """The source of the server's key, what it holds, and the ring that it opens."""

    source: KeySource
    text: str
    ring: KeyRing


def open_source(folder: HospitalFolder) -> Opened:
    """Return the server's key as its source has it; raises KeyMissingError."""
    source = source_of(folder, load_site(folder).keys)
    text = source.read()
    return Opened(source, text, load_key_ring(folder.keys, lambda: text))


def rotate(
    folder: HospitalFolder, by: str, progress: Progress, step: Step = lambda _name: None
) -> Rewrapped:
    """Make a new server key and wrap everything to it; goes on with one that was cut off.

    Raises CopiedLedgerError, KeyMissingError, StoreLockedError, OSError: then what opened
    before still opens.
    """
    refuse_copy(folder, "keys are made anew at the first")
    with WriterLock(folder.run / KEYS_LOCK):
        opened = open_source(folder)
        identities = identities_of(lambda: opened.text)
        if len(identities) == 1:
            identities = [pyrage.x25519.Identity.generate(), *identities]
            _put(folder, opened.source, identities)
        step("both")
        done = _wrap_all(folder, identities, progress)
        step("wrapped")
        _put(folder, opened.source, identities[:1])
        step("one")
        event = ServerKeyRotated(at=now(), by=by, files=done.files)
        ring = load_key_ring(folder.keys, lambda: f"{identities[0]}\n")
        record(folder, ring, events.PART, [events.encode(event)])
        return done


def replace_recovery(
    folder: HospitalFolder, secret: bytes, event: events.RecoveryReplaced, progress: Progress
) -> Rewrapped:
    """Wrap everything to a new recovery secret (32 bytes): the one before opens nothing.

    Cut off in between, some files open with the old words and some with the new: do it again.
    Raises CopiedLedgerError and changes nothing, KeyMissingError, StoreLockedError, OSError.
    """
    refuse_copy(folder, "recovery words are made at the first")
    with WriterLock(folder.run / KEYS_LOCK):
        opened = open_source(folder)
        recovery = pyrage.x25519.Identity.from_str(identity_text(secret)).to_public()
        write_private(folder.keys / RECOVERY_RECIPIENT, f"{recovery}\n".encode())
        done = _wrap_all(folder, identities_of(lambda: opened.text), progress)
        record(folder, opened.ring, events.PART, [events.encode(event)])
        return done


def new_secret() -> bytes:
    """Return 32 bytes of chance for a new recovery key."""
    return os.urandom(32)  # noqa: TID251  # a key, drawn once


def tell_server(folder: HospitalFolder, text: str) -> None:
    """Lay the server's key into the memory of a running server; none runs: nothing to do."""
    if is_running(folder.control_socket):
        call(folder.control_socket, "keys.hold", {"text": text})


def _put(
    folder: HospitalFolder, source: KeySource, identities: list[pyrage.x25519.Identity]
) -> None:
    text = "".join(f"{identity}\n" for identity in identities)
    source.write(text)
    if source.read() != text:
        raise KeyMissingError("the key that was written does not read back")
    tell_server(folder, text)


def _wrap_all(
    folder: HospitalFolder, identities: list[pyrage.x25519.Identity], progress: Progress
) -> Rewrapped:
    recovery = recovery_recipient(folder.keys)
    with ExitStack() as held:
        if not is_running(folder.control_socket):
            held.enter_context(WriterLock(folder.writer_lock))
        done = rewrap(folder.path, identities, recovery, progress)
        # Made by a server that had not heard of the new key yet.
        while set(left_behind(folder.path, identities[0])) - set(done.closed):
            done = rewrap(folder.path, identities, recovery, progress)
    return done


def named(folder: HospitalFolder, closed: tuple[Path, ...]) -> list[str]:
    """Return files by their path within the folder, as people are told of them."""
    return [str(path.relative_to(folder.path)) for path in closed]
