from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chart.fhir_sending import (
    Json,
    at,
    bundle,
    chart,
    concept,
    fhir,
    fold,
    of,
    patient,
    ref,
)
from tests.chart.sending import BRUSSELS, FEEDS, RULES

from wardkeep.chart.model import AllergyState, EncounterState, OrderState
from wardkeep.chart.plain import plain
from wardkeep.chart.reading import ReadingContext, read_entry, records_named

CONTEXT = ReadingContext(RULES, FEEDS[0], BRUSSELS)
PENICILLIN = concept("764146007", "Penicillin", "http://snomed.info/sct")


def allergy(own: str = "a1", **more: object) -> Json:
    return of("AllergyIntolerance", own, patient=ref("Patient/p1"), code=PENICILLIN, **more)


def stay(status: str, **more: object) -> Json:
    return of(
        "Encounter", "e1", status=status, **{"class": {"code": "IMP"}},
        identifier=[{"value": "V1"}], subject=ref("Patient/p1"), **more,
    )  # fmt: skip


def test_what_refers_to_a_patient_not_heard_of_waits_and_is_read_when_the_patient_comes() -> (
    None
):
    charts = fold([allergy()])
    (held,) = charts.quarantine()
    assert held.reason == "waits for a Patient that was not heard of yet"
    assert charts.patient("1001") is None
    charts.add(fhir(patient(), 2))
    assert charts.quarantine() == []
    found = charts.patient("1001")
    assert found is not None
    assert found.allergies.state is AllergyState.LISTED


def test_any_order_of_patient_places_stay_and_order_gives_one_chart() -> None:
    ward = of(
        "Location", "w", physicalType={"coding": [{"code": "wa"}]}, identifier=[{"value": "A2"}]
    )
    bed = of(
        "Location",
        "b",
        physicalType={"coding": [{"code": "bd"}]},
        name="3",
        partOf=ref("Location/w"),
    )
    renamed = {**at(bed, "2026-05-02T10:00:00Z"), "name": "4"}
    lies = stay("in-progress", location=[{"location": ref("Location/b")}])
    resources = [
        patient(),
        at(ward, "2026-05-01T10:00:00Z"),
        at(bed, "2026-05-01T10:00:00Z"),
        renamed,
        at(lies, "2026-05-03T10:00:00Z"),
    ]
    found = set()
    for order in permutations(resources):
        charts = fold(order)
        assert charts.quarantine() == []
        one = charts.patient("1001")
        assert one is not None
        found.add(json.dumps(plain(one)))
        assert one.current is not None
        assert one.current.location is not None
        place = one.current.location.value
        assert (place.ward, place.bed) == ("A2", "4")
    assert len(found) == 1


def test_the_newest_version_of_an_encounter_takes_an_end_back() -> None:
    begun = {"start": "2026-05-01T10:00:00Z"}
    ended = {**begun, "end": "2026-05-02T10:00:00Z"}
    gone = at(stay("finished", period=ended), "2026-05-02T10:00:00Z")
    back = at(stay("in-progress", period=begun), "2026-05-02T11:00:00Z")
    for order in permutations([patient(), gone, back]):
        (found,) = chart(*order).encounters
        assert found.state.value is EncounterState.ADMITTED
        assert found.discharged is None
    assert chart(patient(), gone).encounters[0].state.value is EncounterState.DISCHARGED


def test_a_refuted_allergy_goes_and_a_second_entry_of_it_stays() -> None:
    refuted = at(
        allergy(verificationStatus={"coding": [{"code": "refuted"}]}), "2026-05-02T10:00:00Z"
    )
    before = at(allergy(), "2026-05-01T10:00:00Z")
    assert chart(patient(), before, refuted).allergies.state is AllergyState.NOT_RECORDED
    other = at(allergy("a2"), "2026-05-01T10:00:00Z")
    assert len(chart(patient(), before, other, refuted).allergies.items) == 1


def test_a_deletion_in_a_bundle_takes_an_allergy_away_whenever_it_comes() -> None:
    deletion: Json = {
        "resourceType": "Bundle",
        "type": "transaction",
        "timestamp": "2026-05-02T10:00:00Z",
        "entry": [{"request": {"method": "DELETE", "url": "AllergyIntolerance/a1"}}],
    }
    for order in permutations([patient(), at(allergy(), "2026-05-01T10:00:00Z"), deletion]):
        charts = fold(order)
        assert charts.quarantine() == []
        found = charts.patient("1001")
        assert found is not None
        assert found.allergies.state is AllergyState.NOT_RECORDED


def test_an_order_that_was_stopped_stands_again_when_a_newer_version_says_so() -> None:
    def order(status: str, updated: str) -> Json:
        drug = concept("C07AB07", "Bisoprolol", "http://www.whocc.no/atc")
        told = of(
            "MedicationRequest", "m1", status=status, intent="order",
            subject=ref("Patient/p1"), medicationCodeableConcept=drug,
            dosageInstruction=[{"text": "1 comprimé le matin", "doseAndRate": [
                {"doseQuantity": {"value": 2.5, "unit": "mg"}}]}],
        )  # fmt: skip
        return at(told, updated)

    stopped, again = (
        order("stopped", "2026-05-01T10:00:00Z"),
        order("active", "2026-05-02T10:00:00Z"),
    )
    for sent in permutations([patient(), stopped, again]):
        (line,) = chart(*sent, feed="meds").orders
        assert line.state.value is OrderState.ACTIVE
        assert line.dose is not None
        assert line.dose.value == "2.5 mg"
        assert line.timing.value.text == "1 comprimé le matin"
    (line,) = chart(patient(), again, order("on-hold", "2026-05-03T10:00:00Z")).orders
    assert line.state.value is OrderState.HELD


def test_two_patients_that_turn_out_to_be_one_are_one_chart() -> None:
    old = patient(
        "p2", "2002", active=False, link=[{"other": ref("Patient/p1"), "type": "replaced-by"}]
    )
    told = {**allergy(), "patient": ref("Patient/p2")}
    for order in permutations([patient(), old, told]):
        found = chart(*order)
        assert found.merged_from == ("2002",)
        assert len(found.allergies.items) == 1


def test_a_resource_with_a_modifier_that_is_not_known_is_told_and_not_read() -> None:
    odd = allergy(modifierExtension=[{"url": "https://h.example/not", "valueBoolean": True}])
    charts = fold([patient(), odd])
    assert "modifier" in charts.quarantine()[0].reason
    found = charts.patient("1001")
    assert found is not None
    assert found.allergies.state is AllergyState.NOT_RECORDED


def test_a_type_that_the_chart_has_no_place_for_is_told_without_patient_data() -> None:
    charts = fold([bundle(patient(), of("CarePlan", "c1", subject=ref("Patient/p1")))])
    (held,) = charts.quarantine()
    assert held.reason == "CarePlan is not read into the chart"
    assert charts.unread("", 0).feeds[0].count == 1


def test_a_quarantined_entry_names_the_patients_of_its_resources() -> None:
    told = bundle(patient(), of("CarePlan", "c1", subject=ref("Patient/p1")))
    assert records_named(fhir(told), CONTEXT) == ("1001",)
    by_number = of(
        "CarePlan", "c2", subject={"identifier": {"system": "urn:oid:GHQV", "value": "7"}}
    )
    assert records_named(fhir(by_number), CONTEXT) == ("7",)


def test_a_feed_that_speaks_fhir_keeps_its_streams_fresh() -> None:
    reading = read_entry(fhir(bundle(patient(), allergy())), CONTEXT)
    assert {stream.value for stream, _, _ in reading.heard} == {"admissions", "allergies"}


def test_bytes_that_are_no_fhir_are_in_quarantine() -> None:
    entry = fhir({"no": "type"})
    assert read_entry(entry, CONTEXT).fault == "JSON that is no FHIR resource: no resourceType"


KINDS = (
    "Patient", "Encounter", "Location", "AllergyIntolerance", "MedicationRequest",
    "MedicationAdministration", "Observation", "DiagnosticReport", "ServiceRequest", "Specimen",
    "Condition", "Appointment", "Flag", "Practitioner", "PractitionerRole", "NutritionOrder",
    "Medication",
)  # fmt: skip
NAMES = (
    "id", "status", "intent", "code", "subject", "patient", "identifier", "value", "period",
    "start", "end", "location", "reference", "partOf", "link", "other", "type", "coding",
    "dosageInstruction", "timing", "repeat", "frequency", "boundsPeriod", "doseAndRate",
    "doseQuantity", "effectiveDateTime", "component", "result", "contained", "participant",
    "actor", "telecom", "name", "given", "birthDate", "meta", "lastUpdated", "physicalType",
)  # fmt: skip
WORDS = st.sampled_from(
    [
        "Patient/p1",
        "#x",
        "active",
        "final",
        "2026-05-01",
        "2026-05-01T10:00:00Z",
        "d",
        "",
        "1001",
    ]
)
TREES = st.recursive(
    WORDS | st.text(max_size=5) | st.integers(-9, 9) | st.none() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=max(15, settings().max_examples // 10))
@given(st.dictionaries(st.sampled_from(NAMES), TREES, max_size=8))
def test_any_resource_ends_in_changes_or_a_named_fault(kind: str, fields: Json) -> None:
    charts = fold(
        [bundle(patient(), {"subject": ref("Patient/p1"), **fields, "resourceType": kind})]
    )
    for each in charts.survivors():
        assert plain(each)["record"] == each.record


def test_two_components_of_one_code_are_two_values_and_a_deletion_takes_both() -> None:
    rate = concept("8867-4", "Heart rate")
    told = of(
        "Observation", "o1", status="final", code=rate, subject=ref("Patient/p1"),
        effectiveDateTime="2026-05-01T10:00:00Z",
        component=[{"code": rate, "valueQuantity": {"value": each}} for each in (60, 120)],
    )  # fmt: skip
    told = at(told, "2026-05-01T10:05:00Z")
    (series,) = chart(patient(), told, feed="lab").results
    assert sorted(result.value for result in series.results) == ["120", "60"]
    deletion: Json = {
        "resourceType": "Bundle",
        "type": "transaction",
        "timestamp": "2026-05-02T10:00:00Z",
        "entry": [{"request": {"method": "DELETE", "url": "Observation/o1"}}],
    }
    (series,) = chart(patient(), told, deletion, feed="lab").results
    assert {result.state.value for result in series.results} == {"withdrawn"}


def test_a_name_that_is_no_longer_used_is_not_shown() -> None:
    names = [
        {"use": "official", "family": "Janssens", "period": {"end": "2001-01-01"}},
        {"use": "usual", "family": "Dupont"},
    ]
    found = chart({**patient(), "name": names})
    assert found.name is not None
    assert found.name.value.family == "Dupont"


@pytest.mark.parametrize(
    ("repeat", "form", "text"),
    [
        ({"frequency": 2, "period": 1, "periodUnit": "d"}, "code", "[2 x / 1 d]"),
        ({"frequency": 1, "period": 8, "periodUnit": "h"}, "interval", "[1 x / 8 h]"),
        ({"frequency": 5, "period": 1, "periodUnit": "d"}, "unreadable", "[5 x / 1 d]"),
        ({"dayOfWeek": ["mon"], "timeOfDay": ["08:00:00"]}, "times", "[mon; 08:00]"),
        ({"frequency": 1, "frequencyMax": 3, "period": 1}, "unreadable", "[1-3 x / 1 ?]"),
    ],
)
def test_a_timing_without_words_is_put_together_in_brackets_and_never_guessed(
    repeat: Json, form: str, text: str
) -> None:
    order = of(
        "MedicationRequest", "m1", status="active", intent="order", subject=ref("Patient/p1"),
        medicationCodeableConcept={"text": "Bisoprolol"},
        dosageInstruction=[{"timing": {"repeat": repeat}}],
    )  # fmt: skip
    (line,) = chart(patient(), order, feed="meds").orders
    assert (line.timing.value.form.value, line.timing.value.text) == (form, text)
    assert line.dose is None
