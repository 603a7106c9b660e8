from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.foresight.board import papers

from wardkeep.foresight.board.answers import answer
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.governance.funding import NUMBERS

SPELLING = Spelling("en", str, ZoneInfo("Europe/Brussels"))


@pytest.mark.parametrize("number", [each for each in NUMBERS if each])
def test_every_number_that_a_call_may_ask_for_has_an_answer(number: str) -> None:
    assert answer(papers.paper(), number, SPELLING) != "this paper has no number for it"


def test_costs_are_those_of_the_road_map_where_no_budget_was_named() -> None:
    house = papers.decided(road=[papers.planned(1), papers.planned(2)])
    found = papers.paper(house=house)
    assert answer(found, "euros-of-measures", SPELLING) == "3,000 euros (road map)"
    assert answer(found, "own-hours", SPELLING) == "20 h of own people (road map)"
    assert answer(papers.paper(), "own-hours", SPELLING) == "measures above, each"


def test_costs_are_those_of_the_best_set_where_there_is_one() -> None:
    found = papers.huge("Haus")
    assert answer(found, "own-hours", SPELLING) == "10 h of own people (best set)"
