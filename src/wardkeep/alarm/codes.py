"""Every alarm that this version knows: how heavy it weighs and what to do about it.

The words for screens stand in web.alarm_words (SERVER_ALARMS), in four languages;
docs/operating.md lists the codes. What comes under a code that is not here is shown all the
same.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

import msgspec


class Severity(IntEnum):
    """How heavy an alarm weighs: the priorities of syslog (RFC 5424, 6.2.1, table 2)."""

    CRITICAL = 2
    """Something is lost or refused now: call somebody at any hour."""
    WARNING = 4
    """It will become critical unless somebody does something."""
    NOTICE = 5
    """Somebody should look at it by day."""


class Kind(msgspec.Struct, frozen=True):
    """What is known of a code: its severity and, for a terminal, what to do."""

    severity: Severity
    remedy: str


_STORE = (
    "Look at the disk (df -h, df -i, mount, journalctl -k). It goes on by itself as soon as"
    " the disk takes something."
)
_VERIFY = "Run `wardkeep verify DIR`, keep the folder as it is, and look for a copy."

CODES: Final[Mapping[str, Kind]] = {
    "disk-full": Kind(
        Severity.CRITICAL,
        "Free or add disk space: move old copies away, never files of the ledgers.",
    ),
    "clinical-not-stored": Kind(Severity.CRITICAL, _STORE),
    "operations-not-stored": Kind(Severity.CRITICAL, _STORE),
    "access-not-stored": Kind(Severity.CRITICAL, _STORE),
    "clinical-lost": Kind(Severity.CRITICAL, _VERIFY),
    "operations-lost": Kind(Severity.CRITICAL, _VERIFY),
    "access-lost": Kind(Severity.CRITICAL, _VERIFY),
    "clinical-damaged": Kind(Severity.CRITICAL, _VERIFY),
    "operations-damaged": Kind(Severity.CRITICAL, _VERIFY),
    "access-damaged": Kind(Severity.CRITICAL, _VERIFY),
    "first-silent": Kind(
        Severity.CRITICAL,
        "See to the first box and the line to it. If it is lost, `wardkeep follow DIR --promote"
        " WHY` makes this one the first.",
    ),
    "copy-contradicted": Kind(
        Severity.CRITICAL,
        "Run `wardkeep verify` on both boxes, keep both folders as they are, and decide which"
        " one is to be believed.",
    ),
    "first-lost-entries": Kind(
        Severity.CRITICAL,
        "Run `wardkeep verify` at the first: it was put back, or lost its newest entries, which"
        " this box still has.",
    ),
    "copy-stopped": Kind(
        Severity.CRITICAL,
        "Look at the disk of this box (df -h, journalctl -k); copying is tried again.",
    ),
    "pack-held": Kind(
        Severity.CRITICAL,
        "Ask the ward who lies there, then `wardkeep brake release` or `keep DIR WARD --why`.",
    ),
    "pack-keys-differ": Kind(
        Severity.CRITICAL,
        "Ask at the first who made the keys anew (`keys envelopes --new`). If somebody did:"
        " `wardkeep keys adopt DIR HOLDER...`; if nobody, an attacker has the first. A damaged"
        " pack-keys/public.json: move it away, the first tells its keys again.",
    ),
    "map-not-copied": Kind(
        Severity.WARNING,
        "See what the first has: `wardkeep map show` there. Import there again what is damaged"
        " or gone, or `wardkeep map forget` it; what is of a newer release needs it here too.",
    ),
    "pack-not-made": Kind(
        Severity.CRITICAL,
        "Read why (journalctl -u wardkeep). A ward that is called list+... came by a feed: see"
        " under Senders who sent it and correct its code there.",
    ),
    "printer-dead": Kind(
        Severity.WARNING,
        "Look at the printer and at the line to it; what is ordered there is tried again by"
        " itself, or print it elsewhere: `wardkeep print DIR --ward W --printer P`.",
    ),
    "print-stuck": Kind(
        Severity.CRITICAL,
        "Look into the printer's tray and count; `wardkeep print DIR` names the order. Then say"
        " `--confirm ORDER` or `--give-up ORDER` with `--why`; order again what is missing.",
    ),
    "proof-wrong": Kind(
        Severity.CRITICAL,
        "Do not trust that ward's paper, or that list: compare it with the screen, and report"
        " what differs. `wardkeep proof DIR --ward W` looks again, at every list too.",
    ),
    "delivered-wrong": Kind(
        Severity.CRITICAL,
        "Files there are gone, put back or altered, as by somebody with rights there. Open no"
        " pack of that target; `wardkeep deliver DIR --all` brings them anew, then"
        " `wardkeep proof DIR` looks again.",
    ),
    "proof-old": Kind(
        Severity.WARNING,
        "Run `wardkeep proof DIR` and read what it says (journalctl -u wardkeep).",
    ),
    "feed-near-quota": Kind(
        Severity.WARNING,
        "See under Senders who sends so much; if it is right, raise daily_quota_bytes.",
    ),
    "feed-quota": Kind(
        Severity.CRITICAL,
        "Nothing more of it is taken today: its sender waits. If what it sends is right, raise"
        " daily_quota_bytes and start `wardkeep serve DIR` again.",
    ),
    "feed-waits-for-disk": Kind(
        Severity.CRITICAL,
        "Free or add disk space: the rest is kept for admissions and medication.",
    ),
    "disk-low": Kind(
        Severity.WARNING,
        "Free or add disk space: move old copies away, never files of the ledgers.",
    ),
    "disk-read-only": Kind(
        Severity.CRITICAL,
        "The system took the disk back: look at `journalctl -k` and mount it for writing.",
    ),
    "inodes-low": Kind(
        Severity.CRITICAL,
        "The disk has no room for new files (df -i): delete small files that are not the"
        " hospital folder's.",
    ),
    "files-low": Kind(
        Severity.CRITICAL,
        "Raise LimitNOFILE of the unit, and see under Senders who opens so many connections.",
    ),
    "memory-low": Kind(
        Severity.WARNING,
        "Raise MemoryMax of the unit or add memory; what is killed is started again.",
    ),
    "charts-not-carried": Kind(
        Severity.CRITICAL,
        "Bring `chart/carried.*` back from a backup and start again; until then ask the wards"
        " who lies there, compare, and decide about their held packs.",
    ),
    "carried-charts-gone": Kind(
        Severity.WARNING,
        "No patient is missing. Bring `chart/carried.*` back from a backup and start again:"
        " without it charts that are made anew would lack what erased days had said.",
    ),
    "erasing-stopped": Kind(
        Severity.WARNING,
        "Nothing is lost: read the words and `journalctl -u wardkeep`. The ledgers are tried"
        " again every minute, the charts when their process or the server is started again.",
    ),
    "certificate-ends": Kind(
        Severity.WARNING,
        "`wardkeep ca renew DIR` or `ca issue`, or a new file from whoever made it; then start"
        " the server again. A root that ends means a visit to every ward PC: plan it.",
    ),
    "risk-review-overdue": Kind(
        Severity.NOTICE,
        "Look at the risk again with who accepted it, then `wardkeep risk accept` anew, or"
        " `withdraw` it.",
    ),
    "key-awaited": Kind(
        Severity.CRITICAL, "Plug in the stick that `[keys]` names; it goes on by itself."
    ),
    "log-grows": Kind(
        Severity.WARNING,
        "A reader holds an old state of a ledger: find it (fuser on the file) and end it.",
    ),
    "sender-new": Kind(
        Severity.WARNING,
        "See under Senders what is new and ask its owner; `wardkeep senders` lists it too.",
    ),
    "sender-refused": Kind(
        Severity.WARNING,
        "A certificate that may not speak for the feed was shown: see under Senders which.",
    ),
    "backup-late": Kind(
        Severity.WARNING,
        "Run `wardkeep backup DIR` and read what it says (journalctl -u wardkeep-backup).",
    ),
    "sealed-code-used": Kind(
        Severity.WARNING,
        "Ask the person named why; when that is known, end the alarm on the page Audit.",
    ),
    "break-glass": Kind(
        Severity.WARNING,
        "Ask the person named why; when that is known, end the alarm on the page Audit.",
    ),
    "delivery-failing": Kind(
        Severity.CRITICAL,
        "Mount or plug in what [[deliveries]] names, see its space and its key. It is tried"
        " again by itself; meanwhile `wardkeep deliver DIR --to FOLDER` fills a stick.",
    ),
    "pack-unsealed": Kind(
        Severity.CRITICAL,
        "See pack-keys/ of the folder: a pack cannot be encrypted for its ward, so the one"
        " before stands at the targets. Print this ward from the server.",
    ),
    "poll-failing": Kind(
        Severity.WARNING,
        "Look at the server's table [[polls]] and at the server; it is asked again by itself.",
    ),
    "fhir-refused": Kind(
        Severity.WARNING,
        "`wardkeep token list DIR` says why; docs/operating.md, FHIR senders, what to do.",
    ),
    "process-down": Kind(
        Severity.CRITICAL,
        "It is started again by itself; the log says why it ended (journalctl -u wardkeep).",
    ),
}
OTHER: Final = Kind(Severity.CRITICAL, "Look at the log of this server.")


def kind_of(code: str) -> Kind:
    """Return what is known of a code; OTHER, which weighs heavily, for one not known here."""
    return CODES.get(code, OTHER)
