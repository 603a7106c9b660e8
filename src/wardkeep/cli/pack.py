"""`wardkeep pack` typesets one ward's pack now, from the charts as they stand."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.chart.ports import WardSummary

NAME = "pack"
SUMMARY = "Make one ward's pack as a PDF: ward sheet, medication records, summaries."
EXAMPLE = "wardkeep pack /srv/wardkeep --ward 4B --out 4B.pdf --language fr"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the ward, the file and the language."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--ward", metavar="W", required=True, help="the ward's code (PV1-3)")
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
    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.adapters.files import why_not_writable, write_private
    from wardkeep.adapters.pack_builder import language_of, newest_heard, ward_data
    from wardkeep.adapters.pack_worker import build
    from wardkeep.app.consulting import consult, record_looks
    from wardkeep.app.errors import UnwritableFileError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.pack_process import witness
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    site = load_site(folder)
    if why := why_not_writable(options.out):
        raise UnwritableFileError(f"--out {options.out}: {why}")
    charts = consult(folder, site)
    try:
        summary = _ward(charts.wards(), options.ward)
        data = ward_data(
            charts, site, summary, now(), witness(folder, open_keys(folder), charts)
        )
    finally:
        charts.close()
    record_looks(folder, site, [chart.record for chart in data.charts], "verb pack")
    language = options.language or language_of(site, summary.ward)
    made = build(msgspec.msgpack.encode(data), language)
    write_private(options.out, made.pdf)
    _say(options, summary.ward, made.pages, len(data.charts), newest_heard(data.streams))
    return 0


def _ward(known: list[WardSummary], code: str) -> WardSummary:
    """Return the ward of that code; raises UnknownNumberError with the nearest codes."""
    import difflib

    from wardkeep.app.errors import UnknownNumberError

    found = next((each for each in known if each.ward == code), None)
    if found is not None:
        return found
    codes = [each.ward for each in known]
    near = difflib.get_close_matches(code, codes, n=3, cutoff=0.4) or codes[:5]
    hint = f"; the nearest: {', '.join(near)}" if near else ""
    raise UnknownNumberError(f"no ward has the code {code!r}{hint}")


def _say(
    options: argparse.Namespace, ward: str, pages: int, patients: int, as_of: int | None
) -> None:
    from wardkeep.kernel.wall_clock import utc

    told = None if as_of is None else utc(as_of)
    if options.json:
        body = {
            "ward": ward,
            "file": str(options.out),
            "pages": pages,
            "patients": patients,
            "as_of": told,
        }
        print(json.dumps(body, indent=2))
        return
    when = f"as of {told}" if told else "nothing was heard yet"
    print(f"{options.out}: {pages} pages, {patients} patients, {when}")
