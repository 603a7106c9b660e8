"""What is kept of a forecast for its page."""

from __future__ import annotations

from tests.foresight.board.papers import RANGE, WHOLE, drawn, forecast, stopped_in_time

from wardkeep.foresight.kept import About
from wardkeep.foresight.page.drawn import whole_forecast
from wardkeep.foresight.summary import Way
from wardkeep.foresight.way_words import Step
from wardkeep.hospital.map.fingerprint import item_marks

ABOUT = About(made="2026-11-29T13:00:00Z", map_as_of=None, fingerprint="0" * 64, version="1")


def test_each_way_in_keeps_what_it_takes_and_the_worst_is_named() -> None:
    step = Step("mail", "pc")
    forecasts = (forecast("mail to a", late=1.0), forecast(late=9.0, ways=(Way(0.4, (step,)),)))
    found = whole_forecast(WHOLE, drawn(forecasts), ABOUT)
    assert found.worst == "mail to pc"
    assert [each.way.place for each in found.ways] == ["a", "pc"]
    worst = found.ways[1]
    assert worst.taken is not None
    assert worst.taken.late is not None
    assert worst.taken.late.p50 == 9.0
    assert worst.hours_to_detonation == RANGE
    assert worst.services["service:0"].modes == {"closed": RANGE}
    assert (worst.paths[0].share.share, worst.paths[0].steps) == (0.4, (step,))
    assert worst.paths[0].share.low < 0.4 < worst.paths[0].share.high
    assert found.items == item_marks(WHOLE)
    assert len(found.bought) == 3
    assert found.best is None
    assert found.without is not None


def test_of_a_way_in_by_which_nothing_encrypts_nothing_is_made_up() -> None:
    found = whole_forecast(WHOLE, drawn((stopped_in_time(forecast()),)), ABOUT)
    (way,) = found.ways
    assert way.taken is None
    assert way.hours_to_detonation is None
    assert way.services == {}
    assert way.paths == ()
    assert way.way.encrypts.share == 0.0
    assert way.way.encrypts.high > 0.0
