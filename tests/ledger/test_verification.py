import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.chain import GENESIS, link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import LookEntry, encode_look
from wardkeep.ledger.errors import LedgerFaultError
from wardkeep.ledger.found_by import of_payload
from wardkeep.ledger.verification import REMEDY, Fault, FaultKind, Walk, Witnesses

Row = tuple[int, bytes, bytes]


def look(record: bytes) -> bytes:
    return encode_look(LookEntry(1, "nurse", record.hex(), "ward", ""))


def chained(payloads: list[bytes]) -> list[Row]:
    rows, head = [], GENESIS
    for sequence, payload in enumerate(map(look, payloads), 1):
        head = link(head, sequence, payload)
        rows.append((sequence, payload, head))
    return rows


def begun(witnesses: dict[int, bytes] | None = None) -> Walk:
    seen = Witnesses()
    for sequence, head in (witnesses or {}).items():
        seen.add(Head("access", sequence, head))
    return Walk(Head("access", 0, GENESIS), seen)


def step(walk: Walk, row: Row) -> None:
    try:
        found_by = of_payload("access", row[0], row[1])
    except LedgerFaultError:
        found_by = (b"", 0, 0)
    walk.row(*row, found_by)


def walked(rows: list[Row], witnesses: dict[int, bytes] | None = None) -> list[Fault]:
    walk = begun(witnesses)
    for row in rows:
        step(walk, row)
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
    walk = begun()
    step(walk, rows[0])
    walk.begin_file(4, rows[2][2], "2026-11-25.db")
    step(walk, rows[3])
    [fault] = walk.finish()
    assert (fault.entry, fault.kind) == (2, FaultKind.MISSING)
    assert "2026-11-25.db" in fault.what


def test_a_hole_is_named_and_the_walk_goes_on_behind_it() -> None:
    rows = chained([b"a", b"b", b"c", b"d", b"e"])
    rows[4] = (5, b"altered", rows[4][2])
    walk = begun()
    step(walk, rows[0])
    walk.unreadable(2, "the page cannot be read")
    for row in rows[2:]:
        step(walk, row)
    assert [(f.entry, f.kind) for f in walk.finish()] == [
        (2, FaultKind.UNREADABLE),
        (5, FaultKind.ALTERED),
    ]


@given(payload_lists, st.data())
def test_rows_that_changed_places_whole_are_named_and_nobody_else(
    payloads: list[bytes], data: st.DataObject
) -> None:
    rows = chained(payloads)
    one, two = sorted(
        data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=2, max_size=2, unique=True))
    )
    a, b = rows[one], rows[two]
    rows[one], rows[two] = (a[0], *b[1:]), (b[0], *a[1:])
    faults = walked(rows)
    assert [(f.entry, f.kind) for f in faults] == [
        (a[0], FaultKind.REORDERED),
        (b[0], FaultKind.REORDERED),
    ]


def test_a_row_hidden_from_its_index_is_named() -> None:
    [row] = chained([b"a"])
    walk = begun()
    walk.row(*row, (b"somebody else", 0, 0))
    [fault] = walk.finish()
    assert (fault.entry, fault.kind) == (1, FaultKind.ALTERED)


@given(payload_lists)
def test_witnesses_that_disagree_contradict_whatever_lies_there(payloads: list[bytes]) -> None:
    rows = chained(payloads)
    walk = begun({2: rows[1][2]})
    walk._witnesses.add(Head("access", 2, b"another"))
    for row in rows:
        step(walk, row)
    [fault] = walk.finish()
    assert (fault.entry, fault.kind) == (2, FaultKind.REWRITTEN)


def test_of_many_heads_some_are_kept_and_always_the_newest() -> None:
    seen = Witnesses()
    for sequence in range(1, 450_000):
        seen.add(Head("clinical", sequence, b"h"))
    assert seen.newest == 449_999
    assert seen.at(449_999) == b"h"
    assert len(seen._heads) <= 200_000


def test_a_ledger_altered_throughout_is_told_in_bounded_words() -> None:
    rows = [(s, p, bytes(32)) for s, p, _ in chained([b"%d" % n for n in range(1_500)])]
    walk = begun()
    for row in rows:
        step(walk, row)
    faults = walk.finish()
    assert (faults[0].entry, len(faults), walk.unnamed) == (1, 1_000, 500)


def test_a_file_that_cannot_be_read_is_named_once() -> None:
    rows = chained([b"a", b"b", b"c", b"d"])
    walk = begun({4: rows[3][2]})
    step(walk, rows[0])
    walk.unreadable_file("2026-11-24.db cannot be read")
    walk.begin_file(4, rows[2][2], "2026-11-25.db")
    step(walk, rows[3])
    [fault] = walk.finish()
    assert (fault.entry, fault.kind) == (2, FaultKind.UNREADABLE)


@pytest.mark.parametrize("kind", FaultKind)
def test_every_fault_says_what_to_do(kind: FaultKind) -> None:
    assert REMEDY[kind]


def taken_over(seen: dict[int, bytes], upto: int = 1_002) -> list[Fault]:
    """Two entries of one box, then one of the box that went on behind a gap to `upto`."""
    rows = chained([b"a", b"b"])
    witnesses = Witnesses()
    for sequence, head in seen.items():
        witnesses.add(Head("access", sequence, head))
    walk = Walk(Head("access", 0, GENESIS), witnesses, {2: 1_002})
    for row in rows:
        step(walk, row)
    walk.begin_file(upto + 1, rows[-1][2], "2026-11+02")
    payload = look(b"c")
    step(walk, (upto + 1, payload, link(rows[-1][2], upto + 1, payload)))
    return walk.finish()


def test_numbers_left_out_when_another_box_went_on_are_no_fault() -> None:
    assert taken_over({}) == []


def test_what_somebody_saw_within_a_gap_was_lost_and_is_named() -> None:
    [fault] = taken_over({5: b"x" * 32})
    assert (fault.kind, fault.entry) == (FaultKind.MISSING, 3)
    assert "3 to 5" in fault.what


def test_a_longer_gap_than_was_recorded_is_a_fault() -> None:
    [fault] = taken_over({}, upto=1_005)
    assert fault.kind is FaultKind.MISSING
