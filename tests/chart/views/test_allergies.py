from __future__ import annotations

import pytest
from tests.chart.sending import adt, chart, orders, pid, pv1

from wardkeep.chart.model import Allergies, AllergyState, FlagKind

PENICILLIN = "AL1|1|DA|7980^Penicillin^RXN|SV|rash~itch"
MILD = "AL1|1|DA|7980^Penicillin^RXN|MI|rash"
LATEX = "AL1|2|MA|111088007^Latex^SCT|MO"
NONE = "AL1|1||716186003^No known allergy^SCT"


def told(*segments: str, at: str = "20260516080000", feed: str = "adt") -> tuple[str, bytes]:
    return feed, adt("A08", at, pid(), pv1(), *segments)


def allergies(*sent: tuple[str, bytes]) -> Allergies:
    forward, backward = chart(*sent), chart(*reversed(sent))
    assert forward.allergies.state == backward.allergies.state
    return forward.allergies


def names(found: Allergies) -> list[str]:
    return [item.substance.text or item.substance.code for item in found.items]


def test_silence_is_not_recorded_and_never_none() -> None:
    assert allergies(told()).state is AllergyState.NOT_RECORDED


def test_an_allergy_is_listed_with_its_reactions() -> None:
    found = allergies(told(PENICILLIN))
    assert found.state is AllergyState.LISTED
    (item,) = found.items
    assert (item.severity, item.reactions, item.kind) == ("SV", ("rash", "itch"), "DA")


def test_none_known_is_said_and_by_whom() -> None:
    found = allergies(told(NONE))
    assert found.state is AllergyState.NONE_KNOWN
    assert [source.feed for source in found.none_known] == ["adt"]


def test_an_additive_feed_keeps_what_it_does_not_repeat() -> None:
    found = allergies(
        told(PENICILLIN), told(LATEX, at="20260516090000"), told(at="20260516100000")
    )
    assert names(found) == ["Latex", "Penicillin"]


def test_a_snapshot_feed_drops_what_its_newest_list_lacks() -> None:
    found = allergies(
        told(PENICILLIN, LATEX, feed="onco"),
        told(LATEX, at="20260516090000", feed="onco"),
        told(at="20260516100000", feed="onco"),
    )
    assert names(found) == ["Latex"]


def test_a_null_deletes_the_list_of_that_feed_alone() -> None:
    found = allergies(
        told(PENICILLIN), told(LATEX, feed="onco"), told('AL1|1||""', at="20260516090000")
    )
    assert names(found) == ["Latex"]


def test_an_allergy_said_after_the_deletion_stands() -> None:
    found = allergies(
        told(PENICILLIN), told('AL1|1||""', at="20260516090000"),
        told(LATEX, at="20260516093000"),
    )  # fmt: skip
    assert names(found) == ["Latex"]


def test_an_empty_field_keeps_the_severity_and_a_null_deletes_it() -> None:
    kept = allergies(
        told(PENICILLIN), told("AL1|1|DA|7980^Penicillin^RXN", at="20260516090000")
    )
    gone = allergies(
        told(PENICILLIN), told('AL1|1|DA|7980^Penicillin^RXN|""', at="20260516090000")
    )
    assert [item.severity for item in (*kept.items, *gone.items)] == ["SV", ""]


def test_one_feed_lists_and_another_says_none_is_a_conflict_shown_as_the_union() -> None:
    sent = (told(PENICILLIN), told(NONE, feed="onco", at="20260516090000"))
    found = allergies(*sent)
    assert found.state is AllergyState.CONFLICT
    assert names(found) == ["Penicillin"]
    assert [source.feed for source in found.none_known] == ["onco"]
    assert FlagKind.ALLERGIES_DISAGREE in {flag.kind for flag in chart(*sent).flags}


def test_different_severities_of_two_feeds_are_a_conflict() -> None:
    found = allergies(told(PENICILLIN), told(MILD, feed="onco"))
    assert found.state is AllergyState.CONFLICT
    assert len(found.items) == 2


def test_different_substances_of_two_feeds_are_one_list() -> None:
    found = allergies(told(PENICILLIN), told(LATEX, feed="onco"))
    assert (found.state, names(found)) == (AllergyState.LISTED, ["Latex", "Penicillin"])


def test_a_feed_that_lists_an_allergy_has_thought_better_of_none_known() -> None:
    found = allergies(told(NONE), told(PENICILLIN, at="20260516090000"))
    assert found.state is AllergyState.LISTED


def test_none_known_does_not_silently_undo_a_list_that_only_grows() -> None:
    found = allergies(told(PENICILLIN), told(NONE, at="20260516090000"))
    assert found.state is AllergyState.CONFLICT
    replaced = allergies(
        told(PENICILLIN, feed="onco"), told(NONE, at="20260516090000", feed="onco")
    )
    assert replaced.state is AllergyState.NONE_KNOWN


@pytest.mark.parametrize(
    "gone",
    ["IAM|1|DA|7980^Penicillin^RXN|SV||D", "IAM|1|DA|7980^Penicillin^RXN|SV||U|||||||||||E"],
)
def test_an_allergy_deleted_by_code_is_gone(gone: str) -> None:
    found = allergies(told(PENICILLIN), ("adt", adt("A60", "20260516090000", pid(), gone)))
    assert found.state is AllergyState.NOT_RECORDED


def test_allergies_in_an_order_message_count_for_the_pharmacy() -> None:
    order = orders("RDE^O11", "20260516090000", PENICILLIN, "ORC|NW|1^P", "RXE||X^Y^L|1||tab")
    assert [item.source.feed for item in allergies(told(), ("meds", order)).items] == ["meds"]
