"""What radiologists dictate, in French and in German, as the imaging system sends it."""

from __future__ import annotations

import msgspec


class Examination(msgspec.Struct, frozen=True):
    """One kind of examination with reports that fit it."""

    code: str
    text: str
    section: str
    reports: tuple[str, ...]


EXAMINATIONS: tuple[Examination, ...] = (
    Examination(
        "36643-5",
        "Radiographie du thorax, face",
        "RAD",
        (
            "Cœur de volume normal. Pas de foyer parenchymateux constitué.\n"
            "Culs-de-sac pleuraux libres.\nConclusion : cliché sans particularité.",
            "Opacité alvéolaire de la base droite avec bronchogramme aérien.\n"
            "Petit épanchement pleural associé.\nConclusion : pneumonie basale droite.",
            "Röntgen-Thorax im Liegen: Herz verbreitert, zentrale Stauung.\n"
            "Kleiner Pleuraerguss links. Kein Pneumothorax.\n"
            "Beurteilung: kardiale Dekompensation.",
        ),
    ),
    Examination(
        "24725-4",
        "Scanner cérébral sans contraste",
        "CT",
        (
            "Pas de saignement intra- ni extra-axial. Hypodensité sylvienne gauche.\n"
            "Conclusion : ischémie récente sylvienne gauche, pas de transformation.",
            "Kein Nachweis einer Blutung. Altersentsprechende Atrophie, "
            "periventrikuläre Läsionen.\nBeurteilung: keine frische Ischämie abgrenzbar.",
        ),
    ),
    Examination(
        "24627-2",
        "Scanner thoracique, protocole embolie",
        "CT",
        (
            "Défaut d'opacification segmentaire lobaire inférieur droit.\n"
            "Rapport VD/VG < 1.\nConclusion : embolie pulmonaire segmentaire.",
            "Keine Lungenembolie bis auf Subsegmentebene. Größere Lymphknoten "
            "infrakarinal.\nBeurteilung: Verlaufskontrolle in 3 Monaten.",
        ),
    ),
    Examination(
        "24558-9",
        "Échographie abdominale",
        "RUS",
        (
            "Foie homogène. Vésicule lithiasique à paroi épaissie (5 mm), signe de Murphy "
            "échographique.\nConclusion : cholécystite aiguë lithiasique.",
            "Reins de taille normale, pas de dilatation pyélocalicielle.\n"
            "Conclusion : examen normal.",
        ),
    ),
    Examination(
        "24590-2",
        "IRM cérébrale",
        "NMR",
        (
            "Lésions hyperintenses FLAIR périventriculaires, une prise de contraste.\n"
            "Conclusion : poussée inflammatoire active.",
        ),
    ),
)
