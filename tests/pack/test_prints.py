from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintEvent,
    PrintGivenUp,
    PrintOrdered,
    PrintStuck,
    decode,
    encode,
)
from wardkeep.pack.prints import PrintState, evolve, fold, standing, worst


def ordered(number: str = "A", ward: str = "4B", part: str = "whole") -> PrintOrdered:
    return PrintOrdered(order=number, ward=ward, printer="p", at=1, by="maes", part=part)


def begun(number: str = "A") -> PrintBegun:
    return PrintBegun(order=number, at=2, generation=3, digest="d", pages=4)


def accepted(number: str = "A", at: int = 3) -> PrintAccepted:
    return PrintAccepted(order=number, at=at, job=9)


def stuck(number: str = "A", why: str = "stalled") -> PrintStuck:
    return PrintStuck(order=number, at=4, why=why, sheets=2)


def printed(number: str = "A") -> PackPrinted:
    return PackPrinted(order=number, at=5, sheets=4)


def state(*events: PrintEvent) -> PrintState:
    return fold(events)["A"].state


def test_an_order_goes_from_ordered_over_printing_to_printed() -> None:
    assert state(ordered()) is PrintState.ORDERED
    assert state(ordered(), begun()) is PrintState.PRINTING
    assert state(ordered(), begun(), accepted()) is PrintState.PRINTING
    assert state(ordered(), begun(), accepted(), printed()) is PrintState.PRINTED


def test_a_job_that_was_stuck_may_still_come_out() -> None:
    events = [ordered(), begun(), accepted(), stuck()]
    assert state(*events) is PrintState.STUCK
    assert state(*events, accepted(at=6)) is PrintState.PRINTING
    assert state(*events, printed()) is PrintState.PRINTED


def test_what_is_printed_or_given_up_stays_so() -> None:
    over = [ordered(), begun(), accepted(), printed()]
    assert state(*over, stuck()) is PrintState.PRINTED
    given_up = PrintGivenUp(order="A", at=6, by="maes")
    assert state(ordered(), given_up, begun(), printed()) is PrintState.GIVEN_UP


def test_a_new_order_takes_the_place_of_what_came_to_its_end_and_of_nothing_open() -> None:
    first = [ordered(), begun(), accepted()]
    assert set(fold([*first, ordered("B")])) == {"A", "B"}
    assert set(fold([*first, printed(), ordered("B")])) == {"B"}
    assert set(fold([*first, printed(), ordered("B", part="sheet")])) == {"A", "B"}


def test_each_ward_stands_as_its_newest_order_does() -> None:
    prints = fold([ordered(), ordered("B"), ordered("C", ward="5A"), stuck("B")])
    found = {w: [p.ordered.order for p in mine] for w, mine in standing(prints).items()}
    assert found == {"4B": ["B"], "5A": ["C"]}
    assert worst(standing(prints)["4B"]).state is PrintState.STUCK


def test_a_ward_of_a_run_is_printed_only_where_every_part_is() -> None:
    run = [
        PrintOrdered(order=part, ward="4B", printer="p", at=1, by="maes", part=part, run="R")
        for part in ("sheet", "records")
    ]
    half = fold([*run, begun("sheet"), accepted("sheet"), printed("sheet")])
    assert len(standing(half)["4B"]) == 2
    assert worst(standing(half)["4B"]).state is PrintState.ORDERED
    whole = fold([begun("records"), accepted("records"), printed("records")], half)
    assert worst(standing(whole)["4B"]).state is PrintState.PRINTED


EVENTS = st.lists(
    st.sampled_from(["A", "B"]).flatmap(
        lambda n: st.sampled_from(
            [
                ordered(n),
                begun(n),
                accepted(n),
                stuck(n),
                printed(n),
                PrintGivenUp(order=n, at=6, by="maes"),
            ]
        )
    ),
    max_size=20,
)


@given(EVENTS)
def test_folding_again_gives_the_same_and_never_takes_back_an_end(
    events: list[PrintEvent],
) -> None:
    assert fold(events) == fold(events)
    ended: dict[str, PrintState] = {}
    prints = fold([])
    for event in events:
        prints = evolve(prints, event)
        if isinstance(event, PrintOrdered):
            ended.pop(event.order, None)
        for number, each in prints.items():
            if not each.is_open:
                assert ended.setdefault(number, each.state) is each.state


@given(EVENTS)
def test_every_event_reads_back_from_the_ledger_as_it_was(events: list[PrintEvent]) -> None:
    assert [decode(*encode(event)) for event in events] == events
