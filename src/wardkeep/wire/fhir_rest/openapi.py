"""The door as OpenAPI 3.1 describes it, for tools that check or call it."""

from __future__ import annotations

from typing import Any

from wardkeep.wire.fhir_rest.envelope import BUNDLES
from wardkeep.wire.fhir_rest.interaction import ID, TYPES

_FHIR = "application/fhir+json"
_RESOURCE = {"$ref": "#/components/schemas/Resource"}
_OUTCOME = {"$ref": "#/components/schemas/OperationOutcome"}
_WORDS = {
    "400": "no JSON, no FHIR, or not what the address says; `expression` says where",
    "401": "no token, or one that opens nothing",
    "403": "the feed takes nothing from this address",
    "408": "the body comes too slowly",
    "413": "longer than the feed's limit, packed or unpacked",
    "415": "no JSON in UTF-8, or packed by something else than gzip",
    "422": "FHIR that is not taken",
    "429": "too many requests of this feed at a time",
    "503": "nothing was stored: keep it and send it again",
}


def openapi(base: str, version: str) -> dict[str, Any]:
    """Return the OpenAPI document of the door at `base`."""
    paths: dict[str, Any] = {"/": {"post": _bundles()}, "/metadata": {"get": _metadata()}}
    for kind in TYPES:
        paths[f"/{kind}"] = {"post": _create(kind)}
        paths[f"/{kind}/{{id}}"] = {"put": _update(kind)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wardkeep's door for FHIR senders", "version": version},
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Resource": _resource(), "OperationOutcome": _outcome()},
        },
    }


def _bundles() -> dict[str, Any]:
    bundle = {
        "type": "object",
        "required": ["resourceType", "type"],
        "properties": {
            "resourceType": {"const": "Bundle"},
            "type": {"enum": list(BUNDLES)},
            "entry": {"type": "array", "items": {"type": "object"}},
        },
    }
    taken = {"200": {"description": "one answer an entry", "content": _content(_RESOURCE)}}
    return _operation("bundle", bundle, taken)


def _create(kind: str) -> dict[str, Any]:
    taken = {"201": {"description": "stored", "headers": _located()}}
    return _operation(f"create{kind}", _of(kind), taken)


def _update(kind: str) -> dict[str, Any]:
    strange = {"description": "no id that FHIR allows", "content": _content(_OUTCOME)}
    taken = {"200": {"description": "stored", "headers": _located()}, "404": strange}
    body = _of(kind)
    body["required"].append("id")
    body["properties"]["id"] = {"type": "string"}
    identity = {"type": "string", "pattern": f"^{ID.pattern}$"}
    named = {"name": "id", "in": "path", "required": True, "schema": identity}
    return {**_operation(f"update{kind}", body, taken), "parameters": [named]}


def _metadata() -> dict[str, Any]:
    told = {"200": {"description": "the CapabilityStatement", "content": _content(_RESOURCE)}}
    return {"operationId": "metadata", "security": [], "responses": told}


def _operation(
    name: str, body: dict[str, Any], taken: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "requestBody": {"required": True, "content": _content(body)},
        "responses": {
            **taken,
            **{
                status: {"description": words, "content": _content(_OUTCOME)}
                for status, words in _WORDS.items()
            },
        },
    }


def _content(schema: dict[str, Any]) -> dict[str, Any]:
    return {_FHIR: {"schema": schema}}


def _of(kind: str) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"const": kind}},
    }


def _located() -> dict[str, Any]:
    return {
        name: {"schema": {"type": "string"}, "required": True}
        for name in ("Location", "ETag", "Last-Modified")
    }


def _resource() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["resourceType"],
        "properties": {"resourceType": {"type": "string"}},
    }


def _outcome() -> dict[str, Any]:
    issue = {
        "type": "object",
        "required": ["severity", "code", "diagnostics"],
        "properties": {
            "severity": {"enum": ["fatal", "error", "warning", "information"]},
            "code": {"type": "string"},
            "diagnostics": {"type": "string"},
            "expression": {"type": "array", "items": {"type": "string"}},
        },
    }
    return {
        "type": "object",
        "required": ["resourceType", "issue"],
        "properties": {
            "resourceType": {"const": "OperationOutcome"},
            "issue": {"type": "array", "minItems": 1, "items": issue},
        },
    }
