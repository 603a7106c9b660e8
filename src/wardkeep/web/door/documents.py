"""What anyone may read at the door: what it can do, as FHIR and as OpenAPI say it."""

from __future__ import annotations

import msgspec

import wardkeep
from wardkeep.wire.fhir_rest.capability import capability_statement
from wardkeep.wire.fhir_rest.interaction import Act
from wardkeep.wire.fhir_rest.openapi import openapi

_encoder = msgspec.json.Encoder()


def document(act: Act, base: str) -> tuple[str, bytes]:
    """Return media type and body of what METADATA or OPENAPI asks for."""
    if act is Act.OPENAPI:
        return "application/json", _encoder.encode(openapi(base, wardkeep.__version__))
    statement = capability_statement(base, wardkeep.__version__)
    return "application/fhir+json; charset=utf-8", _encoder.encode(statement)
