"""A ward as hard to set as a real one: long names, allergies, decisions in sentences."""

from __future__ import annotations

import msgspec
from tests.web.handmade import NOW, moment, patient, said, source

from wardkeep.chart.model import (
    Allergies,
    Allergy,
    AllergyState,
    Coded,
    CodeStatus,
    Flag,
    FlagKind,
    PatientChart,
    PersonName,
)

CODE = "7C"
_NAMES = (
    ("Vandersteen-Lefèvre", "Marie-Antoinette"),
    ("Ó Súilleabháin", "Pádraig"),
    ("da Conceição Rodrigues", "Maria Fernanda"),
    ("Müller-Schönhagen", "Hans-Joachim"),
    ("Wiśniewska-Brzęczyszczykiewicz", "Zofia"),
    ("Janssens", "Jan"),
    ("Van den Broeck-Vanderstraeten", "Godelieve"),
    ("Peeters", "An"),
    ("Ferreira dos Santos Oliveira", "João"),
    ("Thill", "Josée"),
)
_ALLERGIES: tuple[tuple[str, ...] | None, ...] = (
    (),
    ("pénicilline", "produits de contraste iodés", "latex"),
    None,
    (),
    ("amoxicilline/acide clavulanique", "arachide"),
    (),
    ("sulfamethoxazol/trimethoprim", "morfine"),
    (),
    None,
    ("latex",),
)
_DECISIONS = {3: "Pas de réanimation (DNR 1)", 12: "Soins de confort (DNR 3)", 25: "DNR 2"}
_ISOLATIONS = {1: "Contact (SARM)", 8: "Gouttelettes", 17: "Contact (SARM)", 30: "Protecteur"}
_FLAGS = {
    2: FlagKind.SAME_NAME_ON_WARD,
    6: FlagKind.POSSIBLE_DUPLICATE,
    15: FlagKind.MERGED_DEMOGRAPHICS_DIFFER,
}


def allergies_of(number: int) -> Allergies:
    """Every third patient of ten with a list, some with none known, some not asked."""
    names = _ALLERGIES[number % len(_ALLERGIES)]
    if names is None:
        return Allergies(state=AllergyState.NOT_RECORDED)
    if not names:
        return Allergies(state=AllergyState.NONE_KNOWN, none_known=(source(),))
    items = tuple(Allergy(substance=Coded("", name), source=source()) for name in names)
    return Allergies(state=AllergyState.LISTED, items=items)


def long_ward(beds: int = 40) -> list[PatientChart]:
    """Return the patients of the ward CODE."""
    return [_patient(number) for number in range(beds)]


def _patient(number: int) -> PatientChart:
    plain = patient(100 + number, CODE)
    family, given = _NAMES[number % len(_NAMES)]
    status, isolation = _DECISIONS.get(number), _ISOLATIONS.get(number)
    flag = _FLAGS.get(number)
    decided = (
        ()
        if status is None
        else (CodeStatus(text=status, signer="Dr Peeters", date=moment(NOW), source=source()),)
    )
    return msgspec.structs.replace(
        plain,
        name=said(PersonName(family, given)),
        birth_date=said(f"{1931 + number}-0{1 + number % 9}-2{number % 9}"),
        allergies=allergies_of(number),
        code_status=decided,
        isolation=said(isolation) if isolation else None,
        flags=(Flag(flag),) if flag else (),
    )
