"""What a security key must sign, or the secret that an app is given: for one session."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_MOST = 10_000


class Challenges:
    """The newest challenge and the newest unconfirmed secret of each session, in memory."""

    def __init__(self, new_token: Callable[[], str]) -> None:
        self._new_token = new_token
        self._challenges: OrderedDict[str, bytes] = OrderedDict()
        self._secrets: OrderedDict[str, str] = OrderedDict()

    def new(self, session: str) -> bytes:
        """Return a fresh challenge in place of any earlier one."""
        challenge = self._new_token().encode()
        _keep(self._challenges, session, challenge)
        return challenge

    def take(self, session: str) -> bytes:
        """Return the session's challenge and forget it; b"" where there is none."""
        return self._challenges.pop(session, b"")

    def secret(self, session: str, fresh: Callable[[], str]) -> str:
        """Return the secret that the session's page shows, a fresh one where it has none."""
        if session not in self._secrets:
            _keep(self._secrets, session, fresh())
        return self._secrets[session]

    def confirmed(self, session: str) -> None:
        """Forget the secret: it is the account's now."""
        self._secrets.pop(session, None)


def _keep(kept: OrderedDict[str, T], key: str, value: T) -> None:
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > _MOST:
        kept.popitem(last=False)
