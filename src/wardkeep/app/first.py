"""Whom a second box follows, and how far it has come: files of its `following` folder."""

from __future__ import annotations

import msgspec

from wardkeep.adapters.box_identity import BoxIdentity
from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.files import write_private
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.errors import FollowsError
from wardkeep.app.folder import HospitalFolder

LEDGERS = ("clinical", "operations", "access")
GIVEN, WITHHELD = "given", "withheld"
"""What a first says of its map (wire.copying.Greeting)."""


class First(msgspec.Struct, frozen=True, kw_only=True):
    """The box that is followed: its site, where it is, and what it must show there.

    `pin` is the SHA-256 of its certificate, hex; `follower` how it calls this box.
    """

    name: str
    code: str
    host: str
    port: int
    pin: str
    follower: str
    since: int


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """How far one ledger has come; `as_of` as in Following. `trouble` stops its copying."""

    held: int = 0
    seen: int = 0
    as_of: int = 0
    trouble: str = ""


class MapCopied(msgspec.Struct, frozen=True, kw_only=True):
    """How the first's map is held here; `as_of`: what the first had then is here, 0 for never.

    `offer`: what the first says of it, `given` or `withheld`, empty where it said nothing yet
    or is of a release before 0.3. `trouble`: what of it is not taken here, and why.
    """

    offer: str = ""
    as_of: int = 0
    parts: int = 0
    trouble: str = ""


class Following(msgspec.Struct, frozen=True, kw_only=True):
    """How the copying stands; times in UTC microseconds, 0 for never.

    `as_of`: everything that the first had acknowledged then is here. `answered`: when it
    answered last. `silent_since`: since when it does not, 0 while it does. `waiting_looks`:
    looks at patients here that it was not told yet. `at`: when this was written.
    """

    first: First
    at: int
    as_of: int
    answered: int
    silent_since: int
    ledgers: dict[str, Copied]
    waiting_looks: int = 0
    trouble: str = ""
    """Why the first does not answer, or not what was asked."""
    pack_keys: str = ""
    """Which public keys of packs were not taken from the first, and why."""
    map: MapCopied = MapCopied()


_firsts = msgspec.json.Decoder(First)
_followings = msgspec.json.Decoder(Following)


def read_first(folder: HospitalFolder) -> First | None:
    """Return whom the folder follows, None for a first; raises FollowsError if unreadable."""
    path = folder.following / "first.json"
    try:
        return _firsts.decode(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as fault:
        raise FollowsError(f"{path} cannot be read: {fault}") from fault


def write_first(folder: HospitalFolder, first: First) -> None:
    """Put whom the folder follows where `read_first` finds it."""
    write_private(folder.following / "first.json", msgspec.json.encode(first))


def is_copy(folder: HospitalFolder) -> bool:
    """Tell whether the folder follows another box now."""
    return (folder.following / "first.json").is_file()


def refuse_copy(folder: HospitalFolder, what: str) -> None:
    """Raise CopiedLedgerError, saying `what` is not done here, where the folder follows."""
    if is_copy(folder):
        raise CopiedLedgerError(f"this box follows another: {what}; nothing was changed")


def read_following(folder: HospitalFolder) -> Following | None:
    """Return how the copying stood when it was last written, None if it never was."""
    try:
        return _followings.decode((folder.following / "state.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return None


def write_following(folder: HospitalFolder, following: Following) -> None:
    """Put how the copying stands where `read_following` finds it; raises OSError."""
    write_private(folder.following / "state.json", msgspec.json.encode(following))


def follower_identity(folder: HospitalFolder, ring: KeyRing) -> BoxIdentity:
    """Return the certificate that this box shows to the first."""
    return BoxIdentity(folder.following, ring)


def box_identity(folder: HospitalFolder, ring: KeyRing, name: str, now: int) -> BoxIdentity:
    """Return the certificate that this box shows to followers, made if there is none yet."""
    identity = BoxIdentity(folder.copies, ring)
    if not identity.exists:
        identity.make_authority(name, now)
    return identity
