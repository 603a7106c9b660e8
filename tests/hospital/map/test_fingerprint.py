"""Two maps are the same map, or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.fingerprint import Changed, changed, fingerprint, item_marks
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap


def of(servers: list[Server], as_of: int | None = None) -> str:
    return fingerprint(
        HospitalMap({f"server:{each.id}": each for each in servers}, as_of=as_of)
    )


@given(st.lists(st.text("abc", min_size=1), unique=True))
def test_neither_order_nor_the_time_of_reading_makes_another_map(
    ids: list[str],
) -> None:
    servers = [Server(id=each) for each in ids]
    assert of(servers) == of(list(reversed(servers)), 3)


def test_one_field_one_thing_more_or_less_does() -> None:
    one, two = Server(id="a"), Server(id="b")
    told = [of([]), of([one]), of([one, two]), of([Server(id="a", patched=True)])]
    assert len(set(told)) == len(told)
    assert all(len(each) == 64 for each in told)


def whole(*servers: Server) -> HospitalMap:
    return HospitalMap({f"server:{each.id}": each for each in servers})


def test_what_is_new_says_something_else_or_is_gone_is_counted() -> None:
    then = item_marks(whole(Server(id="a"), Server(id="b"), Server(id="c")))
    now = whole(Server(id="b"), Server(id="c", patched=True), Server(id="d"), Server(id="e"))
    assert changed(then, item_marks(now)) == Changed(new=2, other=1, gone=1)
    assert changed(then, then) == Changed(0, 0, 0)
    assert changed(b"", then) == Changed(new=3, other=0, gone=0)


@given(
    st.dictionaries(st.text("abcd", min_size=1), st.booleans()),
    st.dictionaries(st.text("abcd", min_size=1), st.booleans()),
)
def test_any_two_maps_differ_in_what_they_say(
    before: dict[str, bool], after: dict[str, bool]
) -> None:
    one, other = (
        whole(*(Server(id=name, patched=said) for name, said in each.items()))
        for each in (before, after)
    )
    assert changed(item_marks(one), item_marks(other)) == Changed(
        new=len(after.keys() - before.keys()),
        other=sum(before.get(name, said) != said for name, said in after.items()),
        gone=len(before.keys() - after.keys()),
    )


def test_the_marks_of_a_thing_take_twelve_bytes_and_hold_none_of_its_words() -> None:
    marks = item_marks(whole(Server(id="laboratory", name="Laboratory")))
    assert len(marks) == 12
    assert b"abor" not in marks
