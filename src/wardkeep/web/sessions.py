"""Sessions of logged-in people, kept on the server; the browser holds only a random id.

Rules kept here:
- An id that this server did not give is refused, never adopted (session fixation).
- Every step of a login makes a new id; nothing is stored for who has not begun to log in.
- Only the SHA-256 of an id is kept, so that the file of sessions opens none of them.
- A screen left alone is covered, then logged out (a screen that refreshes itself does not
  count); a session ends after a shift at all, at logout, and when its account changes.
- What an app's code was used for is kept with the sessions: a code opens once, over a restart.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from enum import StrEnum

import msgspec

from wardkeep.access.events import Role
from wardkeep.access.state import Account, Accounts
from wardkeep.hospital.login import Login
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.web.ports import SessionKeeper

# How exactly the last page asked for is kept over a restart: one write a minute at most.
_TOUCH = MINUTE
# Whoever begins to log in and stops: a security key is looked for, not more.
_LONGEST_STEP = 10 * MINUTE


class Step(StrEnum):
    """What a login still lacks."""

    NONE = ""
    FACTOR = "factor"
    """The second factor of the account."""
    ENROL = "enrol"
    """A second factor, which the account's role asks for and which it has not yet."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """How a session is opened.

    `account` names an account; where `roles` are given it is a person without one, let in by
    `origin`: the number of a sealed code or the names of two officers. `until`: when it ends at
    the latest (UTC microseconds), 0 as usual. `pin_hash` uncovers the screen of such a person.
    """

    account: str
    how: str = "password"
    step: Step = Step.NONE
    roles: tuple[Role, ...] = ()
    origin: str = ""
    until: int = 0
    pin_hash: str = ""


class Session(Opening, frozen=True, kw_only=True):
    """One login. `key` is the SHA-256 of the id, `csrf` the secret of its forms; UTC micros."""

    key: str
    csrf: str
    opened: int
    touched: int
    locked: bool = False
    by_pin: bool = False
    """A PIN opened it, or uncovered it last: whoever sits there knows six digits, no more."""
    glass_until: int = 0
    """Until when patients are open to it though its roles see none."""

    @property
    def handle(self) -> str:
        """By what a page names it: nothing that opens or keeps it can be made from that."""
        return _key(self.key)[:32]


class _Kept(msgspec.Struct):
    sessions: list[Session]
    steps: dict[str, int] = {}


class Sessions:
    """All open sessions, in memory, kept through `keeper` whenever one opens or ends."""

    def __init__(
        self, keeper: SessionKeeper, new_token: Callable[[], str], limits: Login | None = None
    ) -> None:
        self._keeper = keeper
        self._new_token = new_token
        self._limits = limits or Login()
        self._lock = threading.Lock()
        self._open: dict[str, Session] = {}
        self._steps: dict[str, int] = {}
        self._kept_at = 0
        self._load()

    def begin(self, opening: Opening, now: int) -> tuple[str, Session]:
        """Open a session; return the id for the cookie and the session."""
        token = self._new_token()
        session = Session(
            **msgspec.structs.asdict(opening),
            key=_key(token),
            csrf=self._new_token(),
            opened=now,
            touched=now,
        )
        with self._lock:
            self._open = {k: s for k, s in self._open.items() if not self._over(s, now)}
            self._open[session.key] = session
            self._save()
        return token, session

    def find(self, token: str, accounts: Accounts, now: int) -> tuple[Session, Account] | None:
        """Return the open session of an id and its account, or None; ends what is over."""
        session = self._open.get(_key(token))
        if session is None:
            return None
        account = _account_of(session, accounts)
        if account is None or self._over(session, now):
            self.end(session)
            return None
        return session, account

    def is_covered(self, session: Session, now: int) -> bool:
        """Say whether the screen was locked or left alone: no patient until it is uncovered."""
        alone = self._limits.lock_after_minutes * MINUTE
        return session.locked or (alone > 0 and now - session.touched >= alone)

    def seconds_to_lock(self, session: Session, now: int) -> int:
        """Return after how many seconds from `now` the screen is covered, 0 for never."""
        alone = self._limits.lock_after_minutes * MINUTE
        return max(1, (session.touched + alone - now) // 1_000_000 + 1) if alone else 0

    def touch(self, session: Session, now: int) -> None:
        """Note that a person asked for a page."""
        with self._lock:
            if session.key in self._open:
                self._open[session.key] = msgspec.structs.replace(session, touched=now)
                if now - self._kept_at >= _TOUCH:
                    self._kept_at = now
                    self._save()

    def change(self, session: Session, **marks: object) -> Session:
        """Mark the session: locked, unlocked (`touched`), glass broken; return it so."""
        changed = msgspec.structs.replace(session, **marks)
        with self._lock:
            if session.key in self._open:
                self._open[session.key] = changed
                self._save()
        return changed

    def end(self, session: Session) -> None:
        """Close the session: its id opens nothing any more."""
        with self._lock:
            if self._open.pop(session.key, None) is not None:
                self._save()

    def alike(self, mine: Session, account: Account, now: int) -> list[Session]:
        """Return the open sessions of the account of `mine`, itself too, newest first.

        A person without an account has the one session of a code or of two officers.
        """
        found = [
            s
            for s in self._open.values()
            if (s.account, s.roles) == (mine.account, mine.roles)
            and s.opened >= account.changed
            and not self._over(s, now)
            and (s.roles == () or s.key == mine.key)
        ]
        return sorted(found, key=lambda s: s.opened, reverse=True)

    def all_open(self, accounts: Accounts, now: int) -> list[Session]:
        """Return every session that opens pages at `now`, in no order."""
        return [
            session
            for session in list(self._open.values())
            if session.step is Step.NONE
            and not self._over(session, now)
            and _account_of(session, accounts) is not None
        ]

    def last_step(self, account: str) -> int:
        """Return the newest time step for which the account's app was believed, 0 for none."""
        return self._steps.get(account, 0)

    def used_step(self, account: str, step: int) -> None:
        """Note that the app's code of this time step opened something."""
        with self._lock:
            self._steps[account] = max(step, self._steps.get(account, 0))
            self._save()

    def _over(self, session: Session, now: int) -> bool:
        limits = self._limits
        return (
            now - session.touched > limits.end_after_minutes * MINUTE
            or now - session.opened > limits.longest_hours * HOUR
            or (session.step is not Step.NONE and now - session.opened > _LONGEST_STEP)
            or 0 < session.until <= now
        )

    def _save(self) -> None:
        kept = _Kept(list(self._open.values()), self._steps)
        self._keeper.save(msgspec.json.encode(kept))

    def _load(self) -> None:
        content = self._keeper.load()
        if content is None:
            return
        try:
            kept = msgspec.json.decode(content, type=_Kept | list[Session])
        except msgspec.DecodeError:
            # A torn or foreign file costs a login, nothing else.
            return
        # Version 0.1 kept the sessions alone.
        kept = _Kept(kept) if isinstance(kept, list) else kept
        self._open = {session.key: session for session in kept.sessions}
        self._steps = kept.steps


def _account_of(session: Session, accounts: Accounts) -> Account | None:
    if session.roles:
        return Account(
            name=session.account, roles=session.roles, password_hash="", changed=session.opened
        )
    account = accounts.get(session.account)
    if account is None or account.disabled or account.changed > session.opened:
        return None
    return account


def _key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
