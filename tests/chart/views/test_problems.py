from __future__ import annotations

from tests.chart.sending import adt, chart, orders, pid, pv1

from wardkeep.chart.model import FlagKind


def told(at: str, *segments: str, record: str = "1001", visit: str = "V1") -> tuple[str, bytes]:
    return "adt", adt("A08", at, pid(record), pv1(visit=visit), *segments)


def status(text: str, date: str = "20260516080000", state: str = "F") -> str:
    return f"OBX|1|TX|CODESTATUS^Code status^L||{text}||||||{state}|||{date}||77^Lens^Paul"


def test_code_status_has_scope_signer_and_date() -> None:
    (found,) = chart(told("20260516090000", status("DNR"))).code_status
    assert (found.text, found.scope, found.signer, found.record, found.from_merged) == (
        "DNR", "V1", "Lens Paul", "1001", False,
    )  # fmt: skip
    assert found.date is not None


def test_a_withdrawn_code_status_is_gone() -> None:
    assert chart(
        told("20260516090000", status("DNR")),
        told("20260516100000", status("DNR", "20260516100000", "D")),
    ).code_status == ()  # fmt: skip


def test_code_status_of_two_stays_stands_newest_first() -> None:
    found = chart(
        told("20260516090000", status("DNR", "20250101"), visit="V0"),
        told("20260516090000", status("Full code", "20260516")),
    ).code_status
    assert [(item.text, item.scope) for item in found] == [("Full code", "V1"), ("DNR", "V0")]


def test_code_status_never_crosses_a_merge_silently() -> None:
    found = chart(
        told("20260516080000"),
        told("20260516081000", status("DNR"), record="1002", visit="V7"),
        ("adt", adt("A40", "20260516090000", pid(), "MRG|1002^^^GHQV^MR")),
    )
    (item,) = found.code_status
    assert (item.from_merged, item.record) == (True, "1002")
    assert FlagKind.CODE_STATUS_FROM_MERGED in {flag.kind for flag in found.flags}


def test_isolation_and_diet_come_from_the_codes_of_the_site() -> None:
    found = chart(
        told("20260516090000", "OBX|1|TX|ISOLATION||Contact (MRSA)||||||F",
             "OBX|2|CWE|DIET||NPO^Nil by mouth^L||||||F")
    )  # fmt: skip
    assert found.isolation is not None
    assert found.diet is not None
    assert (found.isolation.value, found.diet.value) == ("Contact (MRSA)", "Nil by mouth")


def test_a_diet_order_sets_and_ends_the_diet() -> None:
    new = orders("OMD^O03", "20260516090000", "ORC|NW|D1^CPOE", "ODS|D||SOFT^Soft^L|no salt")
    end = orders("OMD^O03", "20260516100000", "ORC|DC|D1^CPOE", "ODS|D||SOFT^Soft^L")
    assert chart(("meds", new)).diet.value == "Soft no salt"
    assert chart(("meds", end), ("meds", new)).diet is None


def test_the_newest_weight_counts_by_when_it_was_taken() -> None:
    def weighed(amount: str, taken: str, sent: str) -> tuple[str, bytes]:
        return "meds", orders(
            "ORU^R01", sent, "OBR|1||W1^MAR|W^Weight",
            f"OBX|1|NM|29463-7^Body weight^LN||{amount}|kg|||||F|||{taken}",
        )  # fmt: skip

    found = chart(
        weighed("71.5", "20260516070000", "20260516071000"),
        weighed("80", "20260514070000", "20260516120000"),
    ).weight
    assert found is not None
    assert (found.value.amount, found.value.unit) == ("71.5", "kg")
    assert found.value.taken is not None
    assert found.value.taken.text == "20260516070000"


def test_problems_are_listed_and_a_deleted_one_is_gone() -> None:
    found = chart(told("20260516090000", "DG1|1||I50^Heart failure^I10||20260510|W"))
    (item,) = found.problems
    assert (item.coding.text, item.kind, item.active) == ("Heart failure", "W", True)
    dg1 = "DG1|1||I50^Heart failure^I10" + "|" * 18 + "D"
    assert chart(told("20260516090000", "DG1|1||I50^Heart failure^I10"),
                 told("20260516100000", dg1)).problems == ()  # fmt: skip


def test_a_resolved_problem_stands_last() -> None:
    prb = "PRB|UP|20260516|J18^Pneumonia^I10" + "|" * 11 + "R^Resolved"
    found = chart(
        told("20260516090000", "DG1|1||Z99^Zoster^I10"),
        ("adt", orders("PPR^PC2", "20260516090000", prb)),
    ).problems
    assert [(item.coding.code, item.active) for item in found] == [
        ("Z99", True),
        ("J18", False),
    ]


def test_an_advance_directive_of_the_person_counts_outside_any_stay() -> None:
    pd1 = "PD1" + "|" * 15 + "DNR^Do not resuscitate^HL70435"
    (found,) = chart(told("20260516090000", pd1)).code_status
    assert (found.text, found.scope) == ("Do not resuscitate", "")
