from __future__ import annotations

import msgspec
from tests.web.handmade import NOW, SITE, HandmadeCharts, moment, order, patient, said

from wardkeep.chart.model import Flag, FlagKind, OrderState, PatientChart, TimingForm
from wardkeep.chart.ports import WardSummary
from wardkeep.kernel.times import HOUR, MINUTE, SECOND
from wardkeep.web.board import Boards, risks_of
from wardkeep.web.due import DueBook


class CountedCharts(HandmadeCharts):
    """Charts that know how often a whole ward was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def ward(self, code: str) -> list[PatientChart]:
        self.read += 1
        return super().ward(code)


def ward(changed: int) -> WardSummary:
    return WardSummary(ward="4B", changed=changed)


def test_a_board_is_read_again_when_its_ward_changed_or_a_minute_passed() -> None:
    charts = CountedCharts()
    boards = Boards(charts, SITE, DueBook())
    for now, changed, reads in [
        (NOW, 1, 1),
        (NOW + SECOND, 1, 1),
        (NOW + SECOND, 2, 2),
        (NOW + 2 * MINUTE, 2, 3),
        (NOW - HOUR, 2, 4),
    ]:
        assert len(boards.board("4B", ward(changed), now).rows) == 40
        assert charts.read == reads


def test_a_ward_whose_changes_nobody_counts_is_never_kept() -> None:
    charts = CountedCharts()
    boards = Boards(charts, SITE, DueBook())
    boards.board("4B", None, NOW)
    boards.board("4B", None, NOW)
    assert charts.read == 2


def test_a_board_is_made_anew_the_moment_a_dose_falls_due() -> None:
    boards = Boards(HandmadeCharts(), SITE, DueBook())
    due = boards.board("4B", ward(1), NOW).rows[0].due.coming
    assert due is not None
    just_before = boards.board("4B", ward(1), due - SECOND)
    assert just_before.rows[0].due.coming == due
    after = boards.board("4B", ward(1), due + SECOND)
    assert after is not just_before


def test_the_board_has_the_high_risk_drugs_that_stand_on_the_ward_sheet_and_no_other() -> None:
    insulin = order("a", "insulin aspart", "6 IE", TimingForm.AS_NEEDED, "PRN")
    morphine = order("b", "morphine", "5 mg", TimingForm.CONTINUOUS, "CONT")
    held = msgspec.structs.replace(
        order("c", "enoxaparin", "40 mg", TimingForm.CODE, "QD"), state=said(OrderState.HELD)
    )
    weekly = order("d", "methotrexate", "10 mg", TimingForm.CODE, "QW")
    stopped = msgspec.structs.replace(weekly, state=said(OrderState.STOPPED))
    earlier = msgspec.structs.replace(weekly, flags=(Flag(FlagKind.EARLIER_STAY),))
    until = msgspec.structs.replace(weekly.timing.value, stop=moment(NOW - HOUR))
    over = msgspec.structs.replace(weekly, timing=said(until))
    chart = msgspec.structs.replace(
        patient(4, "4B"), orders=(insulin, morphine, held, stopped, earlier, over)
    )
    assert risks_of(chart, SITE.rules, NOW) == ("INSULIN", "OPIOID", "ANTICOAGULANT")
    # Before its end it stood.
    assert "METHOTREXATE" in risks_of(chart, SITE.rules, NOW - 2 * HOUR)
