"""What patients have: diagnoses by ward, allergies, decisions, as the group writes them."""

from __future__ import annotations

from random import Random

from wardkeep.chart.model import Coded
from wardkeep.sample.group import Care

ICD = "I10"

# ICD-10 codes with the words that a Walloon ward would write.
_BY_CARE: dict[Care, tuple[tuple[str, str], ...]] = {
    Care.INTENSIVE: (
        ("A41.9", "Sepsis, foyer pulmonaire"),
        ("I46.0", "Arrêt cardiaque réanimé"),
        ("J96.0", "Insuffisance respiratoire aiguë"),
    ),
    Care.CARDIOLOGY: (
        ("I50.9", "Décompensation cardiaque"),
        ("I48.0", "Fibrillation auriculaire paroxystique"),
        ("I21.4", "Infarctus sans sus-décalage ST"),
        ("I33.0", "Endocardite infectieuse"),
    ),
    Care.SURGERY: (
        ("K35.8", "Appendicite aiguë opérée"),
        ("K80.0", "Cholécystite aiguë lithiasique"),
        ("K56.6", "Occlusion intestinale"),
        ("C18.7", "Néoplasie du sigmoïde, hémicolectomie"),
    ),
    Care.ORTHOPAEDICS: (
        ("S72.0", "Fracture du col du fémur"),
        ("M17.1", "Gonarthrose, prothèse totale de genou"),
        ("S82.2", "Fracture du tibia ostéosynthésée"),
    ),
    Care.MEDICINE: (
        ("N39.0", "Infection urinaire fébrile"),
        ("E11.6", "Diabète de type 2 déséquilibré"),
        ("K70.3", "Cirrhose, ascite"),
        ("L03.1", "Érysipèle de la jambe"),
        ("D50.9", "Anémie ferriprive à explorer"),
    ),
    Care.PNEUMOLOGY: (
        ("J18.9", "Pneumonie lobaire"),
        ("J44.1", "BPCO, exacerbation aiguë"),
        ("I26.9", "Embolie pulmonaire"),
    ),
    Care.NEUROLOGY: (
        ("I63.9", "Accident vasculaire ischémique"),
        ("G40.9", "Épilepsie, crises répétées"),
        ("G35", "Sclérose en plaques, poussée"),
    ),
    Care.MATERNITY: (
        ("O80", "Accouchement spontané"),
        ("O82", "Césarienne"),
        ("O14.1", "Pré-éclampsie sévère"),
    ),
    Care.PAEDIATRICS: (
        ("J21.0", "Bronchiolite à VRS"),
        ("A09", "Gastro-entérite, déshydratation"),
        ("J45.9", "Asthme, crise"),
    ),
    Care.GERIATRICS: (
        ("R29.6", "Chutes à répétition"),
        ("F05.9", "État confusionnel aigu"),
        ("I50.9", "Décompensation cardiaque"),
        ("J69.0", "Pneumonie d'inhalation"),
    ),
    Care.ONCOLOGY: (
        ("C50.9", "Carcinome mammaire"),
        ("C34.9", "Carcinome bronchique"),
        ("C83.3", "Lymphome B à grandes cellules"),
    ),
    Care.NEPHROLOGY: (
        ("N18.5", "Insuffisance rénale terminale, hémodialyse"),
        ("N17.9", "Insuffisance rénale aiguë"),
    ),
    Care.REHABILITATION: (
        ("Z50.1", "Revalidation après prothèse"),
        ("I69.3", "Séquelles d'accident vasculaire"),
    ),
    Care.PALLIATIVE: (("C25.9", "Carcinome pancréatique, soins de confort"),),
    Care.PSYCHIATRY: (
        ("F33.2", "Épisode dépressif sévère"),
        ("F20.0", "Schizophrénie paranoïde"),
        ("F31.9", "Trouble bipolaire"),
        ("F10.3", "Sevrage alcoolique"),
    ),
    Care.HOME: (
        ("F03", "Démence"),
        ("G20", "Maladie de Parkinson"),
        ("I69.4", "Hémiplégie ancienne"),
    ),
}

_LONG_STANDING = (
    ("I10", "Hypertension artérielle"),
    ("E11.9", "Diabète de type 2"),
    ("I48.2", "Fibrillation auriculaire permanente"),
    ("N18.3", "Insuffisance rénale chronique, stade 3"),
    ("J44.9", "BPCO"),
    ("E03.9", "Hypothyroïdie"),
    ("M81.9", "Ostéoporose"),
    ("F32.9", "Dépression"),
    ("H40.1", "Glaucome à angle ouvert"),
)

ALLERGENS: tuple[tuple[Coded, str, str], ...] = (
    (Coded("91936005", "Pénicilline", "SCT"), "DA", "Éruption généralisée"),
    (Coded("294505008", "Amoxicilline", "SCT"), "DA", "Œdème de Quincke"),
    (Coded("293586001", "Acide acétylsalicylique", "SCT"), "DA", "Bronchospasme"),
    (Coded("300916003", "Latex", "SCT"), "EA", "Eczéma de contact"),
    (Coded("293637006", "Produit de contraste iodé", "SCT"), "DA", "Choc anaphylactique"),
    (Coded("91935009", "Arachide", "SCT"), "FA", "Œdème laryngé"),
    (Coded("294179004", "Céfuroxime", "SCT"), "DA", "Urticaire"),
    (Coded("293584003", "Paracétamol", "SCT"), "DA", "Prurit"),
    (Coded("294297002", "Sulfaméthoxazole", "SCT"), "DA", "Syndrome de Lyell"),
    (Coded("418425006", "Sparadrap", "SCT"), "EA", "Phlyctènes"),
)

_SEVERITIES = ("SV", "MO", "MI")
_ALWAYS_SEVERE = {
    "Choc anaphylactique",
    "Œdème de Quincke",
    "Œdème laryngé",
    "Syndrome de Lyell",
    "Bronchospasme",
}
"""Reactions that threaten life: no hospital tells one of them as mild."""


NONE_KNOWN = Coded("716186003", "Pas d'allergie connue", "SCT")

DIETS = (
    "Diabétique 1800 kcal",
    "Sans sel",
    "Texture mixée, liquides épaissis",
    "À jeun depuis minuit",
    "Hyperprotéiné, sans lactose",
    "Sonde naso-gastrique 1500 ml/24 h",
    "Normal",
)

ISOLATIONS = (
    "Contact (SARM)",
    "Contact renforcé (Clostridioïdes)",
    "Gouttelettes (grippe)",
    "Aérien (tuberculose suspectée)",
    "Protecteur (neutropénie)",
)

CODE_STATUSES = (
    "Pas de réanimation cardio-pulmonaire (DNR 1)",
    "Pas d'escalade thérapeutique (DNR 2)",
    "Soins de confort (DNR 3)",
    "Réanimation complète",
)


def severity(chance: Random, reaction: str) -> str:
    """Return how severe an allergy with the reaction is (HL7 table 0128)."""
    drawn = chance.choice(_SEVERITIES)
    return "SV" if reaction in _ALWAYS_SEVERE else drawn


def main_problem(chance: Random, care: Care) -> Coded:
    """Return why somebody lies on a ward of that kind."""
    code, text = chance.choice(_BY_CARE[care])
    return Coded(code, text, ICD)


def long_standing(chance: Random, age: int) -> list[Coded]:
    """Return what somebody of that age has had for years."""
    most = 0 if age < 30 else 1 if age < 55 else 4  # noqa: PLR2004  illness comes with age
    drawn = chance.sample(_LONG_STANDING, chance.randint(0, most))
    return [Coded(code, text, ICD) for code, text in drawn]
