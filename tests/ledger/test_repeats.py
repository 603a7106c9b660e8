from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.repeats import SLOTS, SeenDays, fingerprint_of, mark_of, sender_of


@given(st.lists(st.tuples(st.integers(0, SLOTS - 1), st.binary()), max_size=50))
def test_what_a_day_has_seen_is_never_called_unseen(messages: list[tuple[int, bytes]]) -> None:
    seen = SeenDays()
    for day, control in messages:
        seen.add(mark_of(7, control), day)
    assert all(seen.days(mark_of(7, control)) >> day & 1 for day, control in messages)


def test_false_alarms_stay_rare_on_a_busy_day() -> None:
    seen = SeenDays()
    for number in range(100_000):
        seen.add(mark_of(1, b"%d" % number), 3)
    alarms = sum(bool(seen.days(mark_of(2, b"%d" % number))) for number in range(100_000))
    assert alarms < 100


def test_a_forgotten_day_leaves_the_others() -> None:
    seen = SeenDays()
    seen.add(99, 0)
    seen.add(99, 5)
    seen.forget(0)
    assert seen.days(99) == 1 << 5


def test_senders_differ_by_each_of_their_names() -> None:
    names = [("adt", b"A", b"B"), ("lab", b"A", b"B"), ("adt", b"AB", b""), ("adt", b"", b"AB")]
    assert len({sender_of(*name) for name in names}) == len(names)


def test_numbers_kept_on_disk_are_the_same_on_every_machine() -> None:
    assert sender_of("adt", b"ADT", b"H") == 2684374545137132686
    assert fingerprint_of(b"MSH|^~\\&|") == (9 << 32) + 0xEA713D9D


@given(st.binary(max_size=99))
def test_numbers_fit_the_store(body: bytes) -> None:
    assert 0 <= fingerprint_of(body) < 2**63
    assert 0 <= sender_of("f", body, body) < 2**63
