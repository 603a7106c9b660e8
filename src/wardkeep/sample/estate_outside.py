"""Who answers for the simulated group's estate, and who is connected to it from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_Row = Mapping[str, object]

PEOPLE: Sequence[_Row] = (
    {
        "id": "infrastructure",
        "role": "Responsable de l'infrastructure",
        "deputy": "applications",
    },
    {"id": "applications", "role": "Responsable des applications", "deputy": "infrastructure"},
    {"id": "securite", "role": "Conseiller en sécurité de l'information"},
    {"id": "technique", "role": "Chef du service technique"},
    {"id": "achats", "role": "Responsable des achats"},
)

ACCOUNTS: Sequence[_Row] = (
    {
        "id": "admins-domaine",
        "name": "Administrateurs du domaine",
        "domain": "ghqv.local",
        "tier": 0,
        "people": 9,
        "sessions": "server:citrix01;server:fichiers01;workstations:pc-HR",
        "administers": "segment:HR-servers;segment:VA-servers",
        "second_factor": "no",
        "owner": "infrastructure",
    },
    {
        "id": "svc-sauvegarde",
        "name": "Compte de service des sauvegardes",
        "domain": "ghqv.local",
        "sort": "service",
        "tier": 0,
        "sessions": "server:sauve01;server:fichiers01",
        "administers": "segment:HR-servers;segment:VA-servers",
        "second_factor": "no",
    },
    {
        "id": "support-postes",
        "name": "Support des postes de travail",
        "domain": "ghqv.local",
        "tier": 2,
        "people": 12,
        "sessions": "workstations:pc-HR;workstations:pc-VA",
        "administers": "segment:HR-office;segment:HR-clinical;segment:VA-office",
        "second_factor": "no",
        "owner": "infrastructure",
    },
    {
        "id": "medecins-deux-hopitaux",
        "name": "Médecins qui travaillent aussi ailleurs",
        "domain": "ghqv.local",
        "people": 64,
        "sessions": "workstations:pc-HR;workstations:pc-VA",
        "also_in": "neighbour:sainte-aldegonde;neighbour:clinique-du-pays-haut",
        "second_factor": "no",
    },
)

POLICIES: Sequence[_Row] = (
    {
        "id": "continuite",
        "name": "Plan de continuité",
        "owner": "securite",
        "approved": "2019-03-12",
        "review": "2021-03-12",
    },
    {
        "id": "sauvegardes",
        "name": "Règle des sauvegardes",
        "owner": "infrastructure",
        "approved": "2020-10-01",
        "review": "2022-10-01",
    },
)


def _supplier(name: str, words: str, notifies: int | None, reviewed: str = "") -> _Row:
    return {
        "id": name,
        "name": words,
        "notifies_within_hours": notifies,
        "exit_plan": "no" if notifies else "",
        "reviewed": reviewed,
        "owner": "achats",
    }


SUPPLIERS: Sequence[_Row] = (
    _supplier("dossier", "Fournisseur du dossier patient", 24, "2021-11-08"),
    _supplier("interfaces", "Fournisseur du moteur d'interfaces", None),
    _supplier("biologie", "Fournisseur du laboratoire", 72, "2020-02-20"),
    _supplier("imagerie", "Fournisseur de l'imagerie", None, "2018-06-14"),
    _supplier("irradiation", "Fournisseur de la radiothérapie", None),
    _supplier("moniteurs", "Fournisseur des moniteurs", None),
    _supplier("dialyse", "Fournisseur de la dialyse", None),
    _supplier("officine", "Fournisseur de la pharmacie", 48),
    _supplier("gestion", "Fournisseur de la gestion", None),
    _supplier("technique", "Fournisseur de la technique des bâtiments", None),
    _supplier("telecom", "Opérateur de téléphonie", 24, "2021-01-30"),
    _supplier("suivi", "Fournisseur de la télésurveillance", None),
)


def _access(supplier: str, targets: str, standing: str, second_factor: str) -> _Row:
    return {
        "id": f"acces-{supplier.partition(':')[2]}",
        "supplier": supplier,
        "targets": targets,
        "standing": standing,
        "second_factor": second_factor,
    }


ACCESSES: Sequence[_Row] = (
    _access("supplier:dossier", "server:dpi01;server:admis01", "yes", "yes"),
    _access("supplier:biologie", "server:labo01;segment:HR-medical", "yes", "no"),
    _access("supplier:imagerie", "server:ris01;server:pacs01;segment:HR-medical", "yes", "no"),
    _access("supplier:technique", "server:gtc01;segment:HR-building", "yes", "no"),
    _access("supplier:moniteurs", "segment:HR-medical", "", ""),
    _access("supplier:gestion", "server:factu01;server:paie01", "no", "yes"),
)

NEIGHBOURS: Sequence[_Row] = (
    {
        "id": "sainte-aldegonde",
        "name": "Hôpital Sainte-Aldegonde",
        "country": "BE",
        "beds": 420,
    },
    {
        "id": "clinique-du-pays-haut",
        "name": "Clinique du Pays-Haut",
        "country": "FR",
        "beds": 260,
    },
    {"id": "hopital-du-sud", "name": "Hôpital du Sud", "country": "LU", "beds": 640},
    {
        "id": "medecins",
        "name": "Cabinets de médecins généralistes",
        "sort": "practice",
        "country": "BE",
    },
    {
        "id": "plateforme",
        "name": "Plateforme nationale d'échange",
        "sort": "national",
        "country": "BE",
    },
)

EXCHANGES: Sequence[_Row] = (
    {
        "id": "labo-commun",
        "neighbour": "sainte-aldegonde",
        "carries": "analyses spéciales",
        "channels": "dependency;disconnection",
        "ends_at": "server:moteur01",
        "can_be_cut": "yes",
        "when_cut": "résultats par téléphone et coursier",
    },
    {
        "id": "tunnel-sud",
        "neighbour": "hopital-du-sud",
        "carries": "images et avis",
        "channels": "infection;disconnection",
        "ends_at": "segment:HR-servers",
        "can_be_cut": "yes",
        "when_cut": "images sur disque, par coursier",
    },
    {
        "id": "medecins-partages",
        "neighbour": "clinique-du-pays-haut",
        "carries": "consultations des mêmes médecins",
        "channels": "credentials",
        "ends_at": "server:citrix01",
        "can_be_cut": "yes",
        "when_cut": "les médecins concernés consultent sans dossier",
    },
    {
        "id": "boite-medecins",
        "neighbour": "medecins",
        "carries": "protocoles et résultats",
        "channels": "dependency;disconnection",
        "ends_at": "server:moteur02",
        "can_be_cut": "yes",
        "when_cut": "résultats urgents par téléphone",
    },
    {
        "id": "plateforme",
        "neighbour": "plateforme",
        "carries": "prescriptions et résumés",
        "channels": "dependency;disconnection",
        "ends_at": "server:moteur01",
        "can_be_cut": "yes",
        "when_cut": "prescriptions de sortie sur papier",
    },
)
