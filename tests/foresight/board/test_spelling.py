from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.board.paper import Mean, Share
from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.figures import Range


def spelling(language: str) -> Spelling:
    return Spelling(language, translator(language), ZoneInfo("Europe/Brussels"))


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "span", "exact"),
    [
        ("en", "480 to 5,800 (middle 3,700)", "1,234,567"),
        ("fr", "480 à 5 800 (milieu 3 700)", "1 234 567"),
        ("nl", "480 tot 5.800 (midden 3.700)", "1.234.567"),
        ("de", "480 bis 5.800 (Mitte 3.700)", "1.234.567"),
    ],
)
def test_estimates_have_two_digits_and_each_language_its_signs(
    language: str, span: str, exact: str
) -> None:
    told = spelling(language)
    assert plain(told.span(Range(475.2, 3_711.0, 5_756.7))) == span
    assert plain(told.exact(1_234_567)) == exact


def test_no_line_ends_between_a_number_and_its_range() -> None:
    assert " " not in spelling("en").span(Range(1.0, 2.0, 3.0))
    assert " " not in spelling("fr").share(Share(0.5, 0.4, 0.6))


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        (0.0, "0"),
        (0.1, "1"),
        (24.0, "1"),
        (24.1, "2"),
        (119 * 24.0, "119"),
        (2_880.0, "120 or more"),
    ],
)
def test_a_day_is_counted_from_that_of_the_encryption(hours: float, day: str) -> None:
    assert spelling("en").day(hours) == day


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (Share(0.0, 0.0, 0.003), "0 % (0 to 0.3)"),
        (Share(0.0001, 0.0, 0.1), "< 0.1 % (0 to 10)"),
        (Share(0.185, 0.149, 0.226), "18 % (15 to 23)"),
        (Share(1.0, 0.95, 1.0), "100 % (95 to 100)"),
    ],
)
def test_a_small_share_is_not_told_as_none(share: Share, words: str) -> None:
    assert plain(spelling("en").share(share)) == words


def test_a_mean_may_be_a_loss_or_not_known() -> None:
    told = spelling("en")
    assert plain(told.mean(Mean(-12.0, -20.4, 3.0))) == "−12 (−20 to 3)"
    assert (
        plain(told.mean(Mean(1.0, float("-inf"), float("inf")))) == "1 (NOT KNOWN to NOT KNOWN)"
    )


def test_days_and_moments_are_those_of_the_site() -> None:
    assert spelling("de").date("2027-03-02") == "02 März 2027"
    assert spelling("en").moment("2026-11-29T23:30:00Z") == "30 Nov 2026 00:30 CET"


def test_a_name_is_safe_and_cut_where_it_is_long() -> None:
    told = spelling("en")
    assert told.name("Labo\x1b[2J", 20) == "Labo[U+001B][2J"
    assert told.name("a" * 9, 5) == "aaaa…"


@pytest.mark.parametrize(
    ("number", "told"),
    [(185.3, "190"), (185.0, "190"), (184.9, "180"), (99.6, "100"), (0.5, "1"), (0.4, "0")],
)
def test_an_estimate_is_rounded_once_and_halves_go_up(number: float, told: str) -> None:
    assert spelling("en").whole(number) == told


@given(st.floats(0, 1e12))
def test_two_digits_are_nearer_to_an_estimate_than_any_other_two(number: float) -> None:
    told = float(spelling("en").whole(number).replace(",", ""))
    place = 10 ** max(0, len(str(round(number))) - 2)
    assert abs(told - number) <= place / 2 + 1e-6 * number
