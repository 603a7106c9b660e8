"""Which drugs get the heavy bar: a class in words, from the ATC code, else from the name.

Classes after ISMP's list of high-alert medications in acute care (2024): insulins,
anticoagulants, opioids, concentrated potassium, methotrexate. It marks and changes no text.
Names are the substances' and the usual trade names of Belgium, Luxembourg, France and Germany.
A drug that neither code nor name tells stays unmarked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from wardkeep.chart.model import Coded, MedicationOrder
from wardkeep.paper.words import N_

INSULIN = N_("INSULIN")
ANTICOAGULANT = N_("ANTICOAGULANT")
OPIOID = N_("OPIOID")
POTASSIUM = N_("POTASSIUM")
METHOTREXATE = N_("METHOTREXATE")

_DRUGS_REMEMBERED = 4096
"""A hospital's list of medicines has some two thousand."""

# ATC groups (WHO). Platelet inhibitors (B01AC) are no anticoagulants and stay unmarked.
_BY_CODE: tuple[tuple[str, str], ...] = (
    ("A10A", INSULIN),
    ("B01AA", ANTICOAGULANT),
    ("B01AB", ANTICOAGULANT),
    ("B01AE", ANTICOAGULANT),
    ("B01AF", ANTICOAGULANT),
    ("B01AX", ANTICOAGULANT),
    ("N02A", OPIOID),
    ("N07BC", OPIOID),
    ("A12B", POTASSIUM),
    ("B05XA01", POTASSIUM),
    ("L01BA01", METHOTREXATE),
    ("L04AX03", METHOTREXATE),
)
_BY_NAME: tuple[tuple[str, str], ...] = (
    ("insulin", INSULIN),
    ("isophan", INSULIN),
    ("isofan", INSULIN),
    ("glargin", INSULIN),
    ("detemir", INSULIN),
    ("degludec", INSULIN),
    ("lispro", INSULIN),
    ("glulisin", INSULIN),
    ("novorapid", INSULIN),
    ("novomix", INSULIN),
    ("humalog", INSULIN),
    ("humulin", INSULIN),
    ("huminsulin", INSULIN),
    ("lantus", INSULIN),
    ("toujeo", INSULIN),
    ("abasaglar", INSULIN),
    ("tresiba", INSULIN),
    ("levemir", INSULIN),
    ("insulatard", INSULIN),
    ("actrapid", INSULIN),
    ("apidra", INSULIN),
    ("fiasp", INSULIN),
    ("lyumjev", INSULIN),
    ("suliqua", INSULIN),
    ("xultophy", INSULIN),
    ("ryzodeg", INSULIN),
    ("insuman", INSULIN),
    ("heparin", ANTICOAGULANT),
    ("enoxaparin", ANTICOAGULANT),
    ("nadroparin", ANTICOAGULANT),
    ("tinzaparin", ANTICOAGULANT),
    ("dalteparin", ANTICOAGULANT),
    ("fondaparinux", ANTICOAGULANT),
    ("acenocoum", ANTICOAGULANT),
    ("phenprocoum", ANTICOAGULANT),
    ("fenprocoum", ANTICOAGULANT),
    ("warfarin", ANTICOAGULANT),
    ("apixaban", ANTICOAGULANT),
    ("rivaroxaban", ANTICOAGULANT),
    ("edoxaban", ANTICOAGULANT),
    ("dabigatran", ANTICOAGULANT),
    ("sintrom", ANTICOAGULANT),
    ("marcoumar", ANTICOAGULANT),
    ("marcumar", ANTICOAGULANT),
    ("marevan", ANTICOAGULANT),
    ("eliquis", ANTICOAGULANT),
    ("xarelto", ANTICOAGULANT),
    ("lixiana", ANTICOAGULANT),
    ("pradaxa", ANTICOAGULANT),
    ("clexane", ANTICOAGULANT),
    ("fraxiparin", ANTICOAGULANT),
    ("fraxodi", ANTICOAGULANT),
    ("innohep", ANTICOAGULANT),
    ("fragmin", ANTICOAGULANT),
    ("arixtra", ANTICOAGULANT),
    ("argatroban", ANTICOAGULANT),
    ("bivalirudin", ANTICOAGULANT),
    ("morphin", OPIOID),
    ("morfin", OPIOID),
    ("fentanyl", OPIOID),
    ("sufentanil", OPIOID),
    ("remifentanil", OPIOID),
    ("oxycodon", OPIOID),
    ("hydromorphon", OPIOID),
    ("hydromorfon", OPIOID),
    ("piritramid", OPIOID),
    ("tramadol", OPIOID),
    ("tilidin", OPIOID),
    ("buprenorphin", OPIOID),
    ("methadon", OPIOID),
    ("oxycontin", OPIOID),
    ("oxynorm", OPIOID),
    ("targinact", OPIOID),
    ("dipidolor", OPIOID),
    ("palladon", OPIOID),
    ("durogesic", OPIOID),
    ("matrifen", OPIOID),
    ("transtec", OPIOID),
    ("temgesic", OPIOID),
    ("tapentadol", OPIOID),
    ("palexia", OPIOID),
    ("tradonal", OPIOID),
    ("contramal", OPIOID),
    ("pethidin", OPIOID),
    ("sufenta", OPIOID),
    ("valtran", OPIOID),
    ("mst continus", OPIOID),
    ("codein", OPIOID),
    ("kodein", OPIOID),
    ("kaliumchlorid", POTASSIUM),
    ("kalium chlorid", POTASSIUM),
    ("potassium chlor", POTASSIUM),
    ("chlorure de potassium", POTASSIUM),
    ("kcl", POTASSIUM),
    ("chlorure potassiq", POTASSIUM),
    ("potassium (chlorure", POTASSIUM),
    ("potassium chlorure", POTASSIUM),
    ("kaliumklorid", POTASSIUM),
    ("methotrexat", METHOTREXATE),
    ("ledertrexat", METHOTREXATE),
    ("metoject", METHOTREXATE),
    ("metotrex", METHOTREXATE),
    ("emthexat", METHOTREXATE),
    ("mtx", METHOTREXATE),
)


def risk_of(order: MedicationOrder) -> str:
    """Return the class of a high-risk drug, be it mixed in, or ""."""
    found = risky_drug(order)
    return found[0] if found else ""


def risky_drug(order: MedicationOrder) -> tuple[str, Coded] | None:
    """Return the class and the drug itself, which may be what is mixed in, or None."""
    drugs = (order.drug.value, *(component.drug for component in order.components))
    return next(((risk, drug) for drug in drugs if (risk := _risk(drug))), None)


def drugs_by_risk(orders: Iterable[MedicationOrder]) -> dict[str, list[Coded]]:
    """Return the high-risk drugs of orders that stand, by class: ward sheet and ward board."""
    found: dict[str, list[Coded]] = {}
    for order in orders:
        if risky := risky_drug(order):
            risk, drug = risky
            found.setdefault(risk, []).append(drug)
    return found


def _risk(drug: Coded) -> str:
    return _risk_of(drug.code.upper(), drug.text)


@lru_cache(_DRUGS_REMEMBERED)
def _risk_of(code: str, text: str) -> str:
    for prefix, risk in _BY_CODE:
        if code.startswith(prefix):
            return risk
    name = _plain(text)
    return next((risk for part, risk in _BY_NAME if part in name), "")


def _plain(text: str) -> str:
    """Return a name without accents and case: héparine, HEPARINE and Heparin are one."""
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
