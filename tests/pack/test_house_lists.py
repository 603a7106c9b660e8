from __future__ import annotations

import pytest

from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.house_lists import (
    CODES,
    SHELVED,
    code_of,
    due,
    holders,
    looks_like_list,
    needs_glass,
)
from wardkeep.pack.manifest import html_name, pdf_name
from wardkeep.pack.whole_house import PackKind

NOW = 2_000 * HOUR
ALL = tuple(kind.value for kind in SHELVED)


def built(kind: PackKind, age: int) -> dict[str, PackBuilt]:
    made = PackBuilt(
        ward=code_of(kind), generation=1, revision=0, language="en", at=NOW - age, as_of=None,
        pages=1, patients=1, digest="",
    )  # fmt: skip
    return {made.ward: made}


def test_each_list_opens_for_who_needs_it_and_the_crisis_team_alone() -> None:
    assert {kind.value: holders(kind) for kind in SHELVED} == {
        kind: (kind, "crisis") for kind in ALL
    }


def test_only_the_book_of_known_patients_needs_a_broken_glass() -> None:
    assert [code for code in (*CODES, "4B", "cards") if needs_glass(code)] == ["list+cards"]


def test_no_ward_s_file_is_called_like_a_list_s() -> None:
    names = {html_name(code) for code in CODES} | {pdf_name(code, 1) for code in CODES}
    assert "list+kitchen.html" in names
    for code in CODES:
        other = code.upper()
        assert html_name(other) not in names
        assert looks_like_list(code)
    assert not looks_like_list("4B")


@pytest.mark.parametrize(
    ("kinds", "newest", "begun", "due_now"),
    [
        (ALL, {}, NOW - HOUR, PackKind.EMERGENCY),
        (ALL, {}, NOW - 4 * MINUTE, None),
        ((), {}, NOW - HOUR, None),
        (("kitchen",), built(PackKind.KITCHEN, HOUR), NOW - HOUR, None),
        (("kitchen",), built(PackKind.KITCHEN, 2 * HOUR), NOW - HOUR, PackKind.KITCHEN),
        (("kitchen", "cards"), built(PackKind.KITCHEN, HOUR), NOW - HOUR, PackKind.CARDS),
    ],
)
def test_the_oldest_list_is_made_once_its_time_has_come_and_wards_went_first(
    kinds: tuple[str, ...],
    newest: dict[str, PackBuilt],
    begun: int,
    due_now: PackKind | None,
) -> None:
    assert due(kinds, newest, begun, NOW, (120, 5)) is due_now
