"""Servers, applications, devices and building services of the simulated group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

SERVER_ROOMS: Mapping[str, int] = {"HR": 8, "VA": 4}
"""Houses with servers, and how many hypervisors stand there."""


class SampleApplication(msgspec.Struct, frozen=True, kw_only=True):
    """An application with servers of its own."""

    id: str
    name: str
    servers: int
    needed: int | None = None
    needs: tuple[str, ...] = ()
    supplier: str = ""
    owner: str = "applications"
    tier: int = 1
    system: str = "Windows Server 2016"
    in_domain: bool = True
    virtual: bool = True
    saved: bool = True
    restored_after: tuple[str, ...] = ("annuaire", "stockage")
    restore_hours: float = 3.0
    data_gb: float = 100.0


def _base(name: str, words: str, servers: int, **more: object) -> SampleApplication:
    """Return what the others stand on."""
    said: dict[str, object] = {"owner": "infrastructure", "restored_after": (), **more}
    return msgspec.convert(
        {"id": name, "name": words, "servers": servers, **said}, SampleApplication
    )


def _app(
    name: str, words: str, servers: int, needs: str = "", supplier: str = "", **more: object
) -> SampleApplication:
    """Return an application; all log in to the directory."""
    wanted = ("annuaire", *needs.split())
    return msgspec.convert(
        {
            "id": name,
            "name": words,
            "servers": servers,
            "needs": wanted,
            "supplier": supplier,
            **more,
        },
        SampleApplication,
    )


APPLICATIONS: tuple[SampleApplication, ...] = (
    _base("annuaire", "Annuaire et identités", 6, tier=0, needed=1, restore_hours=6.0),
    _base("vcenter", "Gestion des machines virtuelles", 2, tier=0, needed=1, restore_hours=4.0),
    _base("stockage", "Stockage partagé", 4, virtual=False, in_domain=False, data_gb=60_000.0),
    _base("sauve", "Serveurs de sauvegarde", 2, virtual=False, saved=False, tier=0, needed=1),
    _base("dns", "DNS et DHCP", 4, needed=1, tier=0),
    _base("vpn", "Accès à distance", 2, needed=1, in_domain=False),
    _base("pki", "Certificats", 2, needed=1, tier=0),
    _base("edr", "Antivirus", 2, needed=1),
    _base("maj", "Mises à jour", 2, needed=1),
    _app("fichiers", "Fichiers partagés", 8, owner="infrastructure", data_gb=4_000.0),
    _app("courrier", "Courrier électronique", 4, needed=2, data_gb=900.0),
    _app("citrix", "Bureaux distants", 16, needed=8, restore_hours=1.5),
    _app("impr", "Impression", 6, needed=3, restore_hours=1.0),
    _app("moteur", "Moteur d'interfaces HL7", 4, needed=2, supplier="interfaces"),
    _app("admis", "Admissions et mouvements", 4, "moteur", "dossier", needed=2),
    _app("dpi", "Dossier patient informatisé", 10, "admis citrix", "dossier", data_gb=2_500.0),
    _app("presc", "Prescription et administration", 6, "dpi moteur", "dossier"),
    _app("agenda", "Rendez-vous", 4, "admis citrix", "dossier", needed=2),
    _app("pharma", "Pharmacie", 4, "admis moteur", "officine", needed=2),
    _app("cyto", "Chimiothérapies", 2, "admis", "officine"),
    _app("labo", "Système du laboratoire", 8, "admis moteur", "biologie", data_gb=800.0),
    _app("ris", "Demandes et comptes rendus d'imagerie", 4, "admis moteur", "imagerie"),
    _app("pacs", "Archive d'images", 8, "ris stockage", "imagerie", data_gb=25_000.0),
    _app("urgences", "Urgences", 3, "admis", "dossier"),
    _app("bloc", "Programme opératoire", 3, "admis", "dossier"),
    _app("usi", "Soins intensifs", 4, "", "moniteurs", restored_after=()),
    _app("dialyse", "Dialyse", 2, "", "dialyse"),
    _app("mater", "Maternité et tocographie", 3, "admis", "moniteurs"),
    _app("cardio", "Cardiologie", 2, "admis", "imagerie"),
    _app("sang", "Banque de sang", 2, "labo", "biologie"),
    _app("radio", "Radiothérapie", 3, "ris", "irradiation"),
    _app("steri", "Stérilisation", 2, "", "technique"),
    _app("telephonie", "Central téléphonique", 4, needed=2, supplier="telecom"),
    _app("suivi", "Télésurveillance à domicile", 2, "vpn", "suivi"),
    _app("cuisine", "Repas", 2, "admis"),
    _app("stock", "Stocks et achats", 3),
    _app("factu", "Facturation", 6, "admis", "gestion"),
    _app("paie", "Paie", 3, "", "gestion"),
    _app("rh", "Horaires", 3, "", "gestion"),
    _app("compta", "Comptabilité", 3, "", "gestion"),
    _app("gtc", "Gestion technique des bâtiments", 3, supplier="technique"),
    _app("portes", "Portes et badges", 2, supplier="technique"),
    _app("intranet", "Intranet", 3),
    _app("archives", "Archives", 4, data_gb=9_000.0),
    _app("stats", "Entrepôt de données", 4, data_gb=3_000.0),
    _app("wifi", "Réseau sans fil", 3, needed=1),
    _app("divers", "Applications anciennes", 5, saved=False, system="Windows Server 2008 R2"),
)


def _device(
    name: str, words: str, segment: str, count: int, supplier: str = "", **more: object
) -> dict[str, object]:
    return {
        "id": name,
        "name": words,
        "site": segment.partition("-")[0],
        "segment": segment,
        "count": count,
        "supplier": supplier,
        "patchable": "no",
        "antivirus": "no",
        **more,
    }


DEVICES: Sequence[Mapping[str, object]] = (
    _device(
        "analyseurs", "Automates d'analyses", "HR-medical", 22, "biologie", stands_alone="yes"
    ),
    _device(
        "analyseurs-va", "Automates d'analyses", "VA-medical", 9, "biologie", stands_alone="yes"
    ),
    _device("scanners", "Scanners", "HR-medical", 3, "imagerie", stands_alone="yes"),
    _device("scanners-va", "Scanner", "VA-medical", 1, "imagerie", stands_alone="yes"),
    _device("irm", "Résonance magnétique", "HR-medical", 2, "imagerie", stands_alone="yes"),
    _device("radios", "Radiographie", "HR-medical", 9, "imagerie", stands_alone="yes"),
    _device("radios-va", "Radiographie", "VA-medical", 5, "imagerie", stands_alone="yes"),
    _device("radios-gp", "Radiographie", "GP-medical", 3, "imagerie", stands_alone="yes"),
    _device(
        "coro", "Salle de coronarographie", "HR-medical", 2, "imagerie", stands_alone="yes"
    ),
    _device(
        "accelerateurs", "Accélérateurs", "HR-medical", 2, "irradiation", stands_alone="no"
    ),
    _device(
        "dialyseurs", "Générateurs de dialyse", "VA-medical", 36, "dialyse", stands_alone="yes"
    ),
    _device("respirateurs", "Respirateurs", "HR-medical", 34, "moniteurs", stands_alone="yes"),
    _device("moniteurs", "Moniteurs", "HR-medical", 190, "moniteurs", stands_alone="yes"),
    _device("moniteurs-va", "Moniteurs", "VA-medical", 120, "moniteurs", stands_alone="yes"),
    _device("moniteurs-gp", "Moniteurs", "GP-medical", 60, "moniteurs", stands_alone="yes"),
    _device("pompes", "Pousse-seringues", "HR-medical", 320, "moniteurs", stands_alone="yes"),
    _device(
        "pompes-va", "Pousse-seringues", "VA-medical", 210, "moniteurs", stands_alone="yes"
    ),
    _device(
        "anesthesie", "Stations d'anesthésie", "HR-medical", 16, "moniteurs", stands_alone="yes"
    ),
    _device(
        "telephones", "Lignes directes hors central", "HR-building", 60, stands_alone="yes"
    ),
    _device(
        "automates", "Automates du bâtiment", "HR-building", 45, "technique", stands_alone="yes"
    ),
)

BUILDING: Sequence[Mapping[str, object]] = (
    {"id": "electricite", "name": "Électricité et groupes", "site": "HR", "by_hand": "yes"},
    {"id": "gaz", "name": "Gaz médicaux", "site": "HR", "by_hand": "yes"},
    {
        "id": "ventilation",
        "name": "Ventilation du bloc",
        "site": "HR",
        "controllers": "device:automates",
        "by_hand": "yes",
    },
    {
        "id": "appel",
        "name": "Appel infirmier",
        "site": "HR",
        "controllers": "device:automates",
        "by_hand": "no",
    },
    {
        "id": "portes",
        "name": "Portes",
        "site": "HR",
        "controllers": "server:portes01;server:portes02",
        "by_hand": "yes",
    },
    {"id": "ascenseurs", "name": "Ascenseurs", "site": "HR", "by_hand": "yes"},
    {
        "id": "frigos",
        "name": "Frigos de la pharmacie et du sang",
        "site": "HR",
        "controllers": "server:gtc01",
        "by_hand": "yes",
    },
)
