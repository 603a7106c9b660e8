"""Services of the simulated group: volumes, what each needs, what it falls back on.

Volumes are invented for a group of 1,000 beds, but for 6,349 consultations in a week, which
the group struck in May 2022 said were in doubt. Shares and hours of fallbacks are an expert's
guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_Row = Mapping[str, object]
_WEEKDAY_SHARE = 6_349 / 5 / 7.0
"""Consultations a day on an average day of the week, once for each of seven."""


_ROLES: Mapping[str, str] = {
    "urgences": "emergency",
    "usi": "intensive care",
    "bloc": "theatres",
    "hospitalisation": "wards",
    "consultations": "outpatients",
    "maternite": "maternity",
    "dialyse": "dialysis",
    "oncologie": "oncology",
    "laboratoire": "laboratory",
    "imagerie": "imaging",
    "pharmacie": "pharmacy",
}


def _service(
    name: str,
    words: str,
    site: str,
    a_day: float,
    sort: str = "clinical",
    euros: int | None = None,
) -> _Row:
    return {
        "id": name,
        "name": words,
        "site": site,
        "sort": sort,
        "role": _ROLES.get(name.partition("-")[0], ""),
        "a_day": round(a_day, 1),
        "euros": euros,
    }


SERVICES: Sequence[_Row] = (
    _service("urgences-hr", "Urgences, Haute-Rive", "HR", 95, euros=210),
    _service("urgences-va", "Urgences, Val-des-Aulnes", "VA", 70, euros=210),
    _service("usi-hr", "Soins intensifs, Haute-Rive", "HR", 13, euros=1_900),
    _service("usi-va", "Soins intensifs, Val-des-Aulnes", "VA", 9, euros=1_900),
    _service("bloc-hr", "Bloc opératoire, Haute-Rive", "HR", 28, euros=2_400),
    _service("bloc-va", "Bloc opératoire, Val-des-Aulnes", "VA", 20, euros=2_400),
    _service("bloc-gp", "Bloc opératoire, Grand-Pré", "GP", 9, euros=2_100),
    _service("coro", "Coronarographie", "HR", 5, euros=3_200),
    _service("dialyse", "Dialyse", "VA", 48, euros=320),
    _service("laboratoire", "Laboratoire", "HR", 1_450, sort="support", euros=38),
    _service("imagerie-hr", "Imagerie, Haute-Rive", "HR", 260, sort="support", euros=95),
    _service("imagerie-va", "Imagerie, Val-des-Aulnes", "VA", 170, sort="support", euros=95),
    _service("radiotherapie", "Radiothérapie", "HR", 32, euros=260),
    _service("oncologie", "Hôpital de jour oncologique", "HR", 30, euros=540),
    _service("pharmacie", "Pharmacie", "HR", 900, sort="support"),
    _service("maternite", "Maternité", "HR", 5, euros=3_100),
    _service("hospitalisation", "Unités de soins", "HR", 860, euros=480),
    _service("psychiatrie", "Psychiatrie", "LL", 104, euros=310),
    _service("maisons", "Maisons de repos et de soins", "R1", 150, euros=70),
    _service("consultations", "Consultations", "HR", _WEEKDAY_SHARE * 5, euros=62),
    _service("standard", "Central téléphonique", "HR", 2_600, sort="support"),
    _service("cuisine", "Cuisine", "HR", 1_080, sort="support"),
    _service("sterilisation", "Stérilisation", "HR", 190, sort="support"),
    _service("facturation", "Facturation", "HR", 1_900, sort="office"),
    _service("paie", "Paie", "HR", 3_600 / 30, sort="office"),
)


_WANTED: Sequence[tuple[str, str, str]] = (
    ("urgences-hr", "degraded", "urgences dpi"),
    ("urgences-va", "degraded", "urgences dpi"),
    ("usi-hr", "degraded", "usi"),
    ("usi-hr", "closed", "device:respirateurs device:moniteurs building:electricite"),
    ("usi-va", "degraded", "usi"),
    ("usi-va", "closed", "device:moniteurs-va"),
    ("bloc-hr", "degraded", "bloc"),
    ("bloc-hr", "closed", "device:anesthesie building:gaz building:ventilation"),
    ("bloc-va", "degraded", "bloc"),
    ("bloc-gp", "degraded", "bloc"),
    ("coro", "degraded", "cardio"),
    ("coro", "closed", "device:coro"),
    ("dialyse", "degraded", "dialyse"),
    ("dialyse", "closed", "device:dialyseurs"),
    ("laboratoire", "closed", "labo"),
    ("laboratoire", "closed", "device:analyseurs"),
    ("imagerie-hr", "closed", "ris pacs"),
    ("imagerie-hr", "closed", "device:scanners device:radios"),
    ("imagerie-va", "closed", "ris pacs"),
    ("radiotherapie", "closed", "radio device:accelerateurs"),
    ("oncologie", "closed", "cyto dpi"),
    ("pharmacie", "closed", "pharma"),
    ("maternite", "degraded", "mater dpi"),
    ("hospitalisation", "closed", "presc dpi"),
    ("psychiatrie", "closed", "presc dpi"),
    ("maisons", "closed", "presc"),
    ("consultations", "closed", "agenda dpi"),
    ("standard", "closed", "telephonie"),
    ("cuisine", "closed", "cuisine"),
    ("sterilisation", "closed", "steri"),
    ("facturation", "closed", "factu"),
    ("paie", "closed", "paie"),
)
"""Service, how it works without, and what it cannot do without."""


def _needs() -> Iterator[_Row]:
    """Yield what each service cannot do without, and how it works without it."""
    for service, without, wanted in _WANTED:
        of = [each if ":" in each else f"application:{each}" for each in wanted.split()]
        yield {
            "id": f"{service}, {wanted.replace(':', ' ')}",
            "service": service,
            "of": ";".join(of),
            "without": without,
        }


NEEDS: Sequence[_Row] = tuple(_needs())


def _fallback(
    service: str, words: str, mode: str, shares: tuple[float, int, float], needs: str = ""
) -> _Row:
    """Return a fallback; `shares`: of the usual patients, for so many hours, and after."""
    share, holds, after = shares
    return {
        "id": f"{service}, {words}",
        "name": words,
        "service": service,
        "mode": mode,
        "needs": needs,
        "share": share,
        "holds_hours": holds,
        "share_after": after,
    }


_PRINTED = "dossiers de secours imprimés"
_CONSOLE = "lecture à la console"
_PAPER = "résultats des automates sur papier"
FALLBACKS: Sequence[_Row] = (
    _fallback("laboratoire", _PAPER, "degraded", (0.4, 72, 0.3), "device:analyseurs"),
    _fallback("imagerie-hr", _CONSOLE, "degraded", (0.5, 72, 0.35), "device:radios"),
    _fallback("imagerie-va", _CONSOLE, "degraded", (0.5, 72, 0.35), "device:radios-va"),
    _fallback("hospitalisation", _PRINTED, "paper", (0.9, 96, 0.75)),
    _fallback("psychiatrie", _PRINTED, "paper", (0.95, 96, 0.85)),
    _fallback("maisons", _PRINTED, "paper", (1.0, 240, 0.95)),
    _fallback("pharmacie", "délivrance sur papier", "paper", (0.7, 72, 0.5)),
    _fallback("consultations", "patients qui se présentent", "paper", (0.35, 72, 0.3)),
    _fallback(
        "standard", "lignes directes", "degraded", (0.45, 240, 0.45), "device:telephones"
    ),
    _fallback("cuisine", "listes imprimées", "paper", (1.0, 240, 0.9)),
    _fallback("sterilisation", "registre sur papier", "paper", (0.9, 240, 0.8)),
    _fallback("paie", "avance égale au mois précédent", "paper", (1.0, 720, 0.9)),
)

HOME: Sequence[_Row] = (
    {
        "id": "coeur",
        "name": "Insuffisants cardiaques suivis à domicile",
        "patients": 140,
        "needs": "application:suivi;supplier:suivi",
        "when_it_fails": "appels par l'équipe de cardiologie, liste imprimée chaque semaine",
    },
)
