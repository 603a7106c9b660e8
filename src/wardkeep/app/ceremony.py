"""The key ceremony: a new recovery secret in sheets of paper, for officers who may be absent.

Rules kept here: nothing is changed before every sheet is out, and, where it was asked for,
typed back; then everything is wrapped to the new secret, and what opened before opens nothing.
Secret and words are never on the disk, except in the folder that was named for the sheets.
"""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.files import write_private
from wardkeep.adapters.rewrapping import Progress, Rewrapped
from wardkeep.adapters.share_dealing import deal
from wardkeep.adapters.typst_press import typeset_recovery
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import UnwritableFileError
from wardkeep.app.first import refuse_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.key_rotation import new_secret, open_source, replace_recovery
from wardkeep.app.owner import typed_by_root
from wardkeep.app.settings import load_site
from wardkeep.custody.decide import check_ceremony
from wardkeep.custody.decide import replace_recovery as decided
from wardkeep.custody.errors import CeremonyBrokenOffError
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.recovery_shares import check_code, secret_of, sheets_in
from wardkeep.paper.recovery_sheet import recovery_sheet

_PATIENCE_SECONDS = 60.0
Deliver = Callable[[int, bytes], None]
"""Is given each sheet's number and PDF; raises OSError where it cannot be put anywhere."""
TypeBack = Callable[[int], str]
"""Returns the words of a sheet as its officer typed them back."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a ceremony: `needed` of `sheets` open; officers by name, or none."""

    sheets: int = 3
    needed: int = 2
    officers: tuple[str, ...] = ()
    language: str = ""


def hold_ceremony(  # the ways out of it are its caller's
    folder: HospitalFolder,
    rule: Rule,
    by: str,
    deliver: Deliver,
    type_back: TypeBack | None,
    progress: Progress,
) -> Rewrapped:
    """Make the sheets and put them in the place of the recovery words or sheets before.

    Raises CopiedLedgerError, CeremonyError, CeremonyBrokenOffError, KeyMissingError,
    TypesettingError, OSError: then what opened before still does.
    """
    refuse_copy(folder, "a key ceremony is held at the first")
    check_ceremony(rule.sheets, rule.needed, rule.officers)
    open_source(folder)
    at, secret = now(), new_secret()
    words = deal(secret, rule.needed, rule.sheets)
    for place, pdf in enumerate(sheets_as_pdf(folder, rule, words, at), 1):
        deliver(place, pdf)
    if type_back is not None:
        _typed_back(words, secret, type_back)
    event = decided(
        rule.sheets,
        rule.needed,
        rule.officers,
        confirmed=type_back is not None,
        at=at,
        by=by,
    )
    return replace_recovery(folder, secret, event, progress)


def sheets_as_pdf(
    folder: HospitalFolder, rule: Rule, words: Sequence[str], at: int
) -> list[bytes]:
    """Return each sheet as one page of PDF."""
    site = load_site(folder)
    language = rule.language or site.language
    made = dt.datetime.fromtimestamp(at // SECOND, dt.UTC).date().isoformat()
    return [
        typeset_recovery(
            recovery_sheet(
                translator(language),
                language=language,
                hospital=f"{site.name} ({site.code})",
                made=made,
                place=place,
                sheets=rule.sheets,
                needed=rule.needed,
                officers=rule.officers,
                words=each,
                code=check_code(each),
                commands=_commands(folder.path),
            )
        )
        for place, each in enumerate(words, 1)
    ]


def _commands(folder: Path) -> tuple[str, str]:
    """Return what root types at the server, and at a new machine that has a backup."""
    place = folder.absolute()
    recover = typed_by_root(place, ["recover-key", str(place)])
    return recover, typed_by_root(place, ["restore", str(place), "--from", "BACKUP"])


def into_folder(folder: Path) -> Deliver:
    """Return what puts sheets into a folder (0600), named by their number alone.

    Raises UnwritableFileError where there is no such folder.
    """
    if not folder.is_dir():
        raise UnwritableFileError(
            f"{folder}: there is no such folder for the sheets",
            advice=f"Make it, for yourself alone: mkdir -m 700 {folder}",
        )

    def deliver(place: int, pdf: bytes) -> None:
        write_private(folder / f"recovery-sheet-{place}.pdf", pdf)

    return deliver


def to_printer(printer: str) -> Deliver:
    """Return what hands sheets to a printer of this machine (lp(1)) and keeps nothing."""

    def deliver(place: int, pdf: bytes) -> None:
        command = ["lp", "-d", printer, "-t", f"sheet {place}", "-"]
        try:
            subprocess.run(  # no shell
                command, input=pdf, capture_output=True, check=True, timeout=_PATIENCE_SECONDS
            )
        except (OSError, subprocess.SubprocessError) as fault:
            raise CeremonyBrokenOffError(f"the printer {printer} took no sheet") from fault

    return deliver


def _typed_back(words: Sequence[str], secret: bytes, type_back: TypeBack) -> None:
    typed = []
    for place, meant in enumerate(words, 1):
        found = sheets_in(type_back(place))
        if len(found) != 1 or [w[:4] for w in found[0]] != [w[:4] for w in meant.split()]:
            raise CeremonyBrokenOffError(f"sheet {place} was not typed as it is printed")
        typed += found
    if secret_of(typed) != secret:
        raise CeremonyBrokenOffError("the sheets do not give the secret back")
