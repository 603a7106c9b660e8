from __future__ import annotations

from tests.chart.sending import chart, orders

AT = "20260516090000"


def obr(**fields: str) -> str:
    row = ["OBR"] + [""] * 37
    for name, value in fields.items():
        row[int(name[1:])] = value
    return "|".join(row).rstrip("|")


def test_an_old_order_message_has_its_time_and_priority_in_the_quantity_field() -> None:
    body = orders(
        "ORM^O01",
        AT,
        "ORC|NW|1^HIS|2^LAB",
        obr(
            f2="1^HIS",
            f3="2^LAB",
            f4="CBC^Blood count^L",
            f16="77^Lens^Paul",
            f27="1^^^20260516120000^^S",
        ),
    )
    (found,) = chart(("lab", body)).pending_orders
    assert found.due is not None
    assert (found.due.text, found.priority, found.requester) == (
        "20260516120000",
        "S",
        "Lens Paul",
    )


def test_a_received_specimen_of_an_old_order_message_waits() -> None:
    body = orders(
        "ORM^O01",
        AT,
        "ORC|NW|1^HIS",
        obr(f4="CBC^Blood count^L", f7="20260516083000", f14="20260516084500", f15="BLD&Blood"),
    )
    (found,) = chart(("lab", body)).pending_specimens
    assert found.collected is not None
    assert found.received is not None
    assert (found.kind, found.specimen) == ("Blood", "1^HIS")


def test_a_rejected_specimen_does_not_wait() -> None:
    spm = (
        ["SPM", "1", "S1", "", "BLD"]
        + [""] * 12
        + ["20260516080000", "", "", "", "HEM^Haemolysed"]
    )
    body = orders("OML^O21", AT, "ORC|NW|1^HIS", obr(f4="K^Kalium"), "|".join(spm))
    assert chart(("lab", body)).pending_specimens == ()


def test_a_request_without_orc_is_read_by_its_obr() -> None:
    body = orders("ORM^O01", AT, obr(f2="1^HIS", f4="CBC^Blood count^L"))
    assert [item.order for item in chart(("lab", body)).pending_orders] == ["1^HIS"]


def test_states_of_a_request_by_orc_5() -> None:
    new = orders("OML^O21", "20260516080000", "ORC|NW|1^HIS", obr(f4="K^Kalium"))
    for status, shown in (
        ("HD", ["held"]),
        ("CM", []),
        ("CA", []),
        ("RP", []),
        ("IP", ["active"]),
    ):
        told = orders("OML^O21", AT, f"ORC|SC|1^HIS|||{status}", obr(f4="K^Kalium"))
        found = chart(("lab", new), ("lab", told)).pending_orders
        assert [item.state.value for item in found] == shown, status


def test_a_result_with_a_specimen_tells_that_it_was_taken() -> None:
    spm = ["SPM", "1", "S1&HIS", "", "BLD^Blood"] + [""] * 12 + ["20260516080000"]
    body = orders(
        "ORU^R01",
        AT,
        obr(f2="1^HIS", f4="K^Kalium", f25="P"),
        "OBX|1|NM|K^Kalium||4||||||P",
        "|".join(spm),
    )
    found = chart(("lab", body))
    assert [item.specimen for item in found.pending_specimens] == ["S1"]
    assert found.results[0].specimen == "Blood"


def test_observations_beside_an_order_are_results_and_weights() -> None:
    body = orders(
        "RDE^O11",
        AT,
        "ORC|NW|1^HIS",
        "RXE||X^Y^L|1||tab",
        "OBX|1|NM|29463-7^Weight^LN||71|kg|||||F",
        "OBX|2|NM|2160-0^Creatinine^LN||88|umol/L|||||F",
    )
    found = chart(("meds", body))
    assert found.weight is not None
    assert found.weight.value.amount == "71"
    assert [series.coding.code for series in found.results] == ["2160-0"]
