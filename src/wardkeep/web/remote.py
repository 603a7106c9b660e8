"""The ports that reach the running server through its control socket.

Verbs: `looks.record`, `operations.append`, `alarms.raise`, `quarantine.replay`, `status`.
"""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import msgspec

from wardkeep.access.deeds import NO_DEEDS, Deed, Deeds, fold_deeds
from wardkeep.access.events import AccessEvent, encode
from wardkeep.access.look import Look
from wardkeep.access.sealed import NO_CODES, SealedCodes, fold_codes
from wardkeep.access.state import NO_ACCOUNTS, Accounts, fold
from wardkeep.bedside import events as bedside
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.events import PART, Decision, PackDeliveryAsked, PrintEvent, ReceiptEvent
from wardkeep.pack.events import encode as encode_pack
from wardkeep.sender.state import Memory
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

    def senders(self) -> Mapping[str, Memory] | None:
        """Return who was seen on each feed, None when the server does not answer."""
        try:
            told = self._ask("senders.list", {})
            return msgspec.convert(told["feeds"], dict[str, Memory], strict=False)
        except (OperationFailedError, msgspec.ValidationError, KeyError):
            return None

    def know(self, named: tuple[str, str, str], by: str) -> None:
        """Say that feed, trait and name are known; raises OperationFailedError."""
        feed, trait, name = named
        body = {"feed": feed, "trait": trait, "name": name, "by": by}
        self._ask("senders.know", body)

    def decide(self, event: Decision) -> None:
        """Record what a person decided of a held pack; raises OperationFailedError."""
        body = base64.b64encode(encode_pack(event)[1]).decode()
        self._ask("operations.append", {"part": PART, "body": body})

    def print(self, events: Sequence[PrintEvent]) -> None:
        """Record orders to print and what came of them; raises OperationFailedError."""
        bodies = [base64.b64encode(encode_pack(event)[1]).decode() for event in events]
        self._ask("operations.append", {"part": PART, "bodies": bodies})

    def deliver(self, asked: PackDeliveryAsked) -> None:
        """Record that packs are to be delivered again; raises OperationFailedError."""
        body = base64.b64encode(encode_pack(asked)[1]).decode()
        self._ask("operations.append", {"part": PART, "body": body})

    def receive(self, events: Sequence[ReceiptEvent]) -> None:
        """Record who took packs and which are in hand; raises OperationFailedError."""
        bodies = [base64.b64encode(encode_pack(event)[1]).decode() for event in events]
        self._ask("operations.append", {"part": PART, "bodies": bodies})

    def bedside(self, events: Sequence[bedside.BedsideEvent]) -> None:
        """Record bedside checks and what was done; raises OperationFailedError."""
        bodies = [base64.b64encode(bedside.encode(event)).decode() for event in events]
        self._ask("operations.append", {"part": bedside.PART, "bodies": bodies})

    def status(self) -> ServerStatus | None:
        """Return processes and alarms of the site server, None when nobody answers."""
        try:
            return msgspec.convert(self._ask("status", {}), ServerStatus)
        except (OperationFailedError, msgspec.ValidationError):
            return None

    def append(self, events: Sequence[AccessEvent]) -> None:
        """Append access events to the operations ledger, all or none.

        Raises OperationFailedError.
        """
        bodies = [base64.b64encode(encode(event)).decode() for event in events]
        self._ask("operations.append", {"part": "access", "bodies": bodies})

    def alarm(self, code: str, subject: str, detail: str) -> bool:
        """Raise an alarm; False where nobody took it."""
        try:
            self._ask("alarms.raise", {"code": code, "subject": subject, "detail": detail})
        except OperationFailedError:
            return False
        return True

    def end_alarm(self, code: str, subject: str) -> None:
        """End an alarm that stands; raises OperationFailedError."""
        self._ask("alarms.clear", {"code": code, "subject": subject})

    def _ask(self, verb: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return self._call(verb, body)
        except (WardkeepError, OSError) as fault:
            raise OperationFailedError("the server did not answer") from fault


class LedgerAccounts:
    """The accounts, folded from the operations ledger as it grows.

    `follow(after)` returns the access events behind a sequence and the newest sequence seen.
    """

    def __init__(
        self,
        follow: Callable[[int], tuple[Sequence[AccessEvent], int]],
        append: Callable[[Sequence[AccessEvent]], None],
    ) -> None:
        self._follow = follow
        self._append = append
        self._accounts: Accounts = NO_ACCOUNTS
        self._codes: SealedCodes = NO_CODES
        self._deeds: Deeds = NO_DEEDS
        self._sequence = 0
        self._lock = threading.Lock()

    def accounts(self) -> Accounts:
        """Return the accounts as they stand now; as last known while they cannot be read."""
        with self._lock:
            self._catch_up()
            return self._accounts

    def codes(self) -> SealedCodes:
        """Return the sealed codes as they stand now; as last known while unreadable."""
        with self._lock:
            self._catch_up()
            return self._codes

    def deeds(self, name: str) -> Sequence[Deed]:
        """Return what was done to an account, the newest first; as last known."""
        with self._lock:
            self._catch_up()
            return self._deeds.get(name, ())

    def append(self, events: Sequence[AccessEvent]) -> None:
        """Append events, all or none; raises OperationFailedError."""
        self._append(events)

    def _catch_up(self) -> None:
        try:
            events, newest = self._follow(self._sequence)
        except (WardkeepError, OSError):
            return
        self._accounts = fold(events, self._accounts)
        self._codes = fold_codes(events, self._codes)
        self._deeds = fold_deeds(events, self._deeds)
        self._sequence = max(newest, self._sequence)
