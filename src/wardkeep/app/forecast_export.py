"""Writes a forecast as files for other tools: JSON, CSV, MONARC, EBIOS RM."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.adapters.files import why_not_writable, write_private
from wardkeep.adapters.typst_words import translator
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.foreseeing import Foreseen
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.csv_rows import as_csv
from wardkeep.foresight.errors import ExportError
from wardkeep.foresight.exports import (
    Drawn,
    ebios_scenarios,
    measures_table,
    monarc_information_risks,
    monarc_operational_risks,
    monarc_recommendations,
    services_table,
)

_NEVER = "1970-01-01T00:00:00Z"
"""No map was read: a forecast over none has no rows."""


def refuse_unwritable(target: Path, folder: HospitalFolder) -> None:
    """Raise ExportError where nothing could be put, before anything is drawn.

    The hospital folder is no place for them: its backup and its second box would carry them.
    """
    if target.resolve().is_relative_to(folder.path.resolve()):
        raise ExportError(f"{target} lies in the hospital folder")
    if target.exists() and not target.is_dir():
        raise ExportError(f"{target} is no folder")
    if why := why_not_writable(target / "forecast.json") if target.is_dir() else "":
        raise ExportError(f"{target}: {why}")


def export(found: Foreseen, folder: Path, language: str, zone: ZoneInfo) -> tuple[Path, ...]:
    """Write the files into `folder`, which is made, and return them; raises ExportError.

    Each is written whole or not at all; those of the same names are written over.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = _files(found, language, zone)
        for name, content in made.items():
            write_private(folder / name, content)
    except OSError as fault:
        raise ExportError(f"{fault.filename or folder}: {fault.strerror}") from fault
    return tuple(folder / name for name in made)


def _files(found: Foreseen, language: str, zone: ZoneInfo) -> Mapping[str, bytes]:
    forecasts, effects, best = found.forecasts, found.effects, found.portfolio
    spelling = Spelling(language, translator(language), zone)
    seed = forecasts[0].seed if forecasts else 0
    drawn = Drawn(found.map_as_of or _NEVER, found.fingerprint, seed)
    return {
        "forecast.json": json.dumps(msgspec.to_builtins(found), indent=2).encode(),
        "services.csv": as_csv(services_table(forecasts, drawn), mark=True),
        "measures.csv": as_csv(measures_table(effects, best, drawn), mark=True),
        "ebios-rm.csv": as_csv(ebios_scenarios(forecasts, spelling, drawn), mark=True),
        "monarc-information-risks.csv": as_csv(
            monarc_information_risks(forecasts, spelling, drawn), mark=False
        ),
        "monarc-operational-risks.csv": as_csv(
            monarc_operational_risks(forecasts, spelling), mark=False
        ),
        "monarc-recommendations.csv": as_csv(
            monarc_recommendations(effects, best, spelling), mark=False
        ),
    }
