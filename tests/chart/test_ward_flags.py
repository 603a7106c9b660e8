from __future__ import annotations

import pytest
from tests.chart.sending import adt, entries, fold, pid, pv1

from wardkeep.chart.ward_flags import one_letter_apart, ward_flags


def kinds(one: str, other: str, bed: str = "A2^12^2") -> set[str]:
    charts = fold(
        entries(
            [
                ("adt", adt("A01", "20260516080000", pid("1", one), pv1("A2^12^1", "V1"))),
                ("adt", adt("A01", "20260516080000", pid("2", other), pv1(bed, "V2"))),
            ]
        )
    ).survivors()
    return {str(flag.kind) for flag in ward_flags(charts).get("1", ())}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Dupont^Marie", "DUPONT^marie", "same_name_on_ward"),
        ("Lefèvre^Zoé", "Lefevre^Zoe Anne", "same_name_on_ward"),
        ("Dupont^Marie", "Dupont^Jean", "similar_name_on_ward"),
        ("Dupont^Marie", "Dupond^Martine", "similar_name_on_ward"),
        ("Martin^Luc", "Matrin^Louis", "similar_name_on_ward"),
        ("Dupont^Marie", "Dupond^Jean", ""),
        ("Ney^Luc", "Ney^Luc", "same_name_on_ward"),
        ("Ney^Luc", "Rey^Louis", ""),
        ("Dupont^Marie", "Janssens^Piet", ""),
    ],
)
def test_names_on_one_ward(one: str, other: str, expected: str) -> None:
    assert kinds(one, other) == ({expected} if expected else set())


def test_a_shared_bed_is_flagged() -> None:
    assert kinds("Dupont^Marie", "Janssens^Piet", "A2^12^1") == {"bed_shared"}


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("abcd", "abce", True),
        ("abcd", "abc", True),
        ("abcd", "abdc", True),
        ("abcd", "xbcd", True),
        ("abcd", "abcd", False),
        ("abcd", "badc", False),
        ("abcd", "abcdef", False),
        ("", "a", True),
    ],
)
def test_one_letter_apart(one: str, other: str, apart: bool) -> None:
    assert one_letter_apart(one, other) is apart
    assert one_letter_apart(other, one) is apart


def test_a_ward_of_hundreds_is_still_told_apart_and_names_one_other_each() -> None:
    crowd = [
        (
            "adt",
            adt(
                "A01",
                "20260516080000",
                pid(str(n), "Dupont^An"),
                pv1(f"A2^{n % 200}^1", f"V{n}"),
            ),
        )
        for n in range(1, 402)
    ]
    flags = ward_flags(fold(entries(crowd)).survivors())
    assert {str(flag.kind) for flag in flags["250"]} == {"same_name_on_ward", "bed_shared"}
    assert max(len(found) for found in flags.values()) == 2
