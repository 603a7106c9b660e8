"""`wardkeep pack` typesets a pack now, from the charts as they stand: of a ward or a kind."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from wardkeep.adapters.stored_charts import StoredCharts
    from wardkeep.app.paper_sealing import Seal
    from wardkeep.chart.ports import WardSummary
    from wardkeep.hospital.site import Site

NAME = "pack"
SUMMARY = "Make a pack as a PDF: a ward's, or the pharmacy's, kitchen's and others' lists."
EXAMPLE = "wardkeep pack /srv/wardkeep --ward 4B --out 4B.pdf --language fr"
KINDS = ("ward", "pharmacy", "laboratory", "theatre", "emergency", "kitchen", "front-desk")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the kind, the ward, the file and the language."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--kind", choices=KINDS, default="ward", help="for whom; the ward's own when left out"
    )
    parser.add_argument(
        "--ward", metavar="W", help="the ward's code (PV1-3); all wards for the other kinds"
    )
    parser.add_argument(
        "--out", metavar="FILE.pdf", type=Path, required=True, help="where to put it"
    )
    parser.add_argument(
        "--language",
        metavar="L",
        choices=("fr", "nl", "de", "en"),
        help="fr, nl, de or en; else the ward's",
    )
    parser.add_argument("--json", action="store_true", help="pages and as-of as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Write the PDF (0600), say pages and as-of; 6 for an unknown ward. Looks are recorded."""
    from wardkeep.adapters.clock import now
    from wardkeep.adapters.files import why_not_writable, write_private
    from wardkeep.app.consulting import consult, record_looks
    from wardkeep.app.errors import UnwritableFileError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.pack_process import witness
    from wardkeep.app.paper_sealing import sealing
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys
    from wardkeep.pack.errors import NoWardError

    folder = open_folder(options.folder)
    site = load_site(folder)
    if options.kind == "ward" and not options.ward:
        raise NoWardError("a ward's pack needs --ward W")
    if why := why_not_writable(options.out):
        raise UnwritableFileError(f"--out {options.out}: {why}")
    charts = consult(folder, site)
    try:
        ring = open_keys(folder)
        heads = witness(folder, ring, charts)
        made = _cut(options, charts, site, (now(), heads), sealing(folder, ring))
    finally:
        charts.close()
    record_looks(folder, site, made.records, made.page)
    pdf, pages = made.press(options.language)
    write_private(options.out, pdf)
    _say(options, made, pages)
    return 0


class _Cut(NamedTuple):
    """What was cut from the charts, ready for the press."""

    records: list[str]
    page: str
    as_of: int | None
    press: Callable[[str | None], tuple[bytes, int]]


def _cut(
    options: argparse.Namespace,
    charts: StoredCharts,
    site: Site,
    moment: tuple[int, str],
    seal: Seal,
) -> _Cut:
    at, heads = moment
    if options.kind == "ward":
        summary = _ward(charts.wards(), options.ward)
        return _cut_ward(charts, site, summary, moment, seal)
    from wardkeep.adapters.house_packs import build_list, house_data
    from wardkeep.adapters.pack_builder import newest_heard
    from wardkeep.pack.whole_house import PackKind

    asked = _ward(charts.wards(), options.ward) if options.ward else None
    data = house_data(charts, site, PackKind(options.kind), asked, at, heads)

    def press(language: str | None) -> tuple[bytes, int]:
        made = build_list(data, language or site.language)
        return made.pdf, made.pages

    records = [chart.record for chart in data.charts]
    return _Cut(records, f"verb pack {options.kind}", newest_heard(data.streams), press)


def _cut_ward(
    charts: StoredCharts, site: Site, summary: WardSummary, moment: tuple[int, str], seal: Seal
) -> _Cut:
    import msgspec

    from wardkeep.adapters.pack_builder import language_of, newest_heard, ward_data
    from wardkeep.adapters.pack_worker import build

    data = ward_data(charts, site, summary, *moment)

    def press(language: str | None) -> tuple[bytes, int]:
        told = language or language_of(site, summary.ward)
        made = build(msgspec.msgpack.encode(seal(data, told)), told)
        return made.pdf, made.pages

    records = [chart.record for chart in data.charts]
    return _Cut(records, "verb pack", newest_heard(data.streams), press)


def _ward(known: list[WardSummary], code: str) -> WardSummary:
    """Return the ward of that code; raises UnknownNumberError with the nearest codes."""
    from wardkeep.app.known_wards import refuse_unknown

    wards = {each.ward: each for each in known}
    refuse_unknown(code, wards)
    return wards[code]


def _say(options: argparse.Namespace, made: _Cut, pages: int) -> None:
    from wardkeep.kernel.wall_clock import utc

    told = None if made.as_of is None else utc(made.as_of)
    patients = len(made.records)
    if options.json:
        body = {
            "kind": options.kind,
            "ward": options.ward,
            "file": str(options.out),
            "pages": pages,
            "patients": patients,
            "as_of": told,
        }
        print(json.dumps(body, indent=2))
        return
    when = f"as of {told}" if told else "nothing was heard yet"
    print(f"{options.out}: {pages} pages, {patients} patients, {when}")
