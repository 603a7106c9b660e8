from __future__ import annotations

import pytest

from wardkeep.ledger.loss import (
    UNSEEN,
    Loss,
    LossAccepted,
    LossKind,
    from_event,
    not_accepted,
    to_event,
)
from wardkeep.ledger.witness import HeadsWitnessed
from wardkeep.ledger.witness import to_event as witness_event


def lost(first: int, last: int, ledger: str = "clinical") -> Loss:
    return Loss(
        ledger=ledger, kind=LossKind.TAIL_REMOVED, first=first, last=last, file="2022-05-14.db"
    )


ACCEPTED = LossAccepted(5, "os:anna", "the disk was restored", (lost(21, 30),))


def test_who_accepted_which_loss_and_why_is_read_as_it_was_written() -> None:
    event = to_event(ACCEPTED)
    assert (event.part, event.name, event.version) == ("ledger.losses", "LossAccepted", 1)
    assert (event.at, event.by) == (5, "os:anna")
    assert from_event(event) == ACCEPTED
    assert from_event(witness_event(HeadsWitnessed(5, ()))) is None


@pytest.mark.parametrize(
    ("loss", "asked"),
    [
        (lost(21, 30), False),
        (lost(25, 30), False),
        (lost(21, 30 + UNSEEN), False),
        (lost(21, 31 + UNSEEN), True),
        (lost(20, 30), True),
        (lost(21, 30, "access"), True),
    ],
)
def test_a_loss_is_asked_about_until_somebody_accepted_all_of_it(
    loss: Loss, asked: bool
) -> None:
    assert not_accepted([loss], [ACCEPTED]) == ([loss] if asked else [])
    assert not_accepted([loss], []) == [loss]


def test_a_loss_says_how_many_entries_it_means() -> None:
    assert lost(21, 30).entries == 10
