"""The two pages in words."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.foresight.board import papers

from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board.form import board_form
from wardkeep.foresight.board.paper import BoardPaper
from wardkeep.foresight.board.room import ROOMS
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.events import ProgressTold
from wardkeep.foresight.portfolio import Portfolio
from wardkeep.paper.board_form import BoardForm


def words(paper: BoardPaper, language: str = "en", room: int = 0) -> str:
    form = board_form(paper, language, translator(language), (ROOMS[room],) * 2)
    return msgspec.json.encode(form).decode().replace("\N{NO-BREAK SPACE}", " ")


def form(paper: BoardPaper) -> BoardForm:
    return board_form(paper, "en", translator("en"), (ROOMS[0],) * 2)


def test_the_first_page_begins_with_patients_and_the_laboratory() -> None:
    told = words(papers.paper())
    assert (
        "Patients treated more than 24 h late, or not here: at least 10 to 40 (middle 20)."
        in told
    )
    assert "The laboratory is back in full on day 2 to 120 or more (middle 5)." in told


def test_what_the_sum_does_not_hold_and_too_few_attacks_are_told_on_top() -> None:
    told = words(papers.paper())
    assert "Not counted: 1 services whose patients a day are NOT RECORDED." in told
    assert "So few make the ends" not in told
    few = papers.drawn([papers.forecast(detonates=0.02, no_volume=())])
    told = words(papers.paper(few))
    assert "Of 8 attacks drawn that encrypt" in told
    assert "So few make the ends of the ranges unsure: more should be drawn." in told
    assert "Not counted" not in told


def test_a_map_without_a_laboratory_says_so() -> None:
    made = papers.drawn([papers.forecast(services=(papers.service(1, "Küche", ""),))])
    assert "Which service is the laboratory is NOT RECORDED" in words(papers.paper(made))


def test_what_waits_for_the_laboratory_is_marked_and_an_unknown_volume_is_told() -> None:
    told = words(papers.paper())
    assert "1 to 300 (middle 20) *" in told
    assert "NOT RECORDED" in told


def test_every_measure_tells_euros_hours_and_whom_it_makes_worse() -> None:
    told = words(papers.paper())
    assert '["Zweiter Faktor","2,000","10","40 (35 to 45)","5.0 % (3.3 to 7' in told
    assert (
        "In some attacks patients wait longer with: Zweiter Faktor 5.0 % (3.3 to 7.6)." in told
    )
    assert "1 (−4 to 6) (unsure)" in told


@pytest.mark.parametrize("paid", [True, False])
def test_the_best_set_is_told_or_that_there_is_none(paid: bool) -> None:
    found = Portfolio(
        budget=5_000.0,
        own_hours=None,
        measures=("m2",) if paid else (),
        cost=2_000.0,
        hours=10.0,
        expected=1.0,
        effect=papers.EFFECTS[1] if paid else None,
        without=papers.BURDEN if paid else None,
        looked_at=(),
        pairs=0,
        sets=1,
    )
    told = words(papers.paper(papers.drawn(portfolio=found)))
    says = (
        "Best set for 5,000 euros: Zweiter Faktor. It costs 2,000 euros and 10 h of own people,"
        " avoids at least 40 (35 to 45) of the 60 ("
        if paid
        else "For 5,000 euros no measure that surely helps can be paid."
    )
    assert says in told


def test_without_measures_plans_risks_calls_and_neighbours_the_paper_says_what_is_missing() -> (
    None
):
    made = papers.drawn([papers.forecast(neighbours=())], (), ())
    told = words(papers.paper(made, papers.decided(calls=())))
    for says in (
        "No measure was compared",
        "No budget was named",
        "Nothing is planned",
        "Nobody accepted a risk of the map",
        "No funding call stands in the list",
        "No forecast over another map is kept here",
        "No neighbour stands on the map",
    ):
        assert says in told, says


def test_what_is_overdue_done_or_not_told_is_said_in_words() -> None:
    done = ProgressTold(at=papers.AT, by="os:an", measure="m2", percent=100, said_by="Wolff")
    half = ProgressTold(at=papers.AT, by="os:an", measure="m3", percent=50, said_by="Wolff")
    road = [papers.planned(1, "2026-Q3"), papers.planned(2, "2026-Q3"), papers.planned(3)]
    house = papers.decided(
        [papers.accepted(review="2026-10-31"), papers.accepted(7, check="", reason="x")],
        [*road, done, half],
    )
    told = words(papers.paper(house=house))
    assert "OVERDUE: progress NOT RECORDED" in told
    assert "DONE, 18 Nov 2026, Wolff" in told
    assert "50 %, 18 Nov 2026, Wolff" in told
    assert "REVIEW OVERDUE: no backup, Laborserver: Dr. A. Lambert, until 31 Oct 2026." in told
    assert "server:7: Dr. A. Lambert, until 31 May 2027. x" in told


def test_the_last_forecast_over_another_map_stands_beside_this_one() -> None:
    told = words(papers.paper(before=papers.BEFORE))
    assert "On 01 Oct 2026: patients treated late 1 to 300 (middle 20)" in told
    assert "Now: at least 10 to 40 (middle 20) (1 services are not counted)" in told
    assert "It was drawn by" not in told
    older = msgspec.structs.replace(papers.BEFORE, version="0.2.0")
    assert "It was drawn by Wardkeep 0.2.0: not all" in words(papers.paper(before=older))


def test_a_call_has_the_papers_answers_or_says_that_it_has_none() -> None:
    told = words(papers.paper())
    assert (
        "Bedarf: patients treated late: at least 10 to 40 (middle 20) (1 services are not"
        " counted); Ethik: this paper has no number" in told
    )
    assert "CLOSED since 07 Oct 2025" in told
    assert "days NOT KNOWN; pays at most: NOT KNOWN; looked up on 29 Nov 2026" in told


@pytest.mark.parametrize("language", ["fr", "nl", "de", "en"])
def test_both_pages_say_of_what_and_when_they_were_made(language: str) -> None:
    made = board_form(papers.paper(), language, translator(language), (ROOMS[0],) * 2)
    foot = " ".join(made.foot)
    for part in ("2026 11:00 CET", "2026 14:00 CET", "400", "7", "0123456789abcdef", "0.3.0"):
        assert part in foot, part


def test_lists_that_have_no_room_say_how_many_are_missing() -> None:
    told = words(papers.huge("Krankenhausverwaltungsgesellschaft"), room=len(ROOMS) - 1)
    assert told.count("more that have no room here.") >= 7
    assert "And 57 more" in told
    assert "`" not in told


def test_a_guess_that_has_no_words_yet_is_told_by_its_name() -> None:
    assert "something new" in words(papers.paper())
    assert "how soon somebody notices, decides and cuts (1)" in words(papers.paper())


def test_patients_that_nobody_counts_are_told_as_not_recorded_never_as_none() -> None:
    uncounted = papers.forecast(late=0.0, **dict.fromkeys(("patient_hours", "elsewhere")))
    uncounted = msgspec.structs.replace(uncounted, late=None, patients=None)
    effects = [papers.effect(papers.MEASURES[0], 0.0, counted=False)]
    burden = msgspec.structs.replace(papers.BURDEN, counted=False)
    best = msgspec.structs.replace(papers.best_of(effects, "m1"), without=burden)
    told = words(
        papers.paper(papers.drawn([uncounted], effects=effects, portfolio=best, without=burden))
    )
    assert "How many patients are treated late is NOT RECORDED" in told
    assert "how many patients it delays is NOT RECORDED" in told
    assert "Bedarf: patients treated late: NOT RECORDED" in told
    assert "avoids NOT RECORDED of the NOT KNOWN late treatments" in told
    assert "0 to 0 (middle 0)" not in told.replace("10 to", "")


def test_page_two_says_first_what_an_attack_costs_as_things_are() -> None:
    told = words(papers.paper())
    assert (
        "Without any measure an attack that is tried delays at least 60 (50 to 70) patients and"
        " costs 3,000 (2,600 to 3,400) euros, in the mean of 1,200 attacks tried, of which"
        " 19 % (15 to 23) encrypt." in told
    )
    told = words(papers.paper(papers.drawn(without=None)))
    assert "What an attack costs without any measure: NOT KNOWN." in told


def test_page_one_says_how_late_is_counted() -> None:
    told = words(papers.paper())
    assert "Treated late: due and not treated while the service did not work in full" in told


def test_a_measure_that_changes_nothing_or_harms_is_told_as_that() -> None:
    effects = [
        papers.effect(papers.MEASURES[0], 0.0, changed=0),
        papers.effect(papers.MEASURES[1], -40.0),
    ]
    told = words(papers.paper(papers.drawn(effects=effects)))
    assert "nothing of this map is changed" in told
    assert "−40 (−45 to −35) WORSE" in told
    assert "WORSE: patients surely wait longer with Zweiter Faktor." in told


def test_no_measure_of_the_best_set_is_left_out_however_little_room_there_is() -> None:
    paper = papers.huge("Haus")
    assert paper.best is not None
    told = words(paper, room=len(ROOMS) - 1)
    for name in paper.best.names:
        assert f'["{name}"' in told, name


def test_a_service_called_as_what_it_is_is_named_once() -> None:
    made = papers.drawn([papers.forecast(services=(papers.service(0, "LABORATORY"),))])
    told = words(papers.paper(made))
    assert "LABORATORY" not in told
    assert '"Laboratory"' in told


def test_a_name_that_is_cut_says_so() -> None:
    name = "Whoever is on duty may cut the network without asking anybody else at all"
    told = Spelling("en", str, ZoneInfo("UTC")).name
    for longest in range(20, len(name)):
        assert told(name, longest).endswith("…")
    assert told(name, len(name)) == name
