"""Words that stand where an allergy should and are none: "none known", and "not known".

Whole texts only, compared without accents, case and punctuation: "no allergy to penicillin"
is not among them and stands as it was sent.
"""

from __future__ import annotations

from wardkeep.chart.text import normal

_NONE = frozenset(
    normal(words)
    for words in (
        "none", "none known", "no known allergies", "no known allergy", "no allergies",
        "aucune", "aucune connue", "aucune allergie", "aucune allergie connue",
        "pas d'allergie", "pas d'allergies", "pas d'allergie connue", "néant",
        "geen", "geen bekend", "geen bekende", "geen gekende", "geen allergie",
        "geen allergieën", "geen bekende allergieën", "geen gekende allergieën",
        "keine", "keine bekannt", "keine bekannten", "keine allergien", "keine allergie",
        "keine bekannten allergien", "keine allergien bekannt",
    )
)  # fmt: skip
_UNKNOWN = frozenset(
    normal(words)
    for words in (
        "unknown", "not known", "not recorded", "not asked", "to ask",
        "inconnu", "inconnue", "inconnues", "non connue", "non renseigné", "à demander",
        "onbekend", "niet bekend", "niet gekend", "niet geregistreerd", "na te vragen",
        "unbekannt", "nicht bekannt", "nicht erfasst", "nicht erfragt",
    )
)  # fmt: skip


def says_none(text: str) -> bool:
    """Say whether a text says that no allergy is known."""
    return normal(text) in _NONE


def says_unknown(text: str) -> bool:
    """Say whether a text says only that nobody knows: it is neither an allergy nor none."""
    return normal(text) in _UNKNOWN
