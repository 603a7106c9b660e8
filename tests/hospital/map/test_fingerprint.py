"""Two maps are the same map, or not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.fingerprint import fingerprint
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
