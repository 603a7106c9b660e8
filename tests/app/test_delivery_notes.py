from __future__ import annotations

import msgspec

from wardkeep.app.delivery_notes import Openings, Outcomes
from wardkeep.app.errors import NotRunningError
from wardkeep.pack.delivery_asks import fold
from wardkeep.pack.events import (
    DeliveryEvent,
    PackDeliveryAsked,
    PackDeliveryOrdered,
    PackOpeningSaid,
    PacksDelivered,
)

ASKED = PackDeliveryAsked(target="share", at=5, by="ines")
BEGUN = PackDeliveryOrdered(target="share", at=6, by="ines", counter=2, wards=("4B",))
DONE = PacksDelivered(target="share", at=7, counter=2, wards=1, bytes=9)


class Writer:
    """A writer that may be restarting just now."""

    def __init__(self) -> None:
        self.ledger: list[DeliveryEvent | PackOpeningSaid] = [ASKED]
        self.log: list[str] = []
        self.takes = 0

    def record(self, event: DeliveryEvent | PackOpeningSaid) -> None:
        if not self.takes:
            raise NotRunningError("the writer restarts")
        self.takes -= 1
        self.ledger.append(event)

    def asked(self) -> list[DeliveryEvent]:
        return [each for each in self.ledger if not isinstance(each, PackOpeningSaid)]


def test_an_outcome_that_no_writer_took_is_recorded_once_it_is_back_and_closes_its_ask() -> (
    None
):
    writer = Writer()
    notes = Outcomes(writer.record, writer.log.append)
    writer.takes = 1
    notes(BEGUN)
    notes(DONE)
    assert fold(writer.asked())["share"].is_open
    notes.catch_up()
    assert writer.ledger == [ASKED, BEGUN]
    writer.takes = 9
    notes.catch_up()
    notes.catch_up()
    assert writer.ledger == [ASKED, BEGUN, DONE]
    assert fold(writer.asked())["share"].outcome == DONE


def test_what_waits_is_recorded_before_what_comes_later() -> None:
    writer = Writer()
    notes = Outcomes(writer.record, writer.log.append)
    notes(BEGUN)
    writer.takes = 2
    notes(DONE)
    assert writer.ledger == [ASKED, BEGUN, DONE]


def test_outcomes_that_are_too_many_to_keep_are_told_when_the_first_goes_and_counted() -> None:
    writer = Writer()
    notes = Outcomes(writer.record, writer.log.append)
    for at in range(1_003):
        notes(msgspec.structs.replace(DONE, at=at))
    assert notes.why == "the writer restarts"
    [told] = writer.log
    assert "lost: the writer restarts" in told
    writer.takes = 2_000
    notes.catch_up()
    assert writer.log[1] == "3 outcomes of deliveries were never recorded"
    assert [each.at for each in writer.ledger[1:]] == [*range(3, 1_003)]
    assert notes.why == ""
    notes.catch_up()
    assert len(writer.log) == 2


def opening(ward: str, generation: int) -> PackOpeningSaid:
    return PackOpeningSaid(
        ward=ward, generation=generation, target="share", at=9, opened=8, by="os:kit"
    )


def test_who_lays_notes_of_openings_at_a_target_fills_no_queue_and_the_newest_stays() -> None:
    writer = Writer()
    openings = Openings(writer.record)
    for generation in range(1, 5_000):
        openings(opening("4B", generation))
    openings(opening("ICU", 1))
    writer.takes = 1
    openings.catch_up()
    assert writer.ledger == [ASKED, opening("4B", 4_999)]
    writer.takes = 9
    openings.catch_up()
    openings.catch_up()
    assert writer.ledger == [ASKED, opening("4B", 4_999), opening("ICU", 1)]
