"""What radiologists dictate, in French and in German, as the imaging system sends it."""

from __future__ import annotations

import msgspec


class Examination(msgspec.Struct, frozen=True):
    """One kind of examination with reports that fit it."""

    code: str
    text: str
    section: str
    reports: tuple[str, ...]


def _report(*lines: str) -> str:
    return "\n".join(lines)


EXAMINATIONS: tuple[Examination, ...] = (
    Examination(
        "36643-5",
        "Radiographie du thorax, face",
        "RAD",
        (
            _report(
                "Cœur de volume normal. Pas de foyer parenchymateux constitué.",
                "Culs-de-sac pleuraux libres.",
                "Conclusion : cliché sans particularité.",
            ),
            _report(
                "Opacité alvéolaire de la base droite avec bronchogramme aérien.",
                "Petit épanchement pleural associé.",
                "Conclusion : pneumonie basale droite.",
            ),
            _report(
                "Röntgen-Thorax im Liegen: Herz verbreitert, zentrale Stauung.",
                "Kleiner Pleuraerguss links. Kein Pneumothorax.",
                "Beurteilung: kardiale Dekompensation.",
            ),
        ),
    ),
    Examination(
        "24725-4",
        "Scanner cérébral sans contraste",
        "CT",
        (
            _report(
                "Pas de saignement intra- ni extra-axial. Hypodensité sylvienne gauche.",
                "Conclusion : ischémie récente sylvienne gauche, pas de transformation.",
            ),
            _report(
                "Kein Nachweis einer Blutung. Altersentsprechende Atrophie,",
                "periventrikuläre Läsionen.",
                "Beurteilung: keine frische Ischämie abgrenzbar.",
            ),
        ),
    ),
    Examination(
        "24627-2",
        "Scanner thoracique, protocole embolie",
        "CT",
        (
            _report(
                "Défaut d'opacification segmentaire lobaire inférieur droit.",
                "Rapport VD/VG < 1.",
                "Conclusion : embolie pulmonaire segmentaire.",
            ),
            _report(
                "Keine Lungenembolie bis auf Subsegmentebene. Größere Lymphknoten",
                "infrakarinal.",
                "Beurteilung: Verlaufskontrolle in 3 Monaten.",
            ),
        ),
    ),
    Examination(
        "24558-9",
        "Échographie abdominale",
        "RUS",
        (
            _report(
                "Foie homogène. Vésicule lithiasique à paroi épaissie (5 mm), signe de",
                "Murphy échographique.",
                "Conclusion : cholécystite aiguë lithiasique.",
            ),
            _report(
                "Reins de taille normale, pas de dilatation pyélocalicielle.",
                "Conclusion : examen normal.",
            ),
        ),
    ),
    Examination(
        "24590-2",
        "IRM cérébrale",
        "NMR",
        (
            _report(
                "Lésions hyperintenses FLAIR périventriculaires, une prise de",
                "contraste.",
                "Conclusion : poussée inflammatoire active.",
            ),
        ),
    ),
)
