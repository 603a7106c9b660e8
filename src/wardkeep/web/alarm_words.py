"""Words of the server's alarms: a sign and a sentence each, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from wardkeep.alarm.codes import Severity, kind_of
from wardkeep.web.words import N_

SERVER_ALARMS: Final[Mapping[str, tuple[str, str]]] = {
    "disk-full": (
        N_("DISK FULL"),
        N_("The disk of this server is nearly full: soon nothing new can be kept."),
    ),
    "clinical-not-stored": (
        N_("NOT STORED"),
        N_("New messages cannot be stored. They wait at their senders; the pages stay old."),
    ),
    "operations-not-stored": (
        N_("NOT STORED"),
        N_("What people decide here cannot be stored. Write it on paper."),
    ),
    "access-not-stored": (
        N_("NOT STORED"),
        N_("Looks at patients cannot be recorded. The pages are shown all the same."),
    ),
    "clinical-lost": (
        N_("ENTRIES LOST"),
        N_("Messages that were stored are gone from the ledger. Trust the paper and ask."),
    ),
    "operations-lost": (
        N_("ENTRIES LOST"),
        N_("Decisions that were stored are gone from the ledger."),
    ),
    "access-lost": (
        N_("ENTRIES LOST"),
        N_("Recorded looks at patients are gone from the ledger."),
    ),
    "clinical-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of messages is damaged: some cannot be read again. New ones are kept."),
    ),
    "operations-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of decisions and accounts is damaged: some are gone. New ones are kept."),
    ),
    "access-damaged": (
        N_("FILE DAMAGED"),
        N_("A file of recorded looks is damaged: some are gone. New ones are kept."),
    ),
    "first-silent": (
        N_("FIRST SERVER SILENT"),
        N_("The first server does not answer. This box shows what it had copied."),
    ),
    "copy-contradicted": (
        N_("COPY CONTRADICTED"),
        N_("The first server sent something else than it had recorded. None of it was taken."),
    ),
    "first-lost-entries": (
        N_("FIRST HAS LESS"),
        N_("The first server holds less than this box: it lost entries or was put back."),
    ),
    "copy-stopped": (
        N_("COPY STOPPED"),
        N_("Something of the first server is not copied any more."),
    ),
    "printer-dead": (
        N_("PRINTER DOES NOT PRINT"),
        N_("This printer does not answer or has stopped. Look at it."),
    ),
    "print-stuck": (
        N_("NOT ALL PRINTED"),
        N_("The paper of this ward did not come out whole. Look into the tray."),
    ),
    "proof-wrong": (
        N_("PAPER WRONG"),
        N_("This paper does not say what its charts say. Do not trust it: ask."),
    ),
    "delivered-wrong": (
        N_("DELIVERED PACKS WRONG"),
        N_("Files at this target are missing, old or altered. Open none of them: ask IT."),
    ),
    "proof-old": (
        N_("NOT PROVED"),
        N_("No ward's paper was compared with its charts for two days."),
    ),
    "pack-held": (
        N_("PAPER HELD"),
        N_(
            "Too much changed at once. The paper stays at the last sound one until somebody who"
            " asked the ward decides."
        ),
    ),
    "pack-keys-differ": (
        N_("OTHER KEYS OF PACKS"),
        N_("The first server names other keys than before. They are not used: ask IT."),
    ),
    "map-not-copied": (
        N_("MAP NOT COPIED"),
        N_("Parts of the first server's map are not taken here; older ones stay: ask IT."),
    ),
    "pack-not-made": (
        N_("PAPER NOT MADE"),
        N_("No new list or pack of this name can be made. What lies there grows old: ask IT."),
    ),
    "feed-near-quota": (
        N_("MUCH DATA"),
        N_("This feed sends far more than usual. Soon no more of it is taken today."),
    ),
    "feed-quota": (
        N_("FEED STOPPED"),
        N_(
            "This feed sent more than a day may hold. Nothing new of it is taken; the pages"
            " stay old."
        ),
    ),
    "feed-waits-for-disk": (
        N_("FEED STOPPED"),
        N_("The disk is nearly full. Nothing new of this feed is taken; the pages stay old."),
    ),
    "disk-low": (
        N_("DISK FILLS UP"),
        N_("The disk of this server fills up. Space must be made soon."),
    ),
    "disk-read-only": (
        N_("DISK LOCKED"),
        N_("The disk of this server takes nothing new: it is read-only."),
    ),
    "inodes-low": (
        N_("DISK FULL"),
        N_("The disk of this server takes no new files."),
    ),
    "files-low": (
        N_("TOO MANY CONNECTIONS"),
        N_("Too many connections are open: new ones are closed."),
    ),
    "memory-low": (
        N_("MEMORY LOW"),
        N_("The memory of this server is nearly used up."),
    ),
    "charts-not-carried": (
        N_("CHARTS NOT WHOLE"),
        N_("Earlier days are gone and their charts cannot be read: patients may be missing."),
    ),
    "carried-charts-gone": (
        N_("SPARE CHARTS GONE"),
        N_(
            "No patient is missing. What keeps the charts of erased days safe must be restored."
        ),
    ),
    "erasing-stopped": (
        N_("NOT ERASED"),
        N_(
            "Days that are due are not erased: something cannot be read or carried. Care goes"
            " on."
        ),
    ),
    "certificate-ends": (
        N_("CERTIFICATE ENDS"),
        N_(
            "A certificate of this server ends soon or has ended. Without a new one a"
            " connection ends with it."
        ),
    ),
    "risk-review-overdue": (
        N_("REVIEW OF A RISK OVERDUE"),
        N_("Somebody accepted a risk until a day that is past. It must be looked at again."),
    ),
    "key-awaited": (
        N_("WAITING FOR THE KEY"),
        N_("This server waits for its key: nothing runs until it is there."),
    ),
    "log-grows": (
        N_("LOG GROWS"),
        N_("A log of this server grows and is not put away."),
    ),
    "sender-new": (
        N_("NEW SENDER"),
        N_("Somebody sends here who never did before. Look at it under Senders."),
    ),
    "sender-refused": (
        N_("SENDER REFUSED"),
        N_("A sender showed a certificate that may not send here. It was refused."),
    ),
    "backup-late": (
        N_("BACKUP LATE"),
        N_("The newest backup of this server is too old. Tell IT by day; care goes on."),
    ),
    "sealed-code-used": (
        N_("SEALED CODE USED"),
        N_("A sealed code opened a session. Somebody must know who and why."),
    ),
    "break-glass": (
        N_("GLASS BROKEN"),
        N_("Somebody looks at patients beyond the own role. Somebody must know who and why."),
    ),
    "delivery-failing": (
        N_("PACKS NOT DELIVERED"),
        N_("Wards' packs do not reach a folder or stick. What lies there grows old."),
    ),
    "pack-unsealed": (
        N_("PACK NOT ENCRYPTED"),
        N_("A ward's new pack cannot be encrypted. What was delivered before grows old."),
    ),
    "poll-failing": (
        N_("NOT ANSWERING"),
        N_("A system that is asked for news does not answer. What changed there is missing."),
    ),
    "fhir-refused": (
        N_("SENDER REFUSED"),
        N_("What a system sent here was refused. What it wanted to tell is missing."),
    ),
    "process-down": (
        N_("NOT RUNNING"),
        N_("A part of this server does not run. It is started again by itself."),
    ),
}
"""What stands against the server (alarm.codes): a sign and a sentence."""

ENDED_BY_AUDIT: Final = ("sealed-code-used", "break-glass")
"""Alarms that somebody ends on the page Audit, once it is known who and why."""

OTHER_ALARM: Final = (N_("FAULT"), N_("This server reports a fault."))


def is_heavy(code: str) -> bool:
    """Say whether somebody must be called about an alarm at any hour."""
    return kind_of(code).severity is Severity.CRITICAL
