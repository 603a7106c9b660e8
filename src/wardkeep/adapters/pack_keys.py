"""The keys that open ward packs: one a ward, one of the crisis team, one of the pharmacy.

Each is an age identity (X25519) whose 32 secret bytes lie in DIR/pack-keys/, wrapped to the
site's keys; the same bytes as 24 words are the ward's sealed envelope. A key that is there and
cannot be opened is never made anew: the envelope on the ward would open nothing. Of a key that
another box made only the public half is here (adapters.public_pack_keys): packs are sealed to
it, and nothing here opens them.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyrage

from wardkeep.adapters.errors import KeyElsewhereError
from wardkeep.adapters.files import make_private_folder, sync_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import folder_name
from wardkeep.adapters.public_pack_keys import public_keys
from wardkeep.ledger.errors import KeyMissingError
from wardkeep.ledger.recovery import identity_text, words_of

_SUFFIX = ".key"
CRISIS, PHARMACY = "crisis", "pharmacy"
"""Who else opens every ward's pack: holders of a key beside the wards."""


class PackKeys:
    """Makes and opens the keys of packs; holds no secret itself, never prints one."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        """`folder` is DIR/pack-keys."""
        self._folder, self._ring = folder, ring
        self._drafts: dict[str, Path] = {}

    def words(self, holder: str) -> str:
        """Return the 24 words of a holder's key, made if there is none.

        A holder is CRISIS, PHARMACY or `of_ward`. Raises KeyElsewhereError where another box
        has the secret, KeyMissingError, OSError.
        """
        return words_of(self._secret(holder))

    def identity(self, holder: str) -> str:
        """Return a holder's key as age has it ("AGE-SECRET-KEY-1..."), as `words` does."""
        return identity_text(self._secret(holder))

    def recipients(self, *holders: str) -> list[pyrage.x25519.Recipient]:
        """Return the public keys of holders. Raises KeyMissingError, OSError."""
        handed = self._handed()
        return [self._recipient(each, handed) for each in holders]

    def public(self) -> dict[str, str]:
        """Return the public keys that there are, by holder; none is made, none is secret.

        One that cannot be opened is left out: whoever follows keeps what it was told before.
        """
        found: dict[str, str] = {}
        with contextlib.suppress(KeyMissingError):
            found |= self._handed()
        for path in sorted(self._folder.glob(f"[!.]*{_SUFFIX}")):
            holder = path.name.removesuffix(_SUFFIX)
            with contextlib.suppress(KeyMissingError):
                found[holder] = str(self._recipient(holder, {}))
        return found

    def draft(self, holder: str) -> None:
        """Make a key aside for a holder whose secret another box has; for others do nothing.

        `words` and `identity` tell it from now on; nothing is sealed to it before
        `keep_drafts`. Raises KeyMissingError, OSError.
        """
        path = self._path(holder)
        if holder in self._drafts or path.exists() or holder not in self._handed():
            return
        make_private_folder(self._folder)
        own = path.with_name(f".{path.name}.{os.getpid()}")
        own.unlink(missing_ok=True)
        self._drafts[holder] = own
        self._ring.make_key(own)

    def keep_drafts(self) -> None:
        """Put what was made aside in force. Raises OSError.

        What is sealed from then on opens with its words, and no more with the envelope before.
        """
        for holder, own in self._drafts.items():
            # Unlike a rename, a link never takes the place of a file.
            os.link(own, self._path(holder))
        if self._drafts:
            sync_folder(self._folder)

    def drop_drafts(self) -> None:
        """Clear away what was made aside; keys that are in force stay."""
        for own in self._drafts.values():
            own.unlink(missing_ok=True)
        self._drafts.clear()

    def _recipient(self, holder: str, handed: Mapping[str, str]) -> pyrage.x25519.Recipient:
        if holder in handed and not self._path(holder).exists():
            return pyrage.x25519.Recipient.from_str(handed[holder])
        return pyrage.x25519.Identity.from_str(self.identity(holder)).to_public()

    def _handed(self) -> Mapping[str, str]:
        return public_keys(self._folder, self._ring.verifying_key())

    def _path(self, holder: str) -> Path:
        return self._folder / f"{holder}{_SUFFIX}"

    def _secret(self, holder: str) -> bytes:
        path = self._drafts.get(holder, self._path(holder))
        if not path.exists():
            if holder in self._handed():
                raise KeyElsewhereError(f"the secret of {holder}'s key is at the box before")
            self._make(path)
        return self._ring.open_key(path)

    def _make(self, path: Path) -> None:
        """Make a key unless another process made it just now: there is only ever one."""
        make_private_folder(self._folder)
        own = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._ring.make_key(own)
            # Unlike a rename, a link never takes the place of a file.
            os.link(own, path)
        except FileExistsError:
            return
        finally:
            own.unlink(missing_ok=True)
        sync_folder(self._folder)


def of_ward(ward: str) -> str:
    """Return the holder of a ward's key."""
    return folder_name(ward)


def seal(content: bytes, recipients: Sequence[pyrage.x25519.Recipient]) -> bytes:
    """Return content that only these open (age-encryption.org/v1)."""
    return bytes(pyrage.encrypt(content, recipients))
