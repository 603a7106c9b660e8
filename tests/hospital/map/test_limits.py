from __future__ import annotations

import pytest

from wardkeep.hospital.map.care import Fallback, Service
from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.limits import within_limits
from wardkeep.hospital.map.machines import Server, Workstations
from wardkeep.hospital.map.table import TableMapping, read_table


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (Fallback(id="f", service="lab", share=40), "share 40 is no share: write 0.4 or 40 %"),
        (Fallback(id="f", service="lab", share_after=1.2), "share_after 1.2 is no share"),
        (Fallback(id="f", service="lab", share=-0.1), "write a number from 0 to 1"),
        (Fallback(id="f", service="lab", holds_hours=-1), "holds_hours -1 cannot be"),
        (Server(id="s", restore_hours=10_001), "write at most 10,000"),
        (Server(id="s", tier=5), "tier 5 cannot be: write at most 4"),
        (Workstations(id="w", count=0), "count 0 cannot be: write at least 1"),
        (Service(id="s", a_day=1_000_001), "write at most 1,000,000"),
        (Service(id="s", week=(2_000_000,)), "week 2e\\+06 cannot be"),
    ],
)
def test_a_number_that_no_hospital_has_is_refused_with_what_to_write(
    item: Item, why: str
) -> None:
    with pytest.raises(MapItemError, match=why):
        within_limits(item)


def test_what_a_hospital_may_have_stands() -> None:
    within_limits(Fallback(id="f", service="lab", share=1, share_after=0, holds_hours=1e6))
    within_limits(Server(id="s", tier=4, restore_hours=10_000, patched=True))
    within_limits(Workstations(id="w", count=20_000))


def test_per_cent_from_a_spreadsheet_is_a_share_and_forty_without_its_sign_is_refused() -> None:
    rows = [(2, ["lab", "40 %"]), (3, ["ward", "40"]), (4, ["icu", "12,5%"])]
    read = read_table(Fallback, ["service", "share"], rows, TableMapping())
    assert [getattr(each, "share", None) for each in read.items] == [0.4, 0.125]
    assert [(each.line, each.why) for each in read.told] == [
        (3, "share 40 is no share: write 0.4 or 40 %")
    ]
