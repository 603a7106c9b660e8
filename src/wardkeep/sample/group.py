"""The simulated group: its sites, homes, wards and systems. All names are invented."""

from __future__ import annotations

from enum import StrEnum

import msgspec

AUTHORITY = "GHQV"
"""Who numbers the records of the group (PID-3.4)."""

GROUP_NAME = "Groupe hospitalier des Quatre-Vallées"


class HouseKind(StrEnum):
    """What a house of the group is."""

    HOSPITAL = "hospital"
    POLYCLINIC = "polyclinic"
    REST_HOME = "rest_home"
    PSYCHIATRIC_HOME = "psychiatric_home"
    CRECHE = "creche"


class House(msgspec.Struct, frozen=True):
    """One address of the group; `code` stands in PV1-3.4."""

    code: str
    name: str
    kind: HouseKind
    town: str


HOUSES: tuple[House, ...] = (
    House("HR", "Site Haute-Rive", HouseKind.HOSPITAL, "Haute-Rive"),
    House("VA", "Site Val-des-Aulnes", HouseKind.HOSPITAL, "Val-des-Aulnes"),
    House("GP", "Site Grand-Pré", HouseKind.HOSPITAL, "Grand-Pré"),
    House("TC", "Site Trois-Chênes", HouseKind.HOSPITAL, "Trois-Chênes"),
    House("CB", "Site Clairbois", HouseKind.HOSPITAL, "Clairbois"),
    House("LL", "Site La Lisière", HouseKind.HOSPITAL, "La Lisière"),
    House("PN", "Polyclinique du Pont-Neuf", HouseKind.POLYCLINIC, "Pont-Neuf"),
    House("R1", "Résidence Les Tilleuls", HouseKind.REST_HOME, "Haute-Rive"),
    House("R2", "Résidence Le Vieux Moulin", HouseKind.REST_HOME, "Grand-Pré"),
    House("R3", "Résidence Les Genêts", HouseKind.REST_HOME, "Clairbois"),
    House("R4", "Résidence L'Œuvre du Gué", HouseKind.REST_HOME, "Trois-Chênes"),
    House("SO", "Maison de soins Le Sorbier", HouseKind.PSYCHIATRIC_HOME, "La Lisière"),
    House("C1", "Crèche Les Hérissons", HouseKind.CRECHE, "Haute-Rive"),
    House("C2", "Crèche Le Petit Ruisseau", HouseKind.CRECHE, "Val-des-Aulnes"),
    House("C3", "Crèche Les Mésanges", HouseKind.CRECHE, "Grand-Pré"),
)


class Care(StrEnum):
    """What a ward is for; decides treatments, ages and length of stay."""

    INTENSIVE = "intensive"
    CARDIOLOGY = "cardiology"
    SURGERY = "surgery"
    ORTHOPAEDICS = "orthopaedics"
    MEDICINE = "medicine"
    PNEUMOLOGY = "pneumology"
    NEUROLOGY = "neurology"
    MATERNITY = "maternity"
    PAEDIATRICS = "paediatrics"
    GERIATRICS = "geriatrics"
    ONCOLOGY = "oncology"
    NEPHROLOGY = "nephrology"
    REHABILITATION = "rehabilitation"
    PALLIATIVE = "palliative"
    PSYCHIATRY = "psychiatry"
    HOME = "home"


class SampleWard(msgspec.Struct, frozen=True):
    """A ward: `code` stands in PV1-3.1, `beds` is how many it has, two or one to a room."""

    code: str
    name: str
    house: str
    care: Care
    beds: int
    telephone: str


_NAMES = {
    Care.INTENSIVE: ("USI", "Soins intensifs", "SI"),
    Care.CARDIOLOGY: ("CAR", "Cardiologie", "CARD"),
    Care.SURGERY: ("CHI", "Chirurgie générale", "CHIR"),
    Care.ORTHOPAEDICS: ("ORT", "Orthopédie", "ORTH"),
    Care.MEDICINE: ("MED", "Médecine interne", "MED"),
    Care.PNEUMOLOGY: ("PNE", "Pneumologie", "PNEU"),
    Care.NEUROLOGY: ("NEU", "Neurologie", "NEUR"),
    Care.MATERNITY: ("MAT", "Maternité", "OBST"),
    Care.PAEDIATRICS: ("PED", "Pédiatrie", "PED"),
    Care.GERIATRICS: ("GER", "Gériatrie", "GERI"),
    Care.ONCOLOGY: ("ONC", "Oncologie et radiothérapie", "ONCO"),
    Care.NEPHROLOGY: ("NEP", "Néphrologie et dialyse", "NEPH"),
    Care.REHABILITATION: ("REV", "Revalidation", "REVA"),
    Care.PALLIATIVE: ("PAL", "Soins palliatifs", "PALL"),
    Care.PSYCHIATRY: ("PSY", "Psychiatrie", "PSYC"),
    Care.HOME: ("RES", "Résidents", "RESI"),
}

# Beds of each ward by house, 40 wards; about 1,000 patients fill nine beds in ten.
_PLAN: tuple[tuple[str, Care, int], ...] = (
    ("HR", Care.INTENSIVE, 14),
    ("HR", Care.ONCOLOGY, 26),
    ("HR", Care.CARDIOLOGY, 30),
    ("HR", Care.SURGERY, 32),
    ("HR", Care.ORTHOPAEDICS, 30),
    ("HR", Care.MEDICINE, 32),
    ("HR", Care.PNEUMOLOGY, 28),
    ("HR", Care.NEUROLOGY, 28),
    ("HR", Care.MATERNITY, 24),
    ("HR", Care.PAEDIATRICS, 20),
    ("HR", Care.GERIATRICS, 32),
    ("VA", Care.INTENSIVE, 10),
    ("VA", Care.CARDIOLOGY, 28),
    ("VA", Care.SURGERY, 30),
    ("VA", Care.ORTHOPAEDICS, 28),
    ("VA", Care.MEDICINE, 30),
    ("VA", Care.NEPHROLOGY, 22),
    ("VA", Care.GERIATRICS, 30),
    ("VA", Care.MATERNITY, 20),
    ("GP", Care.MEDICINE, 30),
    ("GP", Care.SURGERY, 26),
    ("GP", Care.GERIATRICS, 30),
    ("GP", Care.REHABILITATION, 30),
    ("TC", Care.MEDICINE, 28),
    ("TC", Care.GERIATRICS, 30),
    ("TC", Care.REHABILITATION, 28),
    ("TC", Care.PALLIATIVE, 10),
    ("CB", Care.MEDICINE, 28),
    ("CB", Care.GERIATRICS, 28),
    ("CB", Care.REHABILITATION, 28),
    ("CB", Care.SURGERY, 22),
    ("LL", Care.PSYCHIATRY, 30),
    ("LL", Care.PSYCHIATRY, 30),
    ("LL", Care.PSYCHIATRY, 28),
    ("LL", Care.GERIATRICS, 24),
    ("R1", Care.HOME, 34),
    ("R2", Care.HOME, 32),
    ("R3", Care.HOME, 32),
    ("R4", Care.HOME, 30),
    ("SO", Care.HOME, 30),
)


def _wards() -> tuple[SampleWard, ...]:
    towns = {house.code: house.name for house in HOUSES}
    seen: dict[tuple[str, Care], int] = {}
    wards = []
    for index, (house, care, beds) in enumerate(_PLAN):
        count = seen[house, care] = seen.get((house, care), 0) + 1
        short, name, _ = _NAMES[care]
        suffix = str(count) if count > 1 else ""
        wards.append(
            SampleWard(
                code=f"{house}-{short}{suffix}",
                name=f"{name} {suffix}".strip() + f", {towns[house]}",
                house=house,
                care=care,
                beds=beds,
                telephone=f"+32 63 00 9{index // 10} {index % 10}0",
            )
        )
    return tuple(wards)


WARDS: tuple[SampleWard, ...] = _wards()

ICU_NOT_FED = "HR-USI"
"""The intensive care unit whose own medication system sends to nobody."""


def service_of(care: Care) -> str:
    """Return the service code that stands in PV1-10."""
    return _NAMES[care][2]


class Sender(msgspec.Struct, frozen=True):
    """How one system of the group writes: MSH-3, MSH-4, MSH-18, the bytes it really uses."""

    feed: str
    application: str
    facility: str
    charset: str
    encoding: str
    offset: bool
    """Whether its times carry an offset; the others are in the group's own zone."""
    prefix: str


SENDERS: dict[str, Sender] = {
    sender.feed: sender
    for sender in (
        Sender("adt", "ADMIS", AUTHORITY, "8859/1", "cp1252", offset=False, prefix="A"),
        Sender(
            "pharmacy", "PHARMA", AUTHORITY, "UNICODE UTF-8", "utf-8", offset=True, prefix="P"
        ),
        Sender("oncology", "CYTO", "GHQV-ONC", "", "utf-8", offset=False, prefix="C"),
        Sender("mar", "SOINS", AUTHORITY, "UNICODE UTF-8", "utf-8", offset=True, prefix="S"),
        Sender("laboratory", "LABO", "GHQV-LAB", "8859/1", "cp1252", offset=False, prefix="L"),
        Sender("imaging", "RIS", "GHQV-RX", "8859/15", "iso8859-15", offset=True, prefix="R"),
        Sender("appointments", "AGENDA", AUTHORITY, "", "cp1252", offset=False, prefix="G"),
    )
}
