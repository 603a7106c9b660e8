import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.chain import GENESIS, link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.verification import Fault, FaultKind, Walk

Row = tuple[int, bytes, bytes]


def chained(payloads: list[bytes]) -> list[Row]:
    rows, head = [], GENESIS
    for sequence, payload in enumerate(payloads, 1):
        head = link(head, sequence, payload)
        rows.append((sequence, payload, head))
    return rows


def walked(rows: list[Row], witnesses: dict[int, bytes] | None = None) -> list[Fault]:
    walk = Walk(Head("clinical", 0, GENESIS), witnesses or {})
    for row in rows:
        walk.row(*row)
    return walk.finish()


payload_lists = st.lists(
    st.binary(min_size=1, max_size=9), min_size=3, max_size=12, unique=True
)


@given(payload_lists)
def test_a_sound_ledger_has_no_fault(payloads: list[bytes]) -> None:
    rows = chained(payloads)
    assert walked(rows, {rows[-1][0]: rows[-1][2]}) == []


@given(payload_lists, st.data())
def test_an_altered_entry_is_named(payloads: list[bytes], data: st.DataObject) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 1))
    sequence, payload, head = rows[place]
    rows[place] = (sequence, payload + b"!", head)
    [fault] = walked(rows)
    assert (fault.entry, fault.kind) == (sequence, FaultKind.ALTERED)


@given(payload_lists, st.data())
def test_a_removed_entry_is_named(payloads: list[bytes], data: st.DataObject) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 2))
    gone = rows.pop(place)[0]
    [fault] = walked(rows)
    assert (fault.entry, fault.kind) == (gone, FaultKind.MISSING)


@given(payload_lists, st.data())
def test_exchanged_entries_are_named_as_reordered(
    payloads: list[bytes], data: st.DataObject
) -> None:
    rows = chained(payloads)
    place = data.draw(st.integers(0, len(rows) - 2))
    (a, first, one), (b, second, two) = rows[place : place + 2]
    rows[place : place + 2] = [(a, second, one), (b, first, two)]
    faults = walked(rows)
    assert [(f.entry, f.kind) for f in faults] == [
        (a, FaultKind.REORDERED),
        (b, FaultKind.REORDERED),
    ]


@given(payload_lists)
def test_a_ledger_chained_anew_is_contradicted_by_its_witness(payloads: list[bytes]) -> None:
    true = chained(payloads)
    forged = chained([payloads[0] + b"!", *payloads[1:]])
    [fault] = walked(forged, {true[-1][0]: true[-1][2]})
    assert fault.kind is FaultKind.REWRITTEN


@given(payload_lists)
def test_a_cut_tail_is_missed_by_its_witness(payloads: list[bytes]) -> None:
    rows = chained(payloads)
    [fault] = walked(rows[:-2], {rows[-1][0]: rows[-1][2]})
    assert (fault.entry, fault.kind) == (rows[-2][0], FaultKind.TAIL_REMOVED)


def test_a_day_that_is_gone_shows_where_the_next_begins() -> None:
    rows = chained([b"a", b"b", b"c", b"d"])
    walk = Walk(Head("clinical", 0, GENESIS), {})
    walk.row(*rows[0])
    walk.begin_file(4, rows[2][2], "2026-11-25.db")
    walk.row(*rows[3])
    [fault] = walk.finish()
    assert (fault.entry, fault.kind) == (2, FaultKind.MISSING)
    assert "2026-11-25.db" in fault.what


def test_a_hole_is_named_and_the_walk_goes_on_behind_it() -> None:
    rows = chained([b"a", b"b", b"c", b"d", b"e"])
    rows[4] = (5, b"altered", rows[4][2])
    walk = Walk(Head("clinical", 0, GENESIS), {})
    walk.row(*rows[0])
    walk.unreadable(2, "the page cannot be read")
    for row in rows[2:]:
        walk.row(*row)
    assert [(f.entry, f.kind) for f in walk.finish()] == [
        (2, FaultKind.UNREADABLE),
        (5, FaultKind.ALTERED),
    ]


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_says_what_to_do(kind: FaultKind) -> None:
    walk = Walk(Head("access", 0, GENESIS), {})
    walk.unsigned(3)
    assert walk.finish()[0].remedy
    from wardkeep.ledger.verification import REMEDY

    assert REMEDY[kind]
