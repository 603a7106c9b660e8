"""Sessions of logged-in people, kept on the server; the browser holds only a random id.

Rules kept here:
- An id that this server did not give is refused, never adopted (session fixation).
- Logging in always makes a new id; nothing is stored for who has not logged in.
- Only the SHA-256 of an id is kept, so that the file of sessions opens none of them.
- A session ends after IDLE without a page that a person asked for (a screen that refreshes
  itself does not count), after LONGEST at all, at logout, and when its account changes.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable

import msgspec

from wardkeep.access.state import Account, Accounts
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.web.ports import SessionKeeper

# OWASP Session Management Cheat Sheet: 15 to 30 minutes idle for applications of this risk.
IDLE = 30 * MINUTE
# A long shift: whoever relieves a colleague logs in under the own name.
LONGEST = 13 * HOUR
# How exactly the last page asked for is kept over a restart: one write a minute at most.
_TOUCH = MINUTE


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One login. `key` is the SHA-256 of the id, `csrf` the secret of its forms; UTC micros."""

    key: str
    account: str
    csrf: str
    opened: int
    touched: int


class Sessions:
    """All open sessions, in memory, kept through `keeper` whenever one opens or ends."""

    def __init__(self, keeper: SessionKeeper, new_token: Callable[[], str]) -> None:
        self._keeper = keeper
        self._new_token = new_token
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}
        self._load()

    def begin(self, account: str, now: int) -> tuple[str, Session]:
        """Open a session; return the id for the cookie and the session."""
        token = self._new_token()
        session = Session(
            key=_key(token), account=account, csrf=self._new_token(), opened=now, touched=now
        )
        with self._lock:
            self._open = {k: s for k, s in self._open.items() if not _over(s, now)}
            self._open[session.key] = session
            self._save()
        return token, session

    def find(self, token: str, accounts: Accounts, now: int) -> tuple[Session, Account] | None:
        """Return the open session of an id and its account, or None; ends what is over."""
        session = self._open.get(_key(token))
        if session is None:
            return None
        account = accounts.get(session.account)
        if account is None or account.disabled or account.changed > session.opened:
            self.end(session)
            return None
        if _over(session, now):
            self.end(session)
            return None
        return session, account

    def touch(self, session: Session, now: int) -> None:
        """Note that a person asked for a page."""
        if now - session.touched < _TOUCH:
            return
        with self._lock:
            if session.key in self._open:
                self._open[session.key] = msgspec.structs.replace(session, touched=now)
                self._save()

    def end(self, session: Session) -> None:
        """Close the session: its id opens nothing any more."""
        with self._lock:
            if self._open.pop(session.key, None) is not None:
                self._save()

    def _save(self) -> None:
        self._keeper.save(msgspec.json.encode(list(self._open.values())))

    def _load(self) -> None:
        content = self._keeper.load()
        if content is None:
            return
        try:
            kept = msgspec.json.decode(content, type=list[Session])
        except msgspec.DecodeError:
            # A torn or foreign file costs a login, nothing else.
            return
        self._open = {session.key: session for session in kept}


def _over(session: Session, now: int) -> bool:
    return now - session.touched > IDLE or now - session.opened > LONGEST


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
