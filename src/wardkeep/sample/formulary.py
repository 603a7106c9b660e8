"""What is prescribed: generic names with ATC codes, usual doses, routes and timings.

Doses are those of common adult practice, chosen to look real; nothing here is advice.
"""

from __future__ import annotations

import msgspec

from wardkeep.sample.group import Care

PO, IV, SC, TD, INH, IM = "PO", "IV", "SC", "TD", "INH", "IM"
ROUTES = {
    PO: "Voie orale",
    IV: "Intraveineux",
    SC: "Sous-cutané",
    TD: "Transdermique",
    INH: "Inhalation",
    IM: "Intramusculaire",
}


class Medicine(msgspec.Struct, frozen=True, kw_only=True):
    """One usual prescription. `pattern` and `times` are TQ1-3 and TQ1-4; units as written."""

    code: str
    name: str
    amount: str
    unit: str
    route: str = PO
    form: str = "comprimé"
    strength: str = ""
    pattern: str = "QD"
    times: tuple[str, ...] = ()
    needed_for: str = ""
    at_most: str = ""
    upper: str = ""
    rate: str = ""
    rate_unit: str = ""
    additives: tuple[tuple[str, str, str, str], ...] = ()
    """Code, name, amount, unit of what is put into an infusion."""
    instruction: str = ""
    indication: str = ""
    steps: tuple[tuple[str, int], ...] = ()
    """Dose and days of each step of a tapering course."""


def _m(  # noqa: PLR0913  one row of a table
    code: str, name: str, amount: str, unit: str, pattern: str = "QD", *, route: str = PO,
    form: str = "comprimé", strength: str = "", **more: object,
) -> Medicine:  # fmt: skip
    plain: dict[str, object] = {"code": code, "name": name, "amount": amount, "unit": unit}
    plain |= {"pattern": pattern, "route": route, "form": form, "strength": strength, **more}
    return msgspec.convert(plain, Medicine)


PARACETAMOL = _m("N02BE01", "Paracétamol", "1", "g", "QID", strength="1 g")
PARACETAMOL_PRN = _m(
    "N02BE01", "Paracétamol", "500", "mg", "Q6H", strength="500 mg", upper="1000",
    needed_for="si douleur ou T° > 38,5 °C", at_most="3 g/24 h",
)  # fmt: skip
MORPHINE_PRN = _m(
    "N02AA01", "Morphine", "2.5", "mg", "Q4H", route=SC, form="ampoule", strength="10 mg/mL",
    upper="5", needed_for="si EVA ≥ 5", at_most="30 mg/24 h",
)  # fmt: skip
FENTANYL = _m(
    "N02AB03", "Fentanyl, dispositif transdermique", "25", "µg/h", "Q72H", route=TD,
    form="patch", strength="25 µg/h", instruction="Retirer l'ancien patch avant d'appliquer",
)  # fmt: skip
METHOTREXATE = _m(
    "L04AX03", "Méthotrexate", "15", "mg", "QJ1", times=("0800",), strength="2,5 mg",
    instruction="UNE FOIS PAR SEMAINE, le lundi", indication="Polyarthrite rhumatoïde",
)  # fmt: skip
LEVOTHYROXINE = _m(
    "H03AA01", "Lévothyroxine", "75", "µg", "QD", times=("0700",), strength="75 µg",
    instruction="À jeun, 30 minutes avant le repas",
)  # fmt: skip
APIXABAN = _m("B01AF02", "Apixaban", "5", "mg", "BID", strength="5 mg")
ACENOCOUMAROL = _m(
    "B01AA07", "Acénocoumarol", "2", "mg", "selon INR à 18 h", strength="1 mg",
    instruction="INR cible 2-3",
)  # fmt: skip
ENOXAPARIN = _m(
    "B01AB05", "Énoxaparine", "40", "mg", "QD", route=SC, form="seringue",
    strength="40 mg/0,4 mL", times=("2000",),
)  # fmt: skip
PREDNISOLONE = _m(
    "H02AB06", "Prednisolone", "32", "mg", "QD", strength="32 mg", times=("0800",),
    steps=(("32", 3), ("16", 3), ("8", 4)),
)  # fmt: skip
FUROSEMIDE = _m("C03CA01", "Furosémide", "40", "mg", "BID", times=("0800", "1400"))
AMOXICLAV = _m(
    "J01CR02", "Amoxicilline + acide clavulanique", "1.2", "g", "Q8H", route=IV,
    form="flacon", strength="1 g/200 mg", times=("0600", "1400", "2200"),
)  # fmt: skip

BASIC: tuple[Medicine, ...] = (
    PARACETAMOL,
    _m("A02BC02", "Pantoprazole", "40", "mg", "QAM", strength="40 mg"),
    _m("C07AB07", "Bisoprolol", "2.5", "mg", "QD", strength="2,5 mg"),
    _m("C09AA05", "Ramipril", "5", "mg", "QD", strength="5 mg"),
    _m("C08CA01", "Amlodipine", "5", "mg", "QD", strength="5 mg"),
    _m("C10AA05", "Atorvastatine", "40", "mg", "QHS", strength="40 mg"),
    _m("B01AC06", "Acide acétylsalicylique", "80", "mg", "QD", strength="80 mg"),
    _m("A06AD65", "Macrogol", "1", "sachet", "QD", form="sachet"),
    LEVOTHYROXINE,
    _m("A10BA02", "Metformine", "850", "mg", "BID", strength="850 mg"),
    _m("N06AB06", "Sertraline", "50", "mg", "QD", strength="50 mg"),
    ENOXAPARIN,
    _m("A11CC05", "Cholécalciférol", "25000", "UI", "QJ7", form="ampoule", times=("0800",)),
    _m("B03AA07", "Sulfate ferreux", "80", "mg", "QOD", times=("0800",), strength="80 mg"),
)

AS_NEEDED: tuple[Medicine, ...] = (
    PARACETAMOL_PRN,
    MORPHINE_PRN,
    _m("N05BA06", "Lorazépam", "1", "mg", "Q8H", needed_for="si anxiété", strength="1 mg"),
    _m("A04AA01", "Ondansétron", "4", "mg", "Q8H", route=IV, form="ampoule",
       needed_for="si nausées", at_most="16 mg/24 h"),
    _m("N05AD01", "Halopéridol", "0.5", "mg", "Q12H", form="gouttes",
       needed_for="si agitation", strength="2 mg/mL"),
    _m("A10AB05", "Insuline asparte", "4", "UI", "Q6H", route=SC, form="stylo",
       needed_for="selon schéma glycémie", strength="100 UI/mL", upper="12"),
)  # fmt: skip

BY_CARE: dict[Care, tuple[Medicine, ...]] = {
    Care.CARDIOLOGY: (
        FUROSEMIDE,
        APIXABAN,
        _m("C03DA01", "Spironolactone", "25", "mg", "QD", strength="25 mg"),
        _m("A12BA01", "Chlorure de potassium", "600", "mg", "TID", strength="600 mg"),
        _m("C01AA05", "Digoxine", "0.125", "mg", "QD", strength="0,125 mg"),
        _m("C01BD01", "Amiodarone", "200", "mg", "QD", strength="200 mg"),
        ACENOCOUMAROL,
    ),
    Care.SURGERY: (
        AMOXICLAV,
        _m("N02AX02", "Tramadol", "50", "mg", "TID", form="gélule", strength="50 mg"),
        _m("M01AE01", "Ibuprofène", "400", "mg", "TID", strength="400 mg"),
        _m("J01DC02", "Céfuroxime", "1.5", "g", "TID", route=IV, form="flacon"),
    ),
    Care.ORTHOPAEDICS: (
        _m("N02AA05", "Oxycodone LP", "10", "mg", "BID", strength="10 mg"),
        _m("M01AB05", "Diclofénac", "50", "mg", "BID", strength="50 mg"),
    ),
    Care.PNEUMOLOGY: (
        AMOXICLAV,
        _m("R03AC02", "Salbutamol", "2.5", "mg", "QID", route=INH, form="nébulisation"),
        _m("R03BB01", "Ipratropium", "0.5", "mg", "QID", route=INH, form="nébulisation"),
        _m("H02AB04", "Méthylprednisolone", "40", "mg", "QD", route=IV, form="flacon"),
    ),
    Care.NEUROLOGY: (
        _m("N03AX14", "Lévétiracétam", "500", "mg", "BID", strength="500 mg"),
        _m("B01AC04", "Clopidogrel", "75", "mg", "QD", strength="75 mg"),
    ),
    Care.MATERNITY: (
        _m("H01BB02", "Oxytocine", "10", "UI", "ONCE", route=IM, form="ampoule"),
        _m("C02AB01", "Méthyldopa", "250", "mg", "TID", strength="250 mg"),
    ),
    Care.PAEDIATRICS: (
        _m("N02BE01", "Paracétamol sirop", "180", "mg", "Q6H", form="sirop",
           strength="32 mg/mL", times=("0000", "0600", "1200", "1800")),
        _m("R03AC02", "Salbutamol", "1.25", "mg", "Q4H", route=INH, form="nébulisation"),
    ),
    Care.GERIATRICS: (
        FUROSEMIDE,
        APIXABAN,
        _m("A06AD11", "Lactulose", "15", "mL", "BID", form="sirop"),
        _m("N05AH04", "Quétiapine", "25", "mg", "QHS", strength="25 mg"),
    ),
    Care.ONCOLOGY: (
        _m("N02AA05", "Oxycodone LP", "20", "mg", "BID", strength="20 mg"),
        _m("H02AB02", "Dexaméthasone", "4", "mg", "BID", times=("0800", "1200")),
        _m("A04AD12", "Aprépitant", "80", "mg", "QD", form="gélule"),
    ),
    Care.NEPHROLOGY: (
        _m("V03AE02", "Sévélamer", "800", "mg", "TID", strength="800 mg"),
        _m("B03XA02", "Darbépoétine alfa", "40", "µg", "QJ5", route=SC, form="seringue",
           times=("0800",), strength="40 µg/0,4 mL"),
    ),
    Care.PALLIATIVE: (
        _m("N05CD08", "Midazolam", "2.5", "mg", "QHS", route=SC, form="ampoule"),
        _m("A03BB01", "Butylscopolamine", "20", "mg", "QID", route=SC, form="ampoule"),
    ),
    Care.PSYCHIATRY: (
        _m("N05AH03", "Olanzapine", "10", "mg", "QHS", strength="10 mg"),
        _m("N05AN01", "Lithium, carbonate", "400", "mg", "BID", strength="400 mg"),
        _m("N03AG01", "Valproate de sodium", "500", "mg", "BID", strength="500 mg"),
        _m("N05BA01", "Diazépam", "10", "mg", "TID", strength="10 mg"),
    ),
    Care.HOME: (
        _m("N04BA02", "Lévodopa + bensérazide", "125", "mg", "5XD", strength="100 mg/25 mg",
           times=("0700", "1000", "1300", "1600", "1900")),
        _m("N06DA02", "Donépézil", "10", "mg", "QHS", strength="10 mg"),
        _m("A10AE04", "Insuline glargine", "18", "UI", "QHS", route=SC, form="stylo",
           strength="100 UI/mL"),
    ),
}  # fmt: skip

SALINE = _m(
    "B05BB01", "NaCl 0,9 % 1000 mL", "1000", "mL", "C", route=IV, form="poche", rate="83",
    rate_unit="mL/h", additives=(("B05XA01", "Chlorure de potassium", "20", "mmol"),),
)  # fmt: skip
INFUSIONS: tuple[Medicine, ...] = (
    SALINE,
    _m("B01AB01", "Héparine 20 000 UI/48 mL", "48", "mL", "C", route=IV, form="seringue",
       rate="2.4", rate_unit="mL/h", instruction="Adapter selon TCA"),
    _m("B05BA03", "Glucose 5 % 1000 mL", "1000", "mL", "C", route=IV, form="poche", rate="42",
       rate_unit="mL/h", additives=(("B05XA03", "Chlorure de sodium", "4", "g"),
                                    ("B05XA01", "Chlorure de potassium", "2", "g"))),
)  # fmt: skip
CRITICAL: tuple[Medicine, ...] = (
    _m("C01CA03", "Noradrénaline 16 mg/50 mL", "50", "mL", "C", route=IV, form="seringue",
       rate="4.2", rate_unit="mL/h"),
    _m("N01AX10", "Propofol 2 %", "50", "mL", "C", route=IV, form="seringue", rate="9",
       rate_unit="mL/h"),
    _m("A10AB01", "Insuline humaine 50 UI/50 mL", "50", "mL", "C", route=IV, form="seringue",
       rate="1.5", rate_unit="mL/h"),
)  # fmt: skip
CHEMOTHERAPY: tuple[Medicine, ...] = (
    _m("L01CD01", "Paclitaxel", "132", "mg", "ONCE", route=IV, form="poche",
       indication="Cycle 3, jour 8"),
    _m("L01XA02", "Carboplatine", "450", "mg", "ONCE", route=IV, form="poche",
       indication="AUC 5, cycle 2, jour 1"),
    _m("L01FA01", "Rituximab", "680", "mg", "ONCE", route=IV, form="poche",
       indication="R-CHOP, cycle 4"),
)  # fmt: skip
