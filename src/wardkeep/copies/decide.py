"""Decides on followers: pure, from the state, what is asked and the time, to events."""

from __future__ import annotations

import hashlib
import hmac
import re

from wardkeep.copies.errors import (
    FollowerExistsError,
    FollowerNameError,
    FollowerUnknownError,
    InvitationError,
)
from wardkeep.copies.events import (
    FollowerInvited,
    FollowerPaired,
    FollowerRemoved,
    MapCopyDecided,
)
from wardkeep.copies.state import Copies

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def invite(
    copies: Copies, name: str, secret: bytes, until: int, now: int, by: str
) -> FollowerInvited:
    """Let a box pair once under a name; an older invitation of the name ends.

    Raises FollowerNameError, FollowerExistsError.
    """
    if not _NAME.fullmatch(name):
        raise FollowerNameError(f"{name!r} is no name for a follower")
    known = copies.followers.get(name)
    if known is not None and known.certificate:
        raise FollowerExistsError(f"a follower {name} is paired already")
    return FollowerInvited(name=name, secret_hash=_hash(secret), until=until, at=now, by=by)


def invited(copies: Copies, secret: bytes, now: int) -> str:
    """Return the name that a secret was made for; raises InvitationError.

    The same words for every reason: whoever guesses learns nothing.
    """
    asked = _hash(secret)
    for follower in copies.followers.values():
        if hmac.compare_digest(follower.secret_hash, asked) and now <= follower.until:
            return follower.name
    raise InvitationError("no invitation has this code, or it was used, or is too old")


def pair(
    copies: Copies, secret: bytes, certificate: str, signer: str, now: int
) -> FollowerPaired:
    """Let the box that knows the secret copy from now on; raises InvitationError."""
    name = invited(copies, secret, now)
    return FollowerPaired(name=name, certificate=certificate, signer=signer, at=now, by=name)


def remove(copies: Copies, name: str, now: int, by: str) -> FollowerRemoved:
    """Keep a box from copying any more; raises FollowerUnknownError."""
    if name not in copies.followers:
        raise FollowerUnknownError(f"no follower is named {name!r}")
    return FollowerRemoved(name=name, at=now, by=by)


def decide_map(copies: Copies, name: str, now: int, by: str, *, given: bool) -> MapCopyDecided:
    """Give a box the map of the hospital too, or no longer; raises FollowerUnknownError.

    A map tells where to strike: a second box of the site needs it, a box of another site of the
    group does not.
    """
    if name not in copies.followers:
        raise FollowerUnknownError(f"no follower is named {name!r}")
    return MapCopyDecided(name=name, given=given, at=now, by=by)


def _hash(secret: bytes) -> str:
    return hashlib.sha256(secret).hexdigest()
