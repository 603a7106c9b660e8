"""Makes a ward's charts and sheets from photographs of its papers and the envelope alone.

Needs no hospital folder, no settings and no network.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import pyrage

from wardkeep.adapters.clock import now
from wardkeep.adapters.errors import (
    BadSignatureError,
    UnreadablePhotographError,
    WrongPackKeyError,
)
from wardkeep.adapters.files import make_private_folder, write_private
from wardkeep.adapters.key_ring import forbid_core_dumps
from wardkeep.adapters.minisign import fingerprint
from wardkeep.adapters.pack_builder import new_sheet_numbers
from wardkeep.adapters.photographs import parts_on
from wardkeep.adapters.sealed_copy import open_copy
from wardkeep.adapters.tall_man_lists import tall_man_list
from wardkeep.adapters.typst_press import typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.app.errors import NothingReadError, UnwritableFileError
from wardkeep.chart.plain import told
from wardkeep.kernel.wall_clock import utc
from wardkeep.pack.contents import ward_pack
from wardkeep.pack.errors import UnreadableCopyError
from wardkeep.pack.paper_codes import Part, join
from wardkeep.pack.paper_copy import PaperCopy, unpack_copy
from wardkeep.pack.rebuilding import RebuiltWard, rebuilt_wards

_SAFE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_LONGEST_NAME = 80


class WardFiles(msgspec.Struct, frozen=True, kw_only=True):
    """What was made of one printing of one ward; `as_of` is ISO 8601 in UTC."""

    ward: str
    as_of: str
    patients: int
    missing: int
    settings: bool
    """Whether a page that was read carried the ward's telephones, beds and unfed systems."""
    pages: int
    pdf: str
    json: str


class Rebuilding(msgspec.Struct, frozen=True, kw_only=True):
    """What came of all photographs: what was made, and what could not be read and why."""

    wards: tuple[WardFiles, ...]
    signers: tuple[str, ...]
    no_picture: tuple[str, ...] = ()
    no_code: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    other_key: int = 0
    altered: int = 0
    other_release: int = 0


def rebuild(
    photographs: Sequence[Path],
    identity: pyrage.x25519.Identity,
    out: Path,
    *,
    signer: str = "",
    language: str | None = None,
    tell: Callable[[int, int], None] = lambda _read, _of: None,
) -> Rebuilding:
    """Read photographs, open their charts, write a PDF and a JSON file of each ward to `out`.

    `signer` is the fingerprint on the ward's wall card: charts that another key signed count as
    altered. `tell` hears how many photographs are read. Raises NothingReadError where no chart
    could be opened: nothing is written then; UnwritableFileError, TypesettingError.
    """
    forbid_core_dumps()
    report: Counter[str] = Counter()
    names: dict[str, list[str]] = {"no_picture": [], "no_code": []}
    parts = list(_parts(photographs, names, tell))
    sealed, lacking = join(parts)
    incomplete = tuple(f"{each.whole}: {each.found} of {each.parts} codes" for each in lacking)
    copies, signers = _opened(sealed, identity, _plain(signer), report)
    wards = rebuilt_wards(copies, now(), new_sheet_numbers(2 * len(copies)))
    made = Rebuilding(
        wards=tuple(_written(each, out, language) for each in wards),
        signers=tuple(sorted(signers)),
        no_picture=tuple(names["no_picture"]),
        no_code=tuple(names["no_code"]),
        incomplete=incomplete,
        other_key=report["other_key"],
        altered=report["altered"],
        other_release=report["other_release"],
    )
    if not copies:
        raise NothingReadError(_why_nothing(made))
    return made


def _parts(
    photographs: Sequence[Path], names: dict[str, list[str]], tell: Callable[[int, int], None]
) -> Iterator[Part]:
    for number, photograph in enumerate(photographs, start=1):
        try:
            found = parts_on(photograph)
        except UnreadablePhotographError:
            names["no_picture"].append(photograph.name)
            found = []
        else:
            if not found:
                names["no_code"].append(photograph.name)
        yield from found
        tell(number, len(photographs))


def _opened(
    sealed: Iterable[bytes],
    identity: pyrage.x25519.Identity,
    signer: str,
    report: Counter[str],
) -> tuple[list[PaperCopy], set[str]]:
    copies: list[PaperCopy] = []
    signers: set[str] = set()
    for each in sealed:
        try:
            packed, key = open_copy(each, identity)
            if signer and _plain(fingerprint(key)) != signer:
                report["altered"] += 1
                continue
            copies.append(unpack_copy(packed))
        except WrongPackKeyError:
            report["other_key"] += 1
        except BadSignatureError:
            report["altered"] += 1
        except UnreadableCopyError:
            report["other_release"] += 1
        else:
            signers.add(fingerprint(key))
    return copies, signers


def _written(ward: RebuiltWard, out: Path, language: str | None) -> WardFiles:
    spoken = language or ward.language
    alike = tall_man_list(ward.data.site.paper.tall_man)
    data = msgspec.structs.replace(ward.data, look_alikes=alike)
    made = typeset(ward_pack(data, spoken, translator(spoken)))
    as_of = utc(ward.data.from_paper.as_of if ward.data.from_paper else 0)
    stem = f"{_file_name(ward.data.summary.ward)}-{as_of.replace(':', '')}"
    charts = [told(chart) for chart in ward.data.charts]
    body = {"ward": ward.data.summary.ward, "as_of": as_of, "charts": charts}
    try:
        make_private_folder(out)
        write_private(out / f"{stem}.json", json.dumps(body, ensure_ascii=False).encode())
        write_private(out / f"{stem}.pdf", made.pdf)
    except OSError as fault:
        raise UnwritableFileError(f"{out}: {fault.strerror}") from fault
    return WardFiles(
        ward=ward.data.summary.ward,
        as_of=as_of,
        patients=len(ward.data.charts),
        missing=ward.missing,
        settings=ward.data.from_paper is not None and ward.data.from_paper.settings,
        pages=made.pages,
        pdf=f"{stem}.pdf",
        json=f"{stem}.json",
    )


def _file_name(ward: str) -> str:
    """Return a ward's code as a name of a file, whatever it holds."""
    return "".join(each if each in _SAFE else "_" for each in ward)[:_LONGEST_NAME] or "ward"


def _plain(fingerprinted: str) -> str:
    return "".join(fingerprinted.split()).lower()


def _why_nothing(made: Rebuilding) -> str:
    found = [
        f"{len(made.no_picture)} files are no pictures" if made.no_picture else "",
        f"{len(made.no_code)} photographs show no code of a chart" if made.no_code else "",
        f"{len(made.incomplete)} charts lack codes" if made.incomplete else "",
        f"{made.other_key} charts are sealed to another key" if made.other_key else "",
        f"{made.altered} charts are not as that key signed them" if made.altered else "",
        f"{made.other_release} charts are of another release" if made.other_release else "",
    ]
    return "; ".join(each for each in found if each) or "no photograph was given"
