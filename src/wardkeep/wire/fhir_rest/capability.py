"""What the door can do, as FHIR says it: the CapabilityStatement (R4, 2.27)."""

from __future__ import annotations

from typing import Any

from wardkeep.wire.fhir_rest.envelope import BUNDLES
from wardkeep.wire.fhir_rest.interaction import TYPES

# When this statement last changed.
_DATE = "2026-11-28"
_KEPT = (
    "Kept as it came, durable before the answer. Wardkeep reads charts from it and gives"
    " nothing back: no read, no search, no history. The sender's own id stays; versions are"
    " places in the ledger."
)


def capability_statement(base: str, version: str) -> dict[str, Any]:
    """Return the CapabilityStatement of the door at `base`, of this version of Wardkeep."""
    return {
        "resourceType": "CapabilityStatement",
        "id": "wardkeep",
        "name": "Wardkeep",
        "title": "Wardkeep's door for FHIR senders",
        "status": "active",
        "date": _DATE,
        "kind": "instance",
        "description": _KEPT,
        "software": {"name": "Wardkeep", "version": version},
        "implementation": {"description": "Wardkeep site server", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json", "json"],
        "rest": [
            {
                "mode": "server",
                "documentation": f"POST takes bundles of type {', '.join(BUNDLES)}.",
                "security": {
                    "description": "A bearer token of the sender's own, over TLS; the address"
                    " must be one that the feed allows.",
                },
                "resource": [_resource(each) for each in TYPES],
                "interaction": [{"code": "transaction"}, {"code": "batch"}],
            }
        ],
    }


def _resource(kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "interaction": [{"code": "create"}, {"code": "update"}],
        "versioning": "no-version",
        "readHistory": False,
        "updateCreate": True,
        "conditionalCreate": False,
        "conditionalUpdate": False,
    }
