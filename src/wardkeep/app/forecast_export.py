"""Writes a forecast as files for other tools: JSON, CSV, MONARC, EBIOS RM."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import msgspec

from wardkeep.adapters.files import write_private
from wardkeep.adapters.typst_words import translator
from wardkeep.app.foreseeing import Foreseen
from wardkeep.foresight.csv_rows import as_csv
from wardkeep.foresight.errors import ExportError
from wardkeep.foresight.exports import (
    ebios_scenarios,
    measures_table,
    monarc_information_risks,
    monarc_operational_risks,
    monarc_recommendations,
    services_table,
)


def export(found: Foreseen, folder: Path, language: str) -> tuple[Path, ...]:
    """Write the files into `folder`, which is made, and return them; raises ExportError.

    Each is written whole or not at all; those of the same names are written over.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = _files(found, language)
        for name, content in made.items():
            write_private(folder / name, content)
    except OSError as fault:
        raise ExportError(f"{fault.filename or folder}: {fault.strerror}") from fault
    return tuple(folder / name for name in made)


def _files(found: Foreseen, language: str) -> Mapping[str, bytes]:
    say = translator(language)
    forecasts, effects, best = found.forecasts, found.effects, found.portfolio
    return {
        "forecast.json": json.dumps(msgspec.to_builtins(found), indent=2).encode(),
        "services.csv": as_csv(services_table(forecasts), mark=True),
        "measures.csv": as_csv(measures_table(effects, best), mark=True),
        "ebios-rm.csv": as_csv(ebios_scenarios(forecasts, say), mark=True),
        "monarc-information-risks.csv": as_csv(
            monarc_information_risks(forecasts, say), mark=False
        ),
        "monarc-operational-risks.csv": as_csv(
            monarc_operational_risks(forecasts, say), mark=False
        ),
        "monarc-recommendations.csv": as_csv(
            monarc_recommendations(effects, best, say), mark=False
        ),
    }
