from __future__ import annotations

from wardkeep.app.delivering import Notes
from wardkeep.app.errors import NotRunningError
from wardkeep.pack.delivery_asks import fold
from wardkeep.pack.events import (
    DeliveryEvent,
    PackDeliveryAsked,
    PackDeliveryOrdered,
    PacksDelivered,
)

ASKED = PackDeliveryAsked(target="share", at=5, by="ines")
BEGUN = PackDeliveryOrdered(target="share", at=6, by="ines", counter=2, wards=("4B",))
DONE = PacksDelivered(target="share", at=7, counter=2, wards=1, bytes=9)


class Writer:
    """A writer that may be restarting just now."""

    def __init__(self) -> None:
        self.ledger: list[DeliveryEvent] = [ASKED]
        self.takes = 0

    def record(self, event: DeliveryEvent) -> None:
        if not self.takes:
            raise NotRunningError("the writer restarts")
        self.takes -= 1
        self.ledger.append(event)


def test_an_outcome_that_no_writer_took_is_recorded_once_it_is_back_and_closes_its_ask() -> (
    None
):
    writer = Writer()
    notes = Notes(writer.record)
    writer.takes = 1
    notes(BEGUN)
    notes(DONE)
    assert fold(writer.ledger)["share"].is_open
    notes.catch_up()
    assert writer.ledger == [ASKED, BEGUN]
    writer.takes = 9
    notes.catch_up()
    notes.catch_up()
    assert writer.ledger == [ASKED, BEGUN, DONE]
    assert fold(writer.ledger)["share"].outcome == DONE


def test_what_waits_is_recorded_before_what_comes_later() -> None:
    writer = Writer()
    notes = Notes(writer.record)
    notes(BEGUN)
    writer.takes = 2
    notes(DONE)
    assert writer.ledger == [ASKED, BEGUN, DONE]
