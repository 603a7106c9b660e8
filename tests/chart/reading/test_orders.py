from __future__ import annotations

from tests.chart.sending import chart, orders

from wardkeep.chart.model import MedicationOrder, OrderState

AT = "20260516090000"


def order(*segments: str, kind: str = "RDE^O11") -> MedicationOrder:
    (found,) = chart(("meds", orders(kind, AT, *segments))).orders
    return found


def rxe(**fields: str) -> str:
    row = ["RXE"] + [""] * 28
    for name, value in fields.items():
        row[int(name[1:])] = value
    return "|".join(row).rstrip("|")


def test_a_request_without_encoding_is_an_order_too() -> None:
    rxo = ["RXO", "D^Doxycycline^ATC", "100", "200", "mg", "CAP^Capsule", "", "^after meals"]
    rxo += [""] * 10 + ["50", "mg", "J18^Pneumonia", "10", "mL/h"]
    found = order("ORC|NW|1^CPOE", "TQ1|1||BID", "|".join(rxo), "RXR|PO", kind="OMP^O09")
    assert found.dose is not None
    assert found.dose.value == "100-200 mg"
    assert (found.form, found.give_strength, found.indication, found.rate) == (
        "Capsule",
        "50 mg",
        "Pneumonia",
        "10 mL/h",
    )
    assert found.instructions == ("after meals",)


def test_an_encoded_order_goes_before_the_request_that_it_answers() -> None:
    found = order(
        "ORC|NW|1^CPOE",
        "TQ1|1||TID",
        "RXO|A^Request^L|2||tab",
        "RXR|IV^intravenous",
        rxe(f2="B^Encoded^L", f3="1", f5="cap", f6="CAP", f19="4^g", f23="", f22="H1"),
        "TQ1|1||BID",
        "RXR|PO^per os",
        "NTE|1||with water",
    )
    assert found.route is not None
    assert found.dose is not None
    assert (found.drug.value.text, found.dose.value, found.timing.value.code) == (
        "Encoded",
        "1 cap",
        "BID",
    )
    assert (found.route.value.text, found.maximum, found.rate) == ("per os", "4 g", "per H1")
    assert found.instructions == ("with water",)


def test_strength_indication_verifier_and_prescriber_are_kept() -> None:
    found = order(
        "ORC|NW|1^CPOE|F1^PH|||||" + f"||{AT}".removeprefix("|") + "|||77^Lens^Paul",
        rxe(
            f2="B^Encoded^L",
            f3="1",
            f5="tab",
            f14="9^Pharma^Ann",
            f25="2.5",
            f26="mg",
            f27="I50^Heart failure",
        ),
    )
    assert (found.give_strength, found.indication, found.verified_by) == (
        "2.5 mg",
        "Heart failure",
        "Pharma Ann",
    )
    assert found.prescriber is not None
    assert (found.prescriber.value.identifier, found.filler) == ("77", "F1")


def test_a_null_takes_the_dose_and_the_route_away() -> None:
    first = orders("RDE^O11", "20260516080000", "ORC|NW|1^CPOE", "RXE||X^Y^L|1||tab", "RXR|PO")
    second = orders("RDE^O11", AT, "ORC|XO|1^CPOE", 'RXE|||""', 'RXR|""')
    (found,) = chart(("meds", first), ("meds", second)).orders
    assert (found.dose, found.route) == (None, None)
    assert found.drug.value.text == "Y"


def test_an_order_known_to_the_pharmacy_alone_has_the_pharmacys_number() -> None:
    assert order("ORC|NW||F9^PHARM", "RXE||X^Y^L|1||tab").order == "F9^PHARM"


def test_a_parent_replaced_by_status_is_replaced() -> None:
    first = orders("RDE^O11", "20260516080000", "ORC|NW|1^CPOE", "RXE||X^Y^L|1||tab")
    told = orders("RDE^O11", AT, "ORC|SC|1^CPOE|||RP")
    (found,) = chart(("meds", first), ("meds", told)).orders
    assert found.state.value is OrderState.REPLACED
