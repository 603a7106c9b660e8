from __future__ import annotations

import msgspec
from tests.web.handmade import NOW, SITE, HandmadeCharts, moment, patient

from wardkeep.chart.model import PatientChart
from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND
from wardkeep.web.board import Boards
from wardkeep.web.due import DueBook, dues_of


class CountedCharts(HandmadeCharts):
    """Charts that know how often a whole ward was read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def ward(self, code: str) -> list[PatientChart]:
        self.read += 1
        return super().ward(code)


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
        assert len(boards.board("4B", changed, now).rows) == 40
        assert charts.read == reads


def test_a_ward_whose_changes_nobody_counts_is_never_kept() -> None:
    charts = CountedCharts()
    boards = Boards(charts, SITE, DueBook())
    boards.board("4B", None, NOW)
    boards.board("4B", None, NOW)
    assert charts.read == 2


def test_a_board_is_made_anew_the_moment_a_dose_falls_due() -> None:
    boards = Boards(HandmadeCharts(), SITE, DueBook())
    due = boards.board("4B", 1, NOW).rows[0].dues[0].at
    just_before = boards.board("4B", 1, due - SECOND)
    assert just_before.rows[0].dues[0].at == due
    after = boards.board("4B", 1, due + SECOND)
    assert after is not just_before


def test_dues_kept_are_those_that_would_be_computed() -> None:
    book = DueBook()
    one = patient(3, "4B")
    other = msgspec.structs.replace(one, orders=one.orders[:1])
    for chart in (one, one, other, one):
        for now in (NOW, NOW + MINUTE, NOW + 3 * HOUR, NOW - HOUR):
            kept = book.dues_of(chart, SITE.rules, None, now)
            assert kept == dues_of(chart, SITE.rules, None, now)


def test_a_ward_that_wants_no_computed_times_gets_none() -> None:
    ward = msgspec.structs.replace(SITE.wards[0], next_due=False)
    assert dues_of(patient(3, "4B"), SITE.rules, ward, NOW) == ()


def test_where_doses_are_not_fed_no_dose_is_told_as_not_charted() -> None:
    whole = patient(3, "4B")
    orders = [msgspec.structs.replace(o, entered=moment(NOW - 2 * DAY)) for o in whole.orders]
    chart = msgspec.structs.replace(whole, doses=(), orders=tuple(orders))
    book = DueBook()
    known = book.dues_of(chart, SITE.rules, None, NOW, fed=True)
    assert any(due.at <= NOW for due in known)
    unknown = book.dues_of(chart, SITE.rules, None, NOW, fed=False)
    assert unknown
    assert all(due.at > NOW for due in unknown)
