"""What stands on a board paper, before it is words."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.board import papers

from wardkeep.foresight.board.paper import BoardPaper, Cost, Mean, Share
from wardkeep.foresight.events import MeasurePlanned, ProgressTold
from wardkeep.foresight.figures import Range
from wardkeep.hospital.map.machines import BackupCopy
from wardkeep.hospital.map.outside import RemoteAccess
from wardkeep.hospital.map.whole import HospitalMap

_MAY_HOLD_NUMBERS = (Range, Share, Mean, Cost)
_WRITTEN_DOWN = {"budget", "own_hours"}
"""What somebody named, no estimate."""


def lonely_numbers(value: object, place: str = "") -> Iterator[str]:
    if isinstance(value, _MAY_HOLD_NUMBERS):
        return
    if isinstance(value, float):
        if place.rpartition(".")[2] not in _WRITTEN_DOWN:
            yield place
    elif isinstance(value, msgspec.Struct):
        for field in msgspec.structs.fields(value):
            yield from lonely_numbers(getattr(value, field.name), f"{place}.{field.name}")
    elif isinstance(value, tuple):
        for each in value:
            yield from lonely_numbers(each, place)


def test_no_estimate_stands_without_its_range() -> None:
    assert list(lonely_numbers(papers.huge("Haus"))) == []


@given(st.floats(0.0, 1.0), st.floats(0.0, 1e6), st.floats(0.0, 1.0))
def test_every_range_holds_its_middle(share: float, late: float, worse: float) -> None:
    each = papers.measure(1)
    made = papers.drawn(
        [papers.forecast(detonates=max(share, 0.001), late=late)],
        [each],
        [papers.effect(each, late, worse=worse)],
    )
    found = papers.paper(made)
    ways, bought = found.taken.ways, found.bought
    for one in (*(w.encrypts for w in ways), *(b.worse for b in bought)):
        assert 0.0 <= one.low <= one.share <= one.high <= 1.0
    assert bought[0].late is not None
    for mean in (bought[0].late, bought[0].euros):
        assert mean.low <= mean.mean <= mean.high


def test_the_worst_way_in_is_told_and_all_are_compared() -> None:
    ways = [papers.forecast("mail to a", late=10.0), papers.forecast("access:fern", late=90.0)]
    found = papers.paper(papers.drawn(ways)).taken
    assert found.entry == "access:fern"
    assert [(each.sort, each.place) for each in found.ways] == [
        ("mail", "a"),
        ("access", "Laborfirma"),
    ]
    assert found.struck == 200


def test_without_a_price_for_an_hour_measures_come_by_what_they_surely_avoid() -> None:
    found = papers.paper().bought
    assert [each.measure for each in found] == ["m2", "m1", "m3"]
    assert [each.verdict for each in found] == ["helps", "helps", "unsure"]
    assert found[0].cost == Cost(2_000.0, 10.0)


def test_the_best_set_comes_first_then_what_avoids_an_hour_for_the_fewest_euros() -> None:
    names = [papers.measure(number) for number in range(1, 5)]
    prices = (9.0, 3.0, None, 50.0)
    effects = [
        papers.effect(each, 40.0, euros_a_patient_hour=price)
        for each, price in zip(names, prices, strict=True)
    ]
    best = papers.best_of(effects, "m4")
    found = papers.paper(papers.drawn(measures=names, effects=effects, portfolio=best)).bought
    assert [each.measure for each in found] == ["m4", "m2", "m1", "m3"]
    assert [each.in_best for each in found] == [True, False, False, False]


@pytest.mark.parametrize(
    ("late", "changed", "verdict"),
    [(40.0, 1, "helps"), (1.0, 1, "unsure"), (0.0, 0, "nothing changed"), (-40.0, 1, "harms")],
)
def test_a_measure_helps_changes_nothing_harms_or_nobody_knows(
    late: float, changed: int, verdict: str
) -> None:
    effects = [papers.effect(papers.MEASURES[0], late, changed=changed)]
    found = papers.paper(papers.drawn(effects=effects)).bought
    assert [each.verdict for each in found] == [verdict]


def test_what_an_attack_costs_without_any_measure_is_none_where_no_patients_are_counted() -> (
    None
):
    found = papers.paper().without
    assert found is not None
    assert found.late == Mean(60.0, 50.0, 70.0)
    assert found.encrypts.share == 0.19
    uncounted = msgspec.structs.replace(papers.BURDEN, counted=False)
    found = papers.paper(papers.drawn(without=uncounted)).without
    assert found is not None
    assert (found.late, found.patient_hours) == (None, None)
    assert papers.paper(papers.drawn(without=None)).without is None


def test_what_is_named_and_not_on_the_map_and_what_a_newer_release_decided_is_unknown() -> None:
    house = papers.decided()._replace(unread=("MeasurePaid.v1",))
    backup = BackupCopy(id="band", of=("server:weg",), proved="2026-11-01")
    whole = HospitalMap({"backup:band": backup})
    told = {each.what: each.named for each in papers.paper(house=house, whole=whole).unknown}
    assert told["not-on-the-map"] == ("weg",)
    assert told["newer"] == ("MeasurePaid.v1",)
    assert "newer" not in {each.what for each in papers.paper().unknown}


def test_the_three_boxes_hold_guesses_acceptances_and_what_nobody_knows() -> None:
    old = papers.accepted(5, review="2026-10-31")
    found = papers.paper(house=papers.decided([papers.accepted(), old]))
    assert found.guesses == ("notice", "something new")
    assert [(each.item, each.overdue) for each in found.accepted] == [
        ("server:5", True),
        ("server:0", False),
    ]
    assert found.accepted[1].name == "Laborserver"
    told = {each.what: each.named for each in found.unknown}
    assert list(told)[:3] == ["likelihood", "harm", "data"]
    assert told["volume"] == ("Küche",)
    assert told["second-factor"] == ("fern",)
    assert told["notice"] == ("labor",)
    assert told["shared-passwords"] == ("Anderer",)


def test_the_road_map_tells_who_said_what_and_what_is_overdue() -> None:
    said = ProgressTold(at=papers.AT, by="os:an", measure="m1", percent=40, said_by="B. Wolff")
    road: list[MeasurePlanned | ProgressTold] = [
        papers.planned(1, "2026-Q3"),
        papers.planned(9),
        said,
    ]
    late, unknown = papers.paper(house=papers.decided(road=road)).roadmap
    assert (late.overdue, late.progress, late.by, late.told) == (
        True,
        40,
        "B. Wolff",
        "2026-11-18",
    )
    assert late.cost == Cost(1_000.0, 10.0)
    assert (unknown.cost, unknown.name, unknown.told) == (None, "", "")


def test_calls_stand_as_they_are_on_the_day_of_the_paper() -> None:
    found = papers.paper().calls
    assert [(each.call, each.state) for each in found] == [
        ("Neu", "NOT KNOWN"),
        ("Alt", "closed"),
    ]


def test_a_program_reads_back_what_was_written() -> None:
    found = papers.paper(before=papers.BEFORE)
    assert msgspec.json.decode(msgspec.json.encode(found), type=BoardPaper) == found


def test_without_an_attack_that_encrypts_there_is_no_paper() -> None:
    from wardkeep.foresight.errors import NothingEncryptsError

    with pytest.raises(NothingEncryptsError, match="none of the 400 attacks"):
        papers.paper(papers.drawn([papers.forecast(detonates=0.0)]))


def test_lines_of_files_that_were_not_taken_are_counted_among_what_nobody_knows() -> None:
    whole = HospitalMap(papers.WHOLE.items, refused=3)
    told = {each.what: each.count for each in papers.paper(whole=whole).unknown}
    assert told["refused"] == 3
    assert "refused" not in {each.what for each in papers.paper().unknown}


def test_an_access_that_leads_nowhere_is_among_what_nobody_knows() -> None:
    whole = HospitalMap(
        {"access:fern": RemoteAccess(id="fern", supplier="labor", second_factor=True)}
    )
    told = {each.what: each.named for each in papers.paper(whole=whole).unknown}
    assert told["leads-nowhere"] == ("fern",)


def test_a_measure_by_which_no_attack_drawn_ends_otherwise_is_not_called_unsure() -> None:
    exact = dict.fromkeys(("patients_error", "patient_hours_error", "euros_error"), 0.0)
    effects = [papers.effect(papers.MEASURES[0], 0.0, changed=3, **exact)]
    found = papers.paper(papers.drawn(effects=effects)).bought
    assert [each.verdict for each in found] == ["no difference"]
