"""The ports that reach the running server through its control socket.

Verbs: `looks.record`, `operations.append`, `quarantine.replay`, `status`.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from wardkeep.access.events import AccountEvent, PasswordChanged, encode
from wardkeep.access.look import Look
from wardkeep.access.state import NO_ACCOUNTS, Accounts, fold
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.ports import Replayed, ServerStatus


class Call(Protocol):
    """One request to the running server."""

    def __call__(self, verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the server's answer; raises a WardkeepError or OSError when none comes."""
        ...


class RemoteServer:
    """Looks, replays and the supervisor's word, by control socket."""

    def __init__(self, call: Call) -> None:
        self._call = call

    def record(self, looks: Sequence[Look]) -> None:
        """Append looks to the access ledger; raises OperationFailedError."""
        self._ask("looks.record", {"looks": msgspec.to_builtins(looks)})

    def replay(self, sequence: int, by: str) -> Replayed:
        """Have a quarantined entry read again; raises OperationFailedError."""
        answer = self._ask("quarantine.replay", {"sequence": sequence, "by": by})
        return Replayed(
            in_chart=answer.get("outcome") == "in_chart", reason=str(answer.get("reason", ""))
        )

    def status(self) -> ServerStatus | None:
        """Return processes and alarms of the site server, None when nobody answers."""
        try:
            return msgspec.convert(self._ask("status", {}), ServerStatus)
        except (OperationFailedError, msgspec.ValidationError):
            return None

    def append(self, event: AccountEvent) -> None:
        """Append an account event to the operations ledger; raises OperationFailedError."""
        body = base64.b64encode(encode(event)).decode()
        self._ask("operations.append", {"part": "access", "body": body})

    def _ask(self, verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self._call(verb, body)
        except (WardkeepError, OSError) as fault:
            raise OperationFailedError("the server did not answer") from fault


class LedgerAccounts:
    """The accounts, folded from the operations ledger as it grows.

    `follow(after)` returns the account events behind a sequence and the newest sequence seen.
    """

    def __init__(
        self,
        follow: Callable[[int], tuple[Sequence[AccountEvent], int]],
        append: Callable[[AccountEvent], None],
    ) -> None:
        self._follow = follow
        self._append = append
        self._accounts: Accounts = NO_ACCOUNTS
        self._sequence = 0
        self._lock = threading.Lock()

    def accounts(self) -> Accounts:
        """Return the accounts as they stand now; as last known while they cannot be read."""
        with self._lock:
            try:
                events, newest = self._follow(self._sequence)
            except (WardkeepError, OSError):
                return self._accounts
            self._accounts = fold(events, self._accounts)
            self._sequence = max(newest, self._sequence)
            return self._accounts

    def change_password(self, name: str, password_hash: str, at: int) -> None:
        """Append PasswordChanged by its owner; raises OperationFailedError."""
        self._append(PasswordChanged(name=name, password_hash=password_hash, at=at, by=name))
