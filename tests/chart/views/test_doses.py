from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from random import Random

import pytest
from hypothesis import given as tried_with
from hypothesis import strategies as st
from tests.chart.sending import chart, entries, fold, orders, ras, rde

from wardkeep.chart.model import Dose, DoseOutcome, FlagKind
from wardkeep.ledger.arrival import Entry

DRUG = "C07AB07^Bisoprolol 2.5 mg^ATC|1||tab^tablet|TAB"
ORDER_TIME = "20260501070000"


def at(hour: int) -> str:
    return f"20260516{hour:02d}0000"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("CP", "given"),
        ("", "given"),
        ("PA", "partial"),
        ("RE", "refused"),
        ("NA", "not_given"),
        ("ZZ", "unclear"),
        ("HD", "held"),
    ],
)
def test_what_came_of_a_dose(status: str, outcome: str) -> None:
    (dose,) = chart(("meds", ras(at(8), status))).doses
    assert dose.outcome == outcome


def test_a_deleted_dose_is_gone_whichever_message_came_first() -> None:
    given, deleted = ras(at(8)), ras(at(8), action="D", sent=at(9))
    assert chart(("meds", given), ("meds", deleted)).doses == ()
    assert chart(("meds", deleted), ("meds", given)).doses == ()


def test_a_dose_of_an_order_nobody_sent_is_flagged() -> None:
    (dose,) = chart(("meds", ras(at(8)))).doses
    assert {flag.kind for flag in dose.flags} == {FlagKind.ORDER_UNKNOWN}
    (known,) = chart(("meds", ras(at(8))), ("meds", rde("NW", at(7), drug=DRUG))).doses
    assert known.flags == ()
    assert known.outcome is DoseOutcome.GIVEN


def test_a_dose_said_under_the_fillers_number_finds_its_order() -> None:
    new = orders("RDE^O11", at(7), "ORC|NW|77^CPOE|F9^PHARM", f"RXE||{DRUG}")
    by_filler = orders(
        "RAS^O17", at(8), "ORC|RE||F9^PHARM", f"RXA|0|1|{at(8)}||C07AB07^Bisoprolol^ATC|1|tab"
    )
    (dose,) = chart(("meds", by_filler), ("meds", new)).doses
    assert (dose.order, dose.flags) == ("77^CPOE", ())


def test_a_dose_without_namespace_finds_the_only_order_of_that_number() -> None:
    new = rde("NW", at(7), drug=DRUG, order="77")
    (dose,) = chart(("meds", new), ("onco", ras(at(8), order="77"))).doses
    assert dose.order == "77@meds"


def rxa(
    given: str,
    action: str,
    sent: str,
    *,
    number: str = "1",
    orc: str = "",
    order: str = "77^CPOE",
) -> bytes:
    """A dose told when it was `sent`, of an order whose ORC-9 is `orc`."""
    fields = ["RXA", "0", number, given, given, "C07^Bisoprolol^ATC", "1", "tab"] + [""] * 14
    fields[20], fields[21] = "CP", action
    group = f"ORC|RE|{order}|||||||{orc or sent}"
    return orders("RAS^O17", sent, group, "|".join(fields), control=f"{action}{number}{sent}")


def after(*bodies: bytes) -> tuple[Dose, ...]:
    """The doses after these messages, the same in whatever order they came."""
    sent = entries(("meds", body) for body in (rde("NW", at(1), drug=DRUG), *bodies))
    found = {doses_in(arrival) for arrival in permutations(sent)}
    assert len(found) == 1
    return found.pop()


def doses_in(arrival: Sequence[Entry]) -> tuple[Dose, ...]:
    found = fold(arrival).patient("1001")
    assert found is not None
    return found.doses


def kinds(dose: Dose) -> set[FlagKind]:
    return {flag.kind for flag in dose.flags}


def test_a_dose_is_gone_though_its_deletion_bears_the_time_of_the_order() -> None:
    given = rxa(at(8), "A", at(9))
    assert after(given, rxa(at(8), "D", at(10), orc=ORDER_TIME)) == ()


def test_a_dose_that_was_charted_again_after_its_deletion_stands() -> None:
    given, deleted = rxa(at(8), "A", at(9)), rxa(at(8), "D", at(10))
    (dose,) = after(given, deleted, rxa(at(8), "A", at(11), orc=ORDER_TIME))
    assert dose.outcome is DoseOutcome.GIVEN


@pytest.mark.parametrize("told", ["202605160803", "2026051608", "20260516080312"])
def test_a_deletion_with_a_coarser_time_finds_its_dose(told: str) -> None:
    given = rxa("20260516080312", "A", at(9))
    assert after(given, rxa(told, "D", at(10))) == ()


def test_a_deletion_under_the_fillers_number_finds_its_dose() -> None:
    new = orders("RDE^O11", at(7), "ORC|NW|77^CPOE|F9^PHARM", f"RXE||{DRUG}")
    deleted = rxa(at(8), "D", at(10)).replace(b"|77^CPOE||", b"||F9^PHARM|")
    assert chart(("meds", new), ("meds", rxa(at(8), "A", at(9))), ("meds", deleted)).doses == ()


def test_a_deletion_that_may_mean_two_doses_removes_neither_and_both_are_asked_about() -> None:
    doses = after(
        rxa("20260516080000", "A", at(9)),
        rxa("20260516084500", "A", at(9)),
        rxa("2026051608", "D", at(10)),
    )
    assert [dose.outcome for dose in doses] == [DoseOutcome.UNCLEAR] * 2
    assert all(kinds(dose) == {FlagKind.MAYBE_DELETED} for dose in doses)


def test_a_deletion_at_another_time_leaves_the_dose_in_doubt_and_not_given() -> None:
    (dose,) = after(rxa(at(8), "A", at(9)), rxa(at(10), "D", at(10)))
    assert dose.outcome is DoseOutcome.UNCLEAR


def test_a_deletion_of_another_counted_dose_leaves_this_one_alone() -> None:
    (dose,) = after(rxa(at(8), "A", at(9), number="4"), rxa(at(8), "D", at(10), number="5"))
    assert (dose.outcome, dose.flags) == (DoseOutcome.GIVEN, ())


def test_a_dose_given_after_a_deletion_was_sent_is_not_meant_by_it() -> None:
    (dose,) = after(rxa(at(8), "D", at(9)), rxa(at(10), "A", at(10)))
    assert (dose.outcome, dose.flags) == (DoseOutcome.GIVEN, ())


def test_a_corrected_time_leaves_one_dose() -> None:
    (dose,) = after(rxa(at(8), "A", at(9)), rxa("20260516074000", "U", at(10)))
    assert (dose.at.text, dose.flags) == ("20260516074000", ())


def test_a_correction_of_the_amount_leaves_the_other_doses_of_a_sender_that_counts_none() -> (
    None
):
    doses = after(
        rxa(at(8), "A", at(9), number="0"),
        rxa(at(9), "A", at(9), number="0"),
        rxa(at(9), "U", at(10), number="0"),
    )
    assert [dose.at.text for dose in doses] == [at(9), at(8)]
    assert all(dose.flags == () for dose in doses)


def test_a_corrected_time_that_may_be_of_two_doses_is_asked_about() -> None:
    doses = after(
        rxa(at(8), "A", at(12), number="0"),
        rxa(at(12), "A", at(12), number="0"),
        rxa("20260516110000", "U", at(13), number="0"),
    )
    assert len(doses) == 3
    assert all(kinds(dose) == {FlagKind.MAYBE_CORRECTED} for dose in doses)


@tried_with(
    st.lists(
        st.tuples(st.sampled_from("AUD"), st.integers(6, 12), st.sampled_from("0129")),
        min_size=1,
        max_size=4,
        unique_by=lambda told: told[1:],
    ),
    st.randoms(use_true_random=False),
)
def test_the_doses_are_the_same_in_any_order_of_arrival(
    told: list[tuple[str, int, str]], random: Random
) -> None:
    sent = entries(
        ("meds", rxa(at(hour), action, at(13 + place), number=number))
        for place, (action, hour, number) in enumerate(told)
    )
    expected = doses_in(sent)
    random.shuffle(sent)
    assert doses_in(sent) == expected


def test_a_dose_told_hours_before_its_time_is_in_doubt() -> None:
    (ahead,) = after(rxa(at(12), "A", at(8)))
    assert (ahead.outcome, kinds(ahead)) == (
        DoseOutcome.UNCLEAR,
        {FlagKind.TOLD_BEFORE_ITS_TIME},
    )
    (soon,) = after(rxa("20260516083000", "A", at(8)))
    assert soon.outcome is DoseOutcome.GIVEN
