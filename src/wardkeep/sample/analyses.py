"""What the laboratory measures: LOINC codes, units, reference ranges, usual values."""

from __future__ import annotations

from random import Random

import msgspec


class Analysis(msgspec.Struct, frozen=True):
    """One analysis: the mean and spread of inpatients' values, and how they are written."""

    code: str
    text: str
    unit: str
    low: float
    high: float
    mean: float
    spread: float
    places: int = 1

    def value(self, chance: Random, near: float | None = None) -> float:
        """Return a value, near an earlier one if there is one."""
        centre = self.mean if near is None else near * 0.8 + self.mean * 0.2
        share = 1.0 if near is None else 0.35
        drawn = max(self.low * 0.2, chance.gauss(centre, self.spread * share))
        return round(drawn, self.places)

    def written(self, value: float) -> str:
        """Return a value as the laboratory writes it."""
        return f"{value:.{self.places}f}"

    def abnormal(self, value: float) -> str:
        """Return OBX-8: L, H, LL, HH or nothing."""
        if value < self.low:
            return "LL" if value < self.low * 0.8 else "L"
        if value > self.high:
            return "HH" if value > self.high * 1.6 else "H"
        return ""

    @property
    def range(self) -> str:
        """OBX-7."""
        return f"{self.written(self.low)}-{self.written(self.high)}"


class Panel(msgspec.Struct, frozen=True):
    """What is asked for together from one specimen."""

    code: str
    text: str
    specimen: str
    specimen_text: str
    section: str
    analyses: tuple[Analysis, ...]


BLOOD_COUNT = Panel(
    "58410-2",
    "Hémogramme",
    "WB",
    "Sang total EDTA",
    "HM",
    (
        Analysis("718-7", "Hémoglobine", "g/dL", 12.0, 16.5, 11.8, 1.7),
        Analysis("6690-2", "Leucocytes", "10*9/L", 4.0, 10.0, 9.2, 3.4),
        Analysis("777-3", "Plaquettes", "10*9/L", 150, 400, 262, 88, 0),
        Analysis("4544-3", "Hématocrite", "%", 36.0, 48.0, 35.4, 4.6),
    ),
)
CHEMISTRY = Panel(
    "24323-8",
    "Biochimie",
    "SER",
    "Sérum",
    "CH",
    (
        Analysis("2951-2", "Sodium", "mmol/L", 136, 145, 138, 4, 0),
        Analysis("2823-3", "Potassium", "mmol/L", 3.5, 5.1, 4.1, 0.5),
        Analysis("14682-9", "Créatinine", "µmol/L", 45, 104, 96, 38, 0),
        Analysis("22664-7", "Urée", "mmol/L", 2.8, 7.2, 8.4, 3.6),
        Analysis("1988-5", "CRP", "mg/L", 0.0, 5.0, 42, 44),
        Analysis("14749-6", "Glucose", "mmol/L", 3.9, 6.1, 6.8, 1.9),
    ),
)
COAGULATION = Panel(
    "24373-3",
    "Coagulation",
    "PPP",
    "Plasma citraté",
    "HM",
    (
        Analysis("6301-6", "INR", "", 0.9, 1.2, 1.4, 0.7),
        Analysis("3173-2", "TCA", "s", 25, 37, 33, 7, 0),
    ),
)
THYROID = Panel(
    "24348-5",
    "Thyroïde",
    "SER",
    "Sérum",
    "CH",
    (Analysis("3016-3", "TSH", "mUI/L", 0.4, 4.0, 2.2, 1.6, 2),),
)
CULTURE = Panel("600-7", "Hémoculture", "BLD", "Sang, flacons d'hémoculture", "MB", ())
URINE = Panel("630-4", "Culture d'urine", "UR", "Urine, milieu de jet", "MB", ())

DAILY = (BLOOD_COUNT, CHEMISTRY)
OCCASIONAL = (COAGULATION, THYROID)
CULTURES = (CULTURE, URINE)

CULTURE_TEXTS = (
    "Absence de croissance après 48 heures d'incubation.",
    "Escherichia coli. Sensible : céfuroxime, témocilline, amikacine. Résistant : ampicilline.",
    "Staphylococcus aureus sensible à l'oxacilline dans 2 flacons sur 4.",
    "Klebsiella pneumoniae, BLSE positive. Sensible : méropénem, amikacine.",
)

VITALS = (
    Analysis("8867-4", "Fréquence cardiaque", "/min", 50, 100, 82, 14, 0),
    Analysis("8480-6", "TA systolique", "mmHg", 100, 140, 128, 18, 0),
    Analysis("8310-5", "Température", "°C", 36.0, 37.8, 37.0, 0.6),
    Analysis("59408-5", "SpO₂", "%", 92, 100, 95, 2, 0),
)
"""What nurses measure at the bedside; sent by the nursing record."""
