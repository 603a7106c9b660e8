from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.repeats import MaybeSeen, mark_of


@given(st.lists(st.tuples(st.text(), st.binary()), max_size=50))
def test_what_was_seen_is_never_called_unseen(messages: list[tuple[str, bytes]]) -> None:
    seen = MaybeSeen()
    for feed, control in messages:
        seen.add(mark_of(feed, control))
    assert all(mark_of(feed, control) in seen for feed, control in messages)


def test_false_alarms_stay_rare_on_a_busy_day() -> None:
    seen = MaybeSeen()
    for number in range(100_000):
        seen.add(mark_of("adt", b"%d" % number))
    alarms = sum(mark_of("lab", b"%d" % number) in seen for number in range(100_000))
    assert alarms < 100
