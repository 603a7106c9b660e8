from __future__ import annotations

from wardkeep.wire.fhir.values import absent_reason, part, parts, text, texts


def test_what_has_another_shape_than_the_standards_is_empty() -> None:
    node = {"code": "x", "name": [None, 3], "status": ["a"], "active": True}
    assert part(node, "code") == {}
    assert parts(node, "name") == []
    assert text(node, "status") == ""
    assert text(node, "active") == "true"


def test_nulls_in_a_list_of_names_are_left_out() -> None:
    assert texts({"given": ["Marie", None, "Anne"]}, "given") == ["Marie", "Anne"]


def test_a_value_that_is_absent_says_why() -> None:
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    node = {"_birthDate": {"extension": [{"url": url, "valueCode": "asked-declined"}]}}
    assert absent_reason(node, "birthDate") == "asked-declined"
