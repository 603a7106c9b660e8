from __future__ import annotations

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.chart.change import Change, Section, Stamp
from wardkeep.chart.record import Record, apply, pack, unpack

_STAMPS = st.builds(
    lambda event, rank, number: Stamp(event, rank, event, f"M{number}", number, 0, "adt",
    number), st.integers(0, 3), st.integers(-2, -1), st.integers(0, 3),
)  # fmt: skip
_FIELDS = st.dictionaries(
    st.sampled_from("abc"), st.one_of(st.none(), st.text(max_size=2), st.just([["x", "y"]]))
)


def statements() -> st.SearchStrategy[list[Change]]:
    """Changes as messages make them: one stamp never says two things of one cell."""
    change = st.builds(
        lambda key, era, stamp, fields: Change("1001", Section.ORDER, key, stamp, fields, era),
        st.sampled_from("xy"), st.sampled_from(("", "1934-03-07")), _STAMPS, _FIELDS,
    )  # fmt: skip
    return st.lists(change, max_size=12, unique_by=lambda one: (one.key, one.era, one.stamp))


def after(changes: list[Change]) -> Record:
    record = Record("1001")
    for change in changes:
        apply(record, change)
    return record


def contents(record: Record) -> object:
    return {
        (section, era, key): cell
        for section, eras in record.sections.items()
        for era, cells in eras.items()
        for key, cell in cells.items()
    }


@given(statements(), st.randoms(use_true_random=False))
def test_the_order_of_hearing_leaves_no_trace(changes: list[Change], random: Random) -> None:
    shuffled = list(changes)
    random.shuffle(shuffled)
    assert contents(after(shuffled)) == contents(after(changes))


@given(statements())
def test_what_was_heard_before_changes_nothing(changes: list[Change]) -> None:
    record = after(changes)
    known = pack(record)
    assert not any(apply(record, change) for change in changes)
    assert pack(record) == known


@given(statements())
def test_each_field_is_what_the_greatest_stamp_said_of_it(changes: list[Change]) -> None:
    expected: dict[tuple[str, str, str], tuple[Stamp, object]] = {}
    for change in changes:
        for name, value in change.fields.items():
            place = (change.era, change.key, name)
            if place not in expected or expected[place][0] < change.stamp:
                expected[place] = (change.stamp, value)
    found = {
        (era, key, name): (layer.stamp, value)
        for (_, era, key), cell in contents(after(changes)).items()
        for layer in cell
        for name, value in layer.fields.items()
    }
    assert found == expected


@given(statements())
def test_a_record_comes_back_from_its_bytes(changes: list[Change]) -> None:
    record = after(changes)
    assert unpack(pack(record)) == record
