"""The words of a forecast on the terminal."""

from __future__ import annotations

from tests.foresight.board.papers import forecast, stopped_in_time

from wardkeep.app.foreseeing import Foreseen
from wardkeep.cli.foresee_words import lines, three
from wardkeep.foresight.summary import Forecast


def told(*forecasts: Forecast) -> str:
    found = Foreseen(
        map_as_of=None,
        fingerprint="",
        complete=True,
        forecasts=forecasts,
        without=None,
        effects=(),
        portfolio=None,
        guesses=("notice",),
    )
    return "\n".join(lines(found))


def test_a_way_in_by_which_no_attack_encrypts_ends_with_how_often_and_tells_no_servers() -> (
    None
):
    said = told(stopped_in_time(forecast("access:fern")), forecast("mail to pc"))
    stopped, struck = said.split("WAY IN: mail to pc")
    assert "it encrypts in 0% (0 to 1) of them" in stopped
    assert "servers lost" not in stopped
    assert "days until" not in stopped
    assert "servers lost:             1 / 20 / 300" in struck


def test_what_is_not_known_is_said_in_words() -> None:
    assert three(None) == "NOT RECORDED"
    assert "NOT RECORDED how many of the attacks" in told(forecast())
