from __future__ import annotations

from tests.chart.sending import chart, msh, pid, read

from wardkeep.chart.model import Appointment


def booked(*segments: str, trigger: str = "S12") -> Appointment:
    lines = [msh(f"SIU^{trigger}", "20260516080000"), segments[0], pid(), *segments[1:]]
    (found,) = chart(("adt", "\r".join(lines).encode())).appointments
    return found


def test_the_time_stands_in_tq1_else_with_a_resource_else_in_sch_11() -> None:
    sch = "SCH||B1^BOOK|||||||||^^^20260520080000"
    assert booked(sch).start.text == "20260520080000"
    assert booked(sch, "AIL|1||POLI|||20260520090000").start.text == "20260520090000"
    tq1 = "TQ1|1||||||20260520100000"
    assert booked(sch, tq1, "AIL|1||POLI|||20260520090000").start.text == "20260520100000"


def test_the_length_stands_with_the_booking_else_with_the_service() -> None:
    sch = "SCH||B1^BOOK|||||||{}|{}|^^^20260520080000"
    assert booked(sch.format("2", "h")).minutes == 120
    assert booked(sch.format("90", "s")).minutes == 1
    assert booked(sch.format("3", "fortnights"), "AIS|1||X||||20|min").minutes == 20
    assert booked(sch.format("", "")).minutes == 0


def test_service_and_reason_stand_in_where_no_resource_tells_them() -> None:
    found = booked("SCH||B1^BOOK||||E^Event||T^Type|||^^^20260520080000")
    assert (found.reason, found.service, found.place, found.who) == ("Event", "Type", "", "")


def test_a_booking_without_number_or_time_is_refused_or_not_shown() -> None:
    nameless = "\r".join([msh("SIU^S12", "20260516080000"), "SCH|1^", "SCH", pid()]).encode()
    assert read("\r".join([msh("SIU^S12", "20260516080000"), "SCH|", pid()]).encode()).fault
    assert chart(("adt", nameless)).appointments == ()


def test_a_filler_that_answers_under_its_own_number_speaks_of_the_same_booking() -> None:
    first = [msh("SIU^S12", "20260516080000"), "SCH|A1^H|B1^F|||||||||^^^20260520080000", pid()]
    later = [msh("SIU^S15", "20260516090000"), "SCH||B1^F", pid()]
    (found,) = chart(
        ("adt", "\r".join(later).encode()), ("adt", "\r".join(first).encode())
    ).appointments
    assert found.state == "cancelled"
