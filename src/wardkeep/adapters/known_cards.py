"""Makes one known-patient card from a chart."""

from __future__ import annotations

from wardkeep.adapters.typst_press import Typeset, typeset_card
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import PatientChart
from wardkeep.pack.known_patient_card import known_patient_card
from wardkeep.pack.whole_house import HouseData, writing


def build_card(chart: PatientChart, data: HouseData, language: str) -> Typeset:
    """Return the card of `chart` as PDF; `data` tells site, streams and who opened it.

    Raises TypesettingError.
    """
    say = translator(language)
    card = known_patient_card(chart, data, language, writing(data, language, say))
    return typeset_card(card)
