from __future__ import annotations

from itertools import permutations

import pytest
from tests.chart.sending import chart, msh, orders, oru, pid

from wardkeep.chart.model import Appointment, PatientChart


def at(hour: int) -> str:
    return f"20260516{hour:02d}0000"


def request(
    control: str = "NW", hour: int = 6, spm: str = "", code: str = "K^Kalium^L"
) -> bytes:
    obr = ["OBR", "1", "P1^CPOE", "", code] + [""] * 21
    obr[24] = "CH"
    lines = [
        f"ORC|{control}|P1^CPOE|||||||{at(hour)}|||77^Lens^Paul",
        f"TQ1|1||||||{at(12)}||S^Stat", "|".join(obr),
    ]  # fmt: skip
    return orders("OML^O21", at(hour), *lines, *([spm] if spm else []))


SPM = "SPM|1|S1&CPOE^S1F&LAB||BLD^Blood^L" + "|" * 13 + at(6) + "|" + at(7)


def after(*bodies: bytes) -> PatientChart:
    return chart(*(("lab", body) for body in bodies))


def test_a_request_waits_until_its_final_result() -> None:
    (waiting,) = after(request()).pending_orders
    assert (waiting.order, waiting.section, waiting.requester, waiting.priority) == (
        "P1^CPOE", "CH", "Lens Paul", "S",
    )  # fmt: skip
    assert waiting.due is not None
    assert waiting.due.text == at(12)
    assert len(after(request(), oru("4.1", "P", at(8))).pending_orders) == 1
    for order in permutations([request(), oru("4.1", "F", at(8))]):
        assert after(*order).pending_orders == ()


@pytest.mark.parametrize("control", ["CA", "OC", "DC", "OD"])
def test_a_request_that_was_ended_waits_no_more(control: str) -> None:
    for order in permutations([request(), request(control, 7)]):
        assert after(*order).pending_orders == ()


def test_of_two_examinations_the_one_without_result_still_waits() -> None:
    other = request(code="NA^Natrium^L")
    (waiting,) = after(request(), other, oru("4.1", "F", at(8))).pending_orders
    assert waiting.coding.code == "NA"


def test_a_collected_specimen_waits_until_all_is_final() -> None:
    (specimen,) = after(request(spm=SPM)).pending_specimens
    assert (specimen.specimen, specimen.kind, specimen.order) == ("S1", "Blood", "P1^CPOE")
    assert specimen.collected is not None
    assert after(oru("4.1", "F", at(8)), request(spm=SPM)).pending_specimens == ()


def test_a_specimen_that_was_not_collected_does_not_wait_in_the_laboratory() -> None:
    assert after(request(spm="SPM|1|S1&CPOE||BLD^Blood^L")).pending_specimens == ()


def booking(trigger: str, hour: int, start: str = "20260520093000", status: str = "") -> bytes:
    sch = ["SCH", "A1^BOOK", "B1^BOOK"] + [""] * 24
    sch[7], sch[9], sch[10], sch[25] = "FU^Follow-up", "30", "MIN", status
    return "\r".join([
        msh(f"SIU^{trigger}", at(hour)), "|".join(sch),
        pid() + "|||||+32 61 11 22 33^PRN^CP", "RGS|1", f"AIS|1||CARD^Cardiology^L|{start}",
        "AIL|1||POLI^12", "AIP|1||77^Lens^Paul",
    ]).encode()  # fmt: skip


def visit(*bodies: bytes) -> Appointment:
    (found,) = after(*bodies).appointments
    return found


def test_a_booked_visit_has_time_service_place_and_telephone() -> None:
    found = visit(booking("S12", 8))
    assert (found.state, found.minutes, found.reason) == ("booked", 30, "Follow-up")
    assert (found.service, found.place, found.who) == ("Cardiology", "POLI 12", "Lens Paul")
    assert [phone.number for phone in found.telephones] == ["+32 61 11 22 33"]
    assert found.start.text == "20260520093000"


@pytest.mark.parametrize(
    ("trigger", "status", "state"),
    [("S15", "", "cancelled"), ("S26", "", "noshow"), ("S13", "", "booked"),
     ("S14", "Complete", "completed"), ("S14", "Arrived", "arrived"), ("S17", "", "cancelled")],
)  # fmt: skip
def test_where_a_booking_stands(trigger: str, status: str, state: str) -> None:
    for order in permutations([booking("S12", 8), booking(trigger, 9, status=status)]):
        assert visit(*order).state == state


def test_a_moved_visit_has_its_new_time_though_the_message_was_early() -> None:
    moved = booking("S13", 9, "20260522140000")
    assert visit(moved, booking("S12", 8)).start.text == "20260522140000"
