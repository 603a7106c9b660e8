from __future__ import annotations

from tests.chart.sending import BRUSSELS, FEEDS, RULES, adt, entry, msh, orders, pid, pv1

from wardkeep.chart.reading import ReadingContext, records_named

CONTEXT = ReadingContext(RULES, FEEDS[0], BRUSSELS)


def named(body: bytes) -> tuple[str, ...]:
    return records_named(entry(body), CONTEXT)


def test_a_message_names_the_record_of_its_patient_once() -> None:
    assert named(adt("A01", "20260516080000", pid("1001"), pv1())) == ("1001",)
    assert named(adt("A01", "20260516080000", "PID|1|1001|", pv1())) == ("1001",)


def test_a_merge_names_both_records() -> None:
    assert named(adt("A40", "20260516100000", pid(), "MRG|1002^^^GHQV^MR")) == ("1001", "1002")


def test_a_swap_of_beds_names_both_patients() -> None:
    swap = adt("A17", "20260516100000", pid(), pv1(), pid("1002", "Roy^Luc"), pv1("A2^9^1"))
    assert named(swap) == ("1001", "1002")


def test_a_message_that_the_chart_refuses_still_names_its_patient() -> None:
    assert named(adt("A37", "20260516100000", pid(), pid("1002"))) == ("1001", "1002")
    assert named(orders("ZZZ^Z99", "20260516100000")) == ("1001",)


def test_bytes_that_name_nobody_give_nobody() -> None:
    assert named(b"no message at all") == ()
    assert named(msh("ADT^A20", "20260516100000").encode()) == ()
    assert named(b"MSH|^~\\&|\rPID|1||||Dupont^Marie\r") == ()
