"""Who knocks: the feed that a bearer token names, if it may speak from where it does."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Iterable

import msgspec

from wardkeep.hospital.networks import AllowedNetworks
from wardkeep.hospital.site import Feed
from wardkeep.kernel.times import SECOND
from wardkeep.tokens.state import Standing, Tokens, named_by
from wardkeep.wire.fhir_rest.refusal import Refusal

# A token that was taken back opens nothing after this.
_LOOK_EVERY = SECOND
_CHALLENGE = 'Bearer realm="fhir"'
# Our tokens have 46 letters.
_LONGEST_TOKEN = 512


class Sender(msgspec.Struct, frozen=True):
    """A feed that may speak, and the number of the token that it showed, with its note."""

    feed: Feed
    token: int
    note: str = ""

    @property
    def name(self) -> str:
        """What people know the token by."""
        return f"{self.token} {self.note}".rstrip()


class Stranger(msgspec.Struct, frozen=True):
    """Somebody who may not speak. `feed` is named where the token was one of ours."""

    refusal: Refusal
    feed: str = ""


class Senders:
    """Knows the FHIR feeds and their tokens; `look` reads the tokens anew, from a thread."""

    def __init__(
        self, feeds: Iterable[Feed], look: Callable[[], Tokens], clock: Callable[[], int]
    ) -> None:
        self._feeds = {feed.name: feed for feed in feeds if feed.kind == "fhir"}
        self._networks = {n: AllowedNetworks(f.allow) for n, f in self._feeds.items()}
        self._look, self._clock = look, clock
        self._tokens: Tokens = ()
        self._looked: int | None = None
        self._looking = asyncio.Lock()
        self._known: dict[tuple[bytes, str], Sender] = {}

    def known(self, authorization: str, host: str) -> Sender | None:
        """Return who was let in with these words since the tokens were read, else None.

        None says nothing of who it is: `identify` does.
        """
        if not self._is_fresh():
            return None
        return self._known.get((_mark(authorization), host))

    async def identify(self, authorization: str, host: str) -> Sender | Stranger:
        """Return who shows this Authorization header from this address."""
        scheme, _, secret = authorization.strip().partition(" ")
        secret = secret.strip()
        if scheme.lower() != "bearer" or not secret:
            return _unauthorized("show a token: Authorization: Bearer TOKEN", _CHALLENGE)
        if len(secret) > _LONGEST_TOKEN:
            return _unauthorized("this token opens nothing", _INVALID)
        await self._be_fresh()
        token = named_by(self._tokens, secret)
        if token is None or token.feed not in self._feeds:
            return _unauthorized("this token opens nothing", _INVALID)
        standing = token.standing(self._clock())
        if standing is not Standing.VALID:
            text = f"this token is {standing.value}"
            return _unauthorized(text, _INVALID, token.feed)
        if not self._networks[token.feed].admit(host):
            text = "the feed takes nothing from this address (its setting `allow`)"
            refusal = Refusal(status=403, code="forbidden", text=text)
            return Stranger(refusal, token.feed)
        sender = Sender(self._feeds[token.feed], token.number, token.note)
        self._known[_mark(authorization), host] = sender
        return sender

    async def _be_fresh(self) -> None:
        if self._is_fresh():
            return
        async with self._looking:
            if not self._is_fresh():
                # A thread: a slow disk may hold up this request and no screen.
                self._tokens = await asyncio.to_thread(self._look)
                self._known.clear()
                self._looked = self._clock()

    def _is_fresh(self) -> bool:
        return self._looked is not None and 0 <= self._clock() - self._looked < _LOOK_EVERY


def _mark(authorization: str) -> bytes:
    """Return what stands for a header: no secret stays here, and no time tells of one."""
    return hashlib.sha256(authorization.encode("utf-8", "surrogatepass")).digest()


_INVALID = f'{_CHALLENGE}, error="invalid_token"'


def _unauthorized(text: str, challenge: str, feed: str = "") -> Stranger:
    headers = {"www-authenticate": challenge}
    refusal = Refusal(status=401, code="login", text=text, headers=headers)
    return Stranger(refusal, feed)
