"""The tables of the forecast's page: every cell is words, none is a point alone."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from tests.foresight.board.papers import RANGE, WHOLE, drawn, forecast, service, stopped_in_time
from tests.foresight.page.test_drawn import ABOUT

from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.figures import Range
from wardkeep.foresight.page.drawn import whole_forecast
from wardkeep.foresight.page.tables import (
    care,
    curve_table,
    foot,
    not_held,
    paths,
    rows_on_paper,
    ways,
)
from wardkeep.foresight.page.whole import WholeForecast
from wardkeep.foresight.summary import Forecast, ServiceForecast
from wardkeep.paper.board_form import Column, TableBlock
from wardkeep.paper.words import LANGUAGES

ENGLISH = Spelling("en", str, ZoneInfo("Europe/Luxembourg"))


def of(*forecasts: Forecast) -> WholeForecast:
    return whole_forecast(WHOLE, drawn(forecasts or (forecast(),)), ABOUT)


def row_of(each: ServiceForecast) -> list[str]:
    (way,) = of(forecast(services=(each,))).ways
    assert way.taken is not None
    return [cell.replace("\xa0", " ") for cell in care(way, way.taken, ENGLISH).rows[0]]


def changed(each: ServiceForecast, **fields: object) -> ServiceForecast:
    from msgspec.structs import replace

    return replace(each, **fields)


def test_hours_in_each_mode_stand_below_the_day_in_the_order_of_how_bad_they_are() -> None:
    modes = {"closed": RANGE, "degraded": Range(10.0, 99.0, 2_880.0)}
    row = row_of(changed(service(0), hours=modes))
    assert row[2].splitlines() == [
        "2 to 120 or more (middle 5)",
        "DEGRADED 10 to 2,880 or more (middle 99)",
        "CLOSED 1 to 300 (middle 20)",
    ]


def test_a_service_that_is_never_away_names_no_mode() -> None:
    nought = Range(0.0, 0.0, 0.0)
    assert row_of(changed(service(0), hours={}, full_again=nought))[2] == "0 to 0 (middle 0)"


def test_what_the_map_does_not_tell_of_a_service_is_not_recorded() -> None:
    untold = changed(service(0), late=None, patient_hours=None, euros=None)
    assert row_of(untold)[3:] == ["NOT RECORDED"] * 3


def test_a_way_in_by_which_nothing_encrypts_is_told_without_noughts() -> None:
    (row,) = ways(of(stopped_in_time(forecast())), ENGLISH).rows
    assert row[3:] == ("NOT KNOWN: none encrypts",) * 2
    assert "to" in row[1]


def test_paths_are_told_in_order_and_none_is_said() -> None:
    (way,) = of().ways
    assert paths(way, ENGLISH).lines[0].startswith("NOT KNOWN")


def test_what_the_numbers_do_not_hold_is_named_up_to_six_and_counted() -> None:
    named = tuple(service(each, f"S{each}", "") for each in range(9))
    found = forecast(services=named, no_volume=tuple(each.service for each in named))
    (way,) = of(found).ways
    assert way.taken is not None
    told = not_held(way.taken, ENGLISH).lines
    assert told[0].endswith("NOT RECORDED (9): S0, S1, S2, S3, S4, S5, +3.")
    assert len(told) == 4


def test_the_curve_as_a_table_has_a_range_on_each_day() -> None:
    (way,) = of().ways
    assert way.taken is not None
    assert curve_table(way.taken, ENGLISH).rows == (
        ("1", "0 %", "0 %", "50 %"),
        ("7", "10 %", "60 %", "100 %"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_tells_how_it_can_be_drawn_again(language: str) -> None:
    spelling = Spelling(language, translator(language), ZoneInfo("Europe/Luxembourg"))
    made, told, _promise = foot(of(), spelling)
    assert translator(language)("NOT RECORDED") in made
    assert "7" in made
    assert "0" * 16 in told
    assert "{" not in made + told


def test_on_paper_as_many_rows_stand_as_lines_hold_and_one_always() -> None:
    rows = (("short", "1 to 2"), ("a name that is long", "1\n2"), ("short", "1\n2\n3"))
    block = TableBlock(title="", columns=(Column("", "left", 0),) * 2, rows=rows)
    assert [rows_on_paper(block, lines, 10) for lines in (0, 1, 3, 4, 8, 9)] == [
        *(1, 1, 1, 2),
        *(2, 3),
    ]
