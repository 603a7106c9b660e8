"""Opens a delivered pack on a kit machine: verifies, decrypts in memory, records, shows once.

Needs no hospital folder, no settings and no network.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from wardkeep.adapters import pack_reader
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import forbid_core_dumps
from wardkeep.adapters.one_showing import Showing, show_once
from wardkeep.adapters.opening_log_file import openings, put_down
from wardkeep.adapters.opening_note_file import leave
from wardkeep.adapters.pack_reader import Found
from wardkeep.adapters.page_press import style, words_in
from wardkeep.adapters.pdf_stamp import stamped
from wardkeep.adapters.typst_press import pages_of
from wardkeep.app.errors import UnwritableFileError
from wardkeep.pack.errors import GlassNeededError, NotVerifiedError
from wardkeep.pack.house_lists import needs_glass
from wardkeep.pack.manifest import MANIFEST, Doubt, Listed, Verdict, verdict
from wardkeep.pack.opened_page import Glass, marks_of, named, opened_page
from wardkeep.pack.opening_log import Opening, Seen, seen
from wardkeep.pack.opening_note import OpeningNote
from wardkeep.paper.viewer_words import VIEWER

_MOST = 200
"""Letters of a name or a reason that are kept and printed."""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a person asks for: which file, by whom, why, and how to show it."""

    file: Path
    key: str
    by: str
    why: str
    log: Path
    fingerprint: str = ""
    glass: Glass | None = None
    language: str = "en"
    seconds: float = 120.0


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What was opened: `marks` stand on every page; `unread` sheets of `sheets` are damaged."""

    ward: str
    generation: int
    verdict: Verdict
    marks: tuple[str, ...]
    signer: str
    sheets: int
    unread: int
    log_broken: int | None
    note_left: bool = False
    """Whether a note lies beside the pack now: the site may learn from it of the opening."""


def open_pack(asked: Asked, tell: Callable[[str, Listed | None], None]) -> Opened:
    """Open a pack, record it, show it once; `tell` hears the address and which pack it is.

    Raises PackFileError, NotVerifiedError, GlassNeededError, WrongPackKeyError,
    NotFetchedError, TypesettingError, UnwritableFileError, OSError: then nothing was shown.
    """
    forbid_core_dumps()
    found = pack_reader.examine(asked.file)
    known, broken = openings(asked.log)
    site = found.manifest.site if found.manifest else ""
    judged = judge(found, seen(known, site), asked)
    if not judged.is_verified and asked.glass is None:
        raise NotVerifiedError(_words_of(judged, asked))
    if asked.glass is None and found.pack is not None and needs_glass(found.pack.ward):
        raise GlassNeededError("the book of known patients opens by breaking the glass alone")
    key = pack_reader.identity(pack_reader.key_text(asked.key))
    language = found.pack.language if found.pack else asked.language
    words = words_in(language)
    marks = [*marks_of(judged, found.pack, words, asked.glass), *notices(found, words)]
    if found.pdf:
        showing, sheets, unread = _as_pdf(found, key, marks), 1, 0
    else:
        texts = pack_reader.open_sheets(found, key)
        page, policy = opened_page(texts, marks, words, style(), language)
        showing = Showing("text/html; charset=utf-8", page.encode(), policy)
        sheets, unread = len(texts), sum(each is None for each in texts)
    _record(asked, found, judged)
    show_once(showing, lambda address: tell(address, found.pack), asked.seconds)
    left = _leave_note(asked, found, judged)
    return Opened(
        ward=found.pack.ward if found.pack else "",
        generation=found.pack.generation if found.pack else 0,
        verdict=judged,
        marks=tuple(marks),
        signer=found.signer,
        sheets=sheets,
        unread=unread,
        log_broken=broken,
        note_left=left,
    )


def judge(found: Found, known: Seen | None, asked: Asked) -> Verdict:
    """Return what to say of a pack: its own doubts, and those against what is known here."""
    doubts = set(found.doubts)
    expected = _plain(asked.fingerprint) or (known.signer if known else "")
    if expected and _plain(found.signer) != _plain(expected):
        doubts.add(Doubt.SIGNER_CHANGED)
    return verdict(found.manifest, found.pack, doubts, now(), known.counter if known else 0)


def notices(found: Found, words: Mapping[str, str]) -> list[str]:
    """Return what the place of a pack tells: a newer one, another name, an altered list."""
    ward = found.pack.ward if found.pack else "?"
    told = {
        words["old_all"]: found.newer,
        words["renamed"].format(ward=ward): found.renamed,
        words["list_altered"]: found.list_altered,
    }
    return [each for each, holds in told.items() if holds]


def _as_pdf(found: Found, key: pack_reader.Key, marks: list[str]) -> Showing:
    pdf = pack_reader.open_pdf(found, key)
    # A PDF that is just as it was signed and new is shown as it is.
    marked = stamped(pdf, pages_of(pdf), marks) if marks else pdf
    return Showing("application/pdf", marked)


def _record(asked: Asked, found: Found, judged: Verdict) -> None:
    by, why = asked.glass or (asked.by, asked.why)
    opening = Opening(
        at=now(),
        by=by[:_MOST],
        why=why[:_MOST],
        ward=found.pack.ward if found.pack else "",
        generation=found.pack.generation if found.pack else 0,
        site=found.manifest.site if found.manifest else "",
        counter=found.manifest.counter if found.manifest else 0,
        signer=found.signer,
        file=found.digest,
        doubts=named(judged.doubts),
    )
    try:
        put_down(asked.log, opening)
    except OSError as fault:
        raise UnwritableFileError(
            f"--log {asked.log}: {fault.strerror or fault}",
            advice="Every opening is recorded: name a file that can be written, --log FILE.",
        ) from fault


def _leave_note(asked: Asked, found: Found, judged: Verdict) -> bool:
    """Leave a note of a verified pack where it was delivered: its list lies beside it."""
    folder, manifest, pack = asked.file.parent, found.manifest, found.pack
    if not judged.is_verified or manifest is None or pack is None:
        return False
    if not (folder / MANIFEST).is_file():
        return False
    note = OpeningNote(
        site=manifest.site,
        ward=pack.ward,
        generation=pack.generation,
        at=now(),
        by=(asked.glass[0] if asked.glass else asked.by)[:_MOST],
    )
    return leave(folder, note)


def _words_of(judged: Verdict, asked: Asked) -> str:
    words = dict(VIEWER)
    if asked.fingerprint:
        words["signer_changed"] = "The key that signed it is not that of the fingerprint typed"
    return "; ".join(words[doubt.value.replace("-", "_")] for doubt in judged.doubts)


def _plain(fingerprint: str) -> str:
    return "".join(fingerprint.split()).lower()
