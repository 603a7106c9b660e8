"""The CapabilityStatement is FHIR, and says what the door does."""

from __future__ import annotations

from fhir.resources.R4B import get_fhir_model_class

from wardkeep.wire.fhir_rest.capability import capability_statement
from wardkeep.wire.fhir_rest.interaction import TYPES


def test_it_is_valid_and_names_every_type_once() -> None:
    statement = capability_statement("https://box.example/fhir", "1.2.3")
    model = get_fhir_model_class("CapabilityStatement").model_validate(statement)
    assert [each.type for each in model.rest[0].resource] == list(TYPES)
    assert model.implementation.url == "https://box.example/fhir"
    assert {each.code for each in model.rest[0].interaction} == {"transaction", "batch"}
