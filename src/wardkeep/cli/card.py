"""`wardkeep card` prints what must be known of a person, inpatient or not, for a reason."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.chart.model import PatientChart
    from wardkeep.hospital.site import Site
    from wardkeep.pack.whole_house import HouseData

NAME = "card"
SUMMARY = "Print known-patient cards: one person's, or the whole index as a book."
EXAMPLE = (
    "wardkeep card /srv/wardkeep 123456 --out card.pdf"
    ' --person "Ann Maes" --why "found unconscious, brought in"'
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, whose card, the file, and who breaks the glass and why."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("record", metavar="MRN", nargs="?", help="the record number (PID-3)")
    whose.add_argument(
        "--all", action="store_true", help="everybody in the index, as a book by name"
    )
    parser.add_argument(
        "--out", metavar="FILE.pdf", type=Path, required=True, help="where to put it"
    )
    parser.add_argument(
        "--person", metavar="NAME", required=True, help="who opens it: your own full name"
    )
    parser.add_argument(
        "--why", metavar="TEXT", required=True, help="the reason, in a few words"
    )
    parser.add_argument(
        "--language",
        metavar="L",
        choices=("fr", "nl", "de", "en"),
        help="fr, nl, de or en; else the site's",
    )
    parser.add_argument("--json", action="store_true", help="pages and as-of as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Write the PDF (0600); 6 for an unknown number. Broken glass and looks are recorded."""
    from wardkeep.access.glass import check_said
    from wardkeep.adapters.clock import now
    from wardkeep.adapters.files import why_not_writable, write_private
    from wardkeep.adapters.house_packs import build_list
    from wardkeep.adapters.known_cards import build_card
    from wardkeep.app.errors import UnwritableFileError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.glass import break_glass
    from wardkeep.app.settings import load_site
    from wardkeep.pack.whole_house import Opened

    person, why = check_said(options.person, options.why)
    folder = open_folder(options.folder)
    site = load_site(folder)
    if refused := why_not_writable(options.out):
        raise UnwritableFileError(f"--out {options.out}: {refused}")
    at = now()
    chart, data = _known(options, folder, site, at)
    data = data.opened_by(Opened(person, why, at))
    records = [chart.record] if chart else [each.record for each in data.charts]
    page = "verb card" if chart else "verb cards"
    break_glass(folder, site, (person, why), records, page)
    language = options.language or site.language
    made = build_card(chart, data, language) if chart else build_list(data, language)
    write_private(options.out, made.pdf)
    _say(options, made.pages, len(records))
    return 0


def _known(
    options: argparse.Namespace, folder: HospitalFolder, site: Site, at: int
) -> tuple[PatientChart | None, HouseData]:
    """Return the one chart asked for, None for all, and what the sheets are cut from."""
    from wardkeep.adapters.house_packs import house_data
    from wardkeep.app.consulting import consult
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.pack_process import witness
    from wardkeep.app.site_keys import open_keys
    from wardkeep.pack.whole_house import PackKind

    charts = consult(folder, site)
    try:
        heads = witness(folder, open_keys(folder), charts)
        if options.all:
            return None, house_data(charts, site, PackKind.CARDS, None, at, heads)
        chart = charts.patient(options.record)
        if chart is None:
            raise UnknownNumberError(
                f"no message has named the record number {options.record!r}"
            )
        return chart, house_data(charts, site, PackKind.CARD, None, at, heads)
    finally:
        charts.close()


def _say(options: argparse.Namespace, pages: int, patients: int) -> None:
    if options.json:
        body = {"file": str(options.out), "pages": pages, "patients": patients}
        print(json.dumps(body, indent=2))
        return
    said = f"{pages} page{'s'[: pages != 1]}, {patients} patient{'s'[: patients != 1]}"
    print(f"{options.out}: {said}; the opening is recorded")
