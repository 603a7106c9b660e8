"""What the web needs from outside: one frozen struct of ports, handed to `create_app`.

No page reaches a store, a socket or the clock but through these.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from wardkeep.access.deeds import Deed
from wardkeep.access.events import AccessEvent
from wardkeep.access.look import Look
from wardkeep.access.sealed import SealedCodes
from wardkeep.access.state import Accounts
from wardkeep.adapters.oidc import Asked as LoginAsked
from wardkeep.alarm.state import Alarm
from wardkeep.bedside.accuracy import Accuracy
from wardkeep.bedside.events import BedsideEvent
from wardkeep.bedside.state import NO_CHECKS, Checks, Difference
from wardkeep.chart.ports import Charts
from wardkeep.foresight.governance.risk import Acceptances
from wardkeep.hospital.site import Site
from wardkeep.pack.errors import UnknownPrinterError
from wardkeep.pack.events import Decision, PackBuilt, PrintEvent
from wardkeep.pack.prints import Prints
from wardkeep.pack.readiness import Readiness
from wardkeep.pack.state import Hold
from wardkeep.sender.state import Memory
from wardkeep.web.delivery_port import Deliveries, NoDeliveries
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.forecast_port import ForecastDesk, NoForecast
from wardkeep.web.map_port import MapDesk, NoMap
from wardkeep.web.receipt_port import NoReceipts, ReceiptBook
from wardkeep.web.settings_port import NoSettings, SettingsDesk


class AccountBook(Protocol):
    """The accounts as the operations ledger tells them."""

    def accounts(self) -> Accounts:
        """Return the accounts as they stand now."""
        ...

    def codes(self) -> SealedCodes:
        """Return the sealed codes as they stand now."""
        ...

    def deeds(self, name: str) -> Sequence[Deed]:
        """Return what was done to an account, the newest first, as far as it is kept."""
        ...

    def append(self, events: Sequence[AccessEvent]) -> None:
        """Append events to the operations ledger, all or none; raises OperationFailedError."""
        ...


class LookBook(Protocol):
    """The access ledger's open end."""

    def record(self, looks: Sequence[Look]) -> None:
        """Append all looks; raises OperationFailedError if they are not durable."""
        ...


class Replayed(msgspec.Struct, frozen=True):
    """What came of reading a quarantined entry again. `reason` says why it is still there."""

    in_chart: bool
    reason: str = ""


class Operations(Protocol):
    """What a page may ask the running server to do."""

    def replay(self, sequence: int, by: str) -> Replayed:
        """Read one quarantined entry again; raises OperationFailedError when it is not done."""
        ...

    def alarm(self, code: str, subject: str, detail: str) -> bool:
        """Raise an alarm (alarm.codes); False where nobody took it: tell it again."""
        ...

    def senders(self) -> Mapping[str, Memory] | None:
        """Return who was seen on each feed, None when the server does not answer."""
        ...

    def know(self, named: tuple[str, str, str], by: str) -> None:
        """Say that feed, trait and name are known; raises OperationFailedError."""
        ...

    def decide(self, event: Decision) -> None:
        """Record what a person decided of a held pack; raises OperationFailedError."""

    def end_alarm(self, code: str, subject: str) -> None:
        """End an alarm that stands; raises OperationFailedError when it is not done."""
        ...


class ProcessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One process of the site server, as the supervisor sees it; times in UTC microseconds."""

    name: str
    running: bool
    since: int | None = None
    restarts: int = 0
    last_restart: int | None = None


class ServerStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The processes, and what stands against the server, heaviest first (app.alarms)."""

    processes: tuple[ProcessStatus, ...]
    alarms: tuple[Alarm, ...] = ()


class Supervision(Protocol):
    """What the running server knows of itself."""

    def status(self) -> ServerStatus | None:
        """Return how the server stands, or None when it does not answer."""
        ...


class Pack(msgspec.Struct, frozen=True):
    """A ward's printed pack: the PDF and when it was made (UTC microseconds), as noted."""

    pdf: bytes
    made: int
    built: PackBuilt | None = None


class PackShelf(Protocol):
    """The newest pack of each ward."""

    def latest(self, ward: str) -> Pack | None:
        """Return the newest pack of a ward, or None when none was made yet."""
        ...

    def made(self) -> Mapping[str, int]:
        """Return when the newest pack of each ward was made (UTC microseconds)."""
        ...

    def held(self) -> Mapping[str, Hold]:
        """Return the wards whose pack is held, and why."""
        ...

    def beside(self, ward: str) -> Pack | None:
        """Return what the feeds say now of a held ward, or None when none was made yet."""
        ...

    def failing(self) -> Mapping[str, int]:
        """Return since when the pack of each ward that fails could not be made (UTC µs)."""
        ...


class Printing(Protocol):
    """The printing of the wards' packs, and what a disaster now would leave on paper."""

    def prints(self) -> Prints:
        """Return how the orders stand."""
        ...

    def readiness(self, now: int) -> Readiness | None:
        """Return what would be on paper now, None where it cannot be told."""
        ...

    def order(self, ward: str, by: str) -> None:
        """Order a ward's pack; raises UnknownPrinterError, OperationFailedError."""
        ...

    def record(self, events: Sequence[PrintEvent]) -> None:
        """Record what a person said of an order; raises OperationFailedError."""
        ...


class NoPrinting:
    """A server that tells nothing of printing."""

    def prints(self) -> Prints:
        """Return nothing."""
        return {}

    def readiness(self, now: int) -> None:
        """Return nothing."""

    def order(self, ward: str, by: str) -> None:
        """Order nothing; raises UnknownPrinterError."""
        raise UnknownPrinterError(f"ward {ward!r} has no printer: {by} ordered nothing")

    def record(self, events: Sequence[PrintEvent]) -> None:
        """Record nothing."""


class BedsideBook(Protocol):
    """The bedside checks as the operations ledger tells them."""

    def checks(self) -> Checks:
        """Return the checks as they stand now, or as last known: they say which."""
        ...

    def waiting(self) -> tuple[Difference, ...]:
        """Return the differences about which nobody said what was done, oldest first."""
        ...

    def accuracy(self, now: int) -> Mapping[str, Accuracy]:
        """Return how each ward that was checked lately stands."""
        ...

    def record(self, events: Sequence[BedsideEvent]) -> None:
        """Record what was found or done; raises OperationFailedError."""
        ...


class NoBedside:
    """A server that keeps no bedside checks."""

    def checks(self) -> Checks:
        """Return none."""
        return NO_CHECKS

    def waiting(self) -> tuple[Difference, ...]:
        """Return none."""
        return ()

    def accuracy(self, now: int) -> Mapping[str, Accuracy]:  # noqa: ARG002  # the port's
        """Return none."""
        return {}

    def record(self, events: Sequence[BedsideEvent]) -> None:
        """Record nothing; raises OperationFailedError."""
        raise OperationFailedError(f"{len(events)} events were not recorded")


class MapStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How the first's map is held on a second box.

    `offer`: `given`, `withheld`, or empty where the first did not say. `as_of`: what it had
    then is here, UTC microseconds, 0 for never. `trouble`: what is not taken here, in English.
    """

    offer: str = ""
    as_of: int = 0
    trouble: str = ""


class CopyStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How a second box stands to the first; times in UTC microseconds, 0 for never.

    `as_of`: what the first had taken in then is here; `silent_since`: since when it does not
    answer, 0 while it does; `behind`: entries that it has and this box has not, where it lags.
    """

    as_of: int
    silent_since: int
    behind: int = 0
    map: MapStanding = MapStanding()


class CopyWatch(Protocol):
    """Whether this box copies another, and how far it is."""

    def standing(self, now: int) -> CopyStanding | None:
        """Return how the copy stands, None where this box is the first."""
        ...


class Neighbour(msgspec.Struct, frozen=True, kw_only=True):
    """Another site of the group, copied: its settings, its charts, and how the copy stands.

    `looks` takes looks at its patients: that site is told them when it answers.
    """

    site: Site
    charts: Charts
    copy: CopyWatch
    looks: LookBook


class NoCopy:
    """A box that follows no other."""

    def standing(self, now: int) -> None:
        """Return nothing: this box is the first."""


class SessionKeeper(Protocol):
    """Where sessions are kept so that a restart of the web logs nobody out."""

    def load(self) -> bytes | None:
        """Return what `save` kept last, or None."""
        ...

    def save(self, content: bytes) -> None:
        """Keep the content in place of what was kept before, whole or not at all."""
        ...


class AccessBook(Protocol):
    """What the access ledger holds, for whoever audits it."""

    def looks(self, before: int, limit: int) -> tuple[Sequence[Look], int]:
        """Return up to `limit` looks, the newest first, older than entry `before` (0: all).

        The second value is the entry before which to ask on, 0 when there are no more.
        """
        ...


class SignOn(Protocol):
    """The provider of single sign-on (adapters.oidc)."""

    def begin(self, asked: LoginAsked) -> str:
        """Return the address where the person logs in; raises SingleSignOnError."""
        ...

    def end(self, code: str, asked: LoginAsked, now: int) -> str:
        """Return the name of the account that logged in; raises SingleSignOnError."""
        ...


class Passwords(Protocol):
    """Password hashing; slow on purpose, called from a thread."""

    def hash(self, password: str) -> str:
        """Return a new hash of the password."""
        ...

    def fits(self, password_hash: str | None, password: str) -> bool:
        """Say whether the password fits; takes as long for None, which nothing fits."""
        ...


class RootCertificate(msgspec.Struct, frozen=True):
    """The root of the site's own certificates, public: in two forms and to compare."""

    pem: bytes
    der: bytes
    fingerprint: str
    name: str


class WebDependencies(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the pages are made from.

    `accepted` gives the risks of the map that somebody accepts now. `clock` gives UTC
    microseconds; `new_token` fresh unguessable text; `sleep` waits seconds.
    `browser_secret` outlives a restart: by it browsers are known again (web.known_browser).
    `read_only_since` says since when this server takes nothing in (UTC microseconds).
    `secure` says that the browser speaks HTTPS to us, so that cookies may demand it.
    """

    site: Site
    charts: Charts
    accounts: AccountBook
    looks: LookBook
    recorded: AccessBook
    operations: Operations
    supervision: Supervision
    packs: PackShelf
    sessions: SessionKeeper
    passwords: Passwords
    clock: Callable[[], int]
    new_token: Callable[[], str]
    sleep: Callable[[float], Awaitable[None]]
    browser_secret: bytes
    copy: CopyWatch = NoCopy()
    printing: Printing = NoPrinting()
    deliveries: Deliveries = NoDeliveries()
    receipts: ReceiptBook = NoReceipts()
    settings: SettingsDesk = NoSettings()
    bedside: BedsideBook = NoBedside()
    map: MapDesk = NoMap()
    forecast: ForecastDesk = NoForecast()
    accepted: Callable[[], Acceptances] = dict
    neighbours: tuple[Neighbour, ...] = ()
    root_certificate: RootCertificate | None = None
    secure: bool = False
    single_sign_on: SignOn | None = None
    read_only_since: int | None = None
