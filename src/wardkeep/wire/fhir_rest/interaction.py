"""Which interaction a request is: method and path below /fhir, told apart before any body.

Taken: `POST /fhir` (bundles), `POST /fhir/TYPE` (create), `PUT /fhir/TYPE/ID` (update),
`GET /fhir/metadata` and `GET /fhir/openapi.json`, with HEAD; OPTIONS everywhere.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

from wardkeep.wire.fhir_rest.refusal import Refusal

BASE = "/fhir"
TYPES: tuple[str, ...] = (
    "AllergyIntolerance",
    "Appointment",
    "Condition",
    "DiagnosticReport",
    "Encounter",
    "Flag",
    "Location",
    "Medication",
    "MedicationAdministration",
    "MedicationRequest",
    "NutritionOrder",
    "Observation",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "ServiceRequest",
    "Specimen",
)
"""Resource types that have an address of their own; a bundle may carry any."""
ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
"""R4, 2.24.0.1, id."""


class Act(Enum):
    """What is asked."""

    BUNDLE = "bundle"
    CREATE = "create"
    UPDATE = "update"
    METADATA = "metadata"
    OPENAPI = "openapi"
    OPTIONS = "options"


class Interaction(msgspec.Struct, frozen=True):
    """One request's meaning; `allow` are the methods of its address."""

    act: Act
    resource_type: str = ""
    identity: str = ""
    allow: tuple[str, ...] = ()


_DOCUMENTS = {"metadata": Act.METADATA, "openapi.json": Act.OPENAPI}
_READ = ("GET", "HEAD", "OPTIONS")
_CREATE = ("POST", "OPTIONS")
_UPDATE = ("PUT", "OPTIONS")


def interaction(method: str, path: str) -> Interaction | Refusal:
    """Return what a request asks for; a Refusal with 404 or 405 where nothing is.

    `path` begins with /fhir.
    """
    steps = path.removeprefix(BASE).strip("/").split("/")
    found = _at(steps)
    if isinstance(found, Refusal):
        return found
    if method == "OPTIONS":
        return msgspec.structs.replace(found, act=Act.OPTIONS)
    if method not in found.allow:
        return Refusal(
            status=405,
            code="not-supported",
            text=f"{method} is not for this address: {', '.join(found.allow)}",
            headers={"allow": ", ".join(found.allow)},
        )
    return found


def _at(steps: list[str]) -> Interaction | Refusal:
    match steps:
        case [""]:
            return Interaction(Act.BUNDLE, allow=_CREATE)
        case [name] if name in _DOCUMENTS:
            return Interaction(_DOCUMENTS[name], allow=_READ)
        case [name] if name in TYPES:
            return Interaction(Act.CREATE, name, allow=_CREATE)
        case [name, identity] if name in TYPES and ID.fullmatch(identity):
            return Interaction(Act.UPDATE, name, identity, allow=_UPDATE)
    text = (
        "there is nothing at this address: POST /fhir takes bundles, POST /fhir/TYPE and"
        f" PUT /fhir/TYPE/ID take {', '.join(TYPES)}"
    )
    return Refusal(status=404, code="not-found", text=text)
