from __future__ import annotations

import pytest

from wardkeep.web.map_boxes import fitted


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Laboratoire", "Laboratoire"),
        ("Bloc opératoire, Val-des-Aulnes", "Bloc opératoire, Val-de…"),
        ("i" * 60, "i" * 42 + "…"),
        ("a\u202eb", "a[U+202E]b"),
        ("  two\n lines ", "two lines"),
        ("", ""),
    ],
)
def test_a_name_is_cut_where_its_box_ends(text: str, shown: str) -> None:
    told = fitted(text, 202, 16)
    assert told == shown or (told.endswith("…") and text.startswith(told[:-1]))
    assert len(told) <= len(shown) + 1


def test_a_name_of_megabytes_costs_no_more_than_a_long_one() -> None:
    assert fitted("W" * 10_000_000, 202, 16) == "W" * 12 + "…"


def test_a_code_is_never_torn() -> None:
    assert fitted("\u202e" * 9, 100, 16).replace("…", "") in {"[U+202E]" * n for n in range(3)}
