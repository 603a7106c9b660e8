"""What a site says of itself: its feeds, wards and rules. Loaded by app.settings."""

from __future__ import annotations

from typing import Literal

import msgspec

from wardkeep.hospital.backup import Backup
from wardkeep.hospital.deliveries import Delivery
from wardkeep.hospital.lists import Lists
from wardkeep.hospital.login import Login, SingleSignOn
from wardkeep.hospital.own_name import OwnName
from wardkeep.hospital.polls import Poll
from wardkeep.hospital.printing import Printer, Printing, Proof
from wardkeep.hospital.streams import Stream

ALL_STREAMS: tuple[Stream, ...] = tuple(Stream)
VITAL_STREAMS: frozenset[Stream] = frozenset(
    {
        Stream.ADMISSIONS,
        Stream.ALLERGIES,
        Stream.CODE_STATUS,
        Stream.MEDICATION_ORDERS,
        Stream.DOSES_GIVEN,
    }
)
"""Who lies where, what they must not get, what they get: the last of the disk is for these."""


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One connection that a hospital system sends on.

    `kind`: "mllp" listens on a port of its own; "fhir" is taken at the web's port under /fhir,
    so that host, port and certificates are the web's.
    `rank`: 1 is believed first when two feeds speak of the same moment.
    `tls_client_names`: which certificates of `tls_client_ca` may speak here; empty: any.
    `daily_quota_bytes`: how much of a day (UTC) is taken; beyond it nothing is acknowledged.
    `uses_reserve`: whether it may fill the last of the disk (Site.disk_reserve_bytes).
    `not_fed_wards`: per stream, wards whose system of record does not send here.
    """

    name: str
    kind: Literal["mllp", "fhir"] = "mllp"
    host: str = "127.0.0.1"
    port: int = 2575
    allow: tuple[str, ...] = ("127.0.0.0/8", "::1/128")
    streams: tuple[Stream, ...] = ALL_STREAMS
    rank: int = 1
    tls_certificate: str | None = None
    tls_key: str | None = None
    tls_client_ca: str | None = None
    tls_client_names: tuple[str, ...] = ()
    daily_quota_bytes: int = 6_000_000_000
    uses_reserve: Literal["by_streams", "yes", "no"] = "by_streams"
    application_ack: bool = True
    max_message_bytes: int = 64 * 1024 * 1024
    allergies: Literal["additive", "snapshot"] = "additive"
    not_fed_wards: dict[str, tuple[str, ...]] = {}

    @property
    def is_vital(self) -> bool:
        """Whether the wards need this feed more than any other while the disk runs out."""
        if self.uses_reserve == "by_streams":
            return not VITAL_STREAMS.isdisjoint(self.streams)
        return self.uses_reserve == "yes"


class Ward(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ward as the site names it; `code` is what stands in PV1-3.1.

    Wards that arrive in messages and are not declared exist all the same, under their code.
    """

    code: str
    name: str = ""
    site: str = ""
    beds: tuple[str, ...] = ()
    language: str | None = None
    telephones: tuple[str, ...] = ()
    telephones_tested: str = ""
    """The day on which somebody last rang every one of them, "2026-03-01"."""
    next_due: bool = True


def _usual_hours() -> dict[str, tuple[str, ...]]:
    """Hours that most wards of the region keep; a site writes its own in `standard_hours`."""
    return {
        "QD": ("08:00",),
        "BID": ("08:00", "20:00"),
        "TID": ("08:00", "14:00", "20:00"),
        "QID": ("06:00", "12:00", "18:00", "22:00"),
        "QHS": ("22:00",),
        "QAM": ("08:00",),
        "QPM": ("20:00",),
    }


class Rules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choices of the site that the chart depends on. Times are local wall-clock "HH:MM"."""

    timezone: str = "Europe/Brussels"
    record_authorities: tuple[str, ...] = ()
    """Assigning authorities (PID-3.4.1) that number this site's records, best first; or any."""
    fhir_namespaces: dict[str, str] = {}
    """Identifier systems (URI) of FHIR senders to what HL7 messages call the same numbers."""
    compute_next_due: bool = True
    standard_hours: dict[str, tuple[str, ...]] = msgspec.field(default_factory=_usual_hours)
    """Repeat pattern (HL7 table 0335 and the site's own codes) to times of the day."""
    late_after_minutes: int = 30
    silent_after_minutes: int = 120
    limit_floor_minutes: int = 10
    limit_ceiling_minutes: int = 720
    charting_lag_minutes: int = 90
    no_known_allergy_codes: tuple[str, ...] = ("716186003", "NKA", "NKDA", "NONE")
    code_status_codes: tuple[str, ...] = ("CODESTATUS", "81351-9", "304251008")
    isolation_codes: tuple[str, ...] = ("ISOLATION", "40174006")
    diet_codes: tuple[str, ...] = ("DIET", "75282-4")
    weight_codes: tuple[str, ...] = ("29463-7", "3141-9", "8335-2", "27113001")
    imaging_sections: tuple[str, ...] = (
        "RAD",
        "CT",
        "NMR",
        "RUS",
        "RX",
        "XRC",
        "NMS",
        "CUS",
        "VUS",
    )


class Keys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the server's key comes from at each start (docs/operating.md, `[keys]`)."""

    source: Literal["file", "usb", "credential", "passphrase"] = "file"
    usb: str = "LABEL=WARDKEEP"
    """LABEL= or UUID= of the stick's file system, or the absolute path of the key's file."""
    credential_file: str = "/etc/credstore.encrypted/wardkeep-server-key"


class Retention(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each ledger is kept before whole periods of it are erased with their keys."""

    clinical_days: int = 30
    access_months: int = 120
    digest_months: int = 13


class Copies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where followers copy this site's ledgers; without the table nobody can.

    `address` is how they reach it, as invitations say it: host and port if empty.
    """

    host: str = "127.0.0.1"
    port: int = 8444
    address: str = ""


class Paper(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Choices of the site for what stands on its paper. Inherited by the site's other boxes."""

    blood_group_codes: tuple[str, ...] = ("882-1", "883-9", "10331-7")
    """Results that are a blood group (LOINC): printed NOT FOR ISSUE, wherever they stand."""
    antibody_codes: tuple[str, ...] = ("890-4",)
    """Results of a search for antibodies against red cells (LOINC)."""
    line_codes: tuple[str, ...] = ()
    """Observations that tell of lines, catheters and drains; none: nobody sends them."""
    theatre_services: tuple[str, ...] = ()
    """Services of appointments that are operations; none: nobody sends them."""
    sort_known_facts: bool = True
    default_code_status: str = ""
    """The site's rule where no code status is recorded, in its own words."""
    tall_man: Literal["", "BE", "DE", "FR", "LU", "NL"] = ""
    codes: bool = True
    """Whether each patient's sheets carry the sealed chart as codes (docs/adr/0029)."""


class RecordSystem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A system of record of the site, as paper names it where it does not feed.

    `feeds`: the feeds it sends on; empty: none, so every pack says that it cannot know what is
    in it. `wards`: only these wards use it; empty: all. `ask`: whom to ask for it.
    """

    name: str
    holds: str = ""
    feeds: tuple[str, ...] = ()
    wards: tuple[str, ...] = ()
    ask: str = ""


class Brake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a ward's pack is held until a person has decided (pack.brake).

    A share is of the patients who were on the ward before, in per cent: those who left it, lost
    half of their orders or an allergy. docs/operating.md has the reasons.
    """

    share_percent: int = 30
    window_minutes: int = 60
    slow_share_percent: int = 50
    slow_hours: int = 12
    least_patients: int = 4


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hospital site: everything `serve` needs to know, keys apart."""

    name: str
    code: str = "SITE"
    language: Literal["fr", "nl", "de", "en"] = "en"
    rules: Rules = Rules()
    paper: Paper = Paper()
    login: Login = Login()
    oidc: SingleSignOn | None = None
    keys: Keys = Keys()
    retention: Retention = Retention()
    brake: Brake = Brake()
    backup: Backup = Backup()
    own_name: OwnName = OwnName()
    feeds: tuple[Feed, ...] = ()
    polls: tuple[Poll, ...] = ()
    wards: tuple[Ward, ...] = ()
    systems: tuple[RecordSystem, ...] = ()
    printers: tuple[Printer, ...] = ()
    printing: Printing = Printing()
    proof: Proof = Proof()
    lists: Lists = Lists()
    deliveries: tuple[Delivery, ...] = ()
    web_host: str = "127.0.0.1"
    web_port: int = 8443
    web_name: str = ""
    """The name by which browsers reach the web; security keys are bound to it for good."""
    web_certificate: str | None = None
    """PEM chain for HTTPS; needed as soon as `web_host` is not a loopback address."""
    web_key: str | None = None
    copies: Copies | None = None
    cipher: Literal["aegis", "sqlcipher"] = "aegis"
    duplicate_horizon_days: int = 7
    unfinished_bytes_limit: int = 256 * 1024 * 1024
    disk_reserve_bytes: int = 600_000_000
    """Free space that only vital feeds may use: what 1,000 inpatients send in a day."""

    @property
    def listeners(self) -> tuple[Feed, ...]:
        """The feeds that listen on a port of their own."""
        return tuple(feed for feed in self.feeds if feed.kind == "mllp")
