import pytest

from wardkeep.chart.weekday_list import weekdays_of


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("MO,WE,FR", (1, 3, 5)), ("MOWEFR", (1, 3, 5)), ("mon/thu", (1, 4)),
        ("MONWEDFRI", (1, 3, 5)), ("LU,JE", (1, 4)), ("LU ME VE", (1, 3, 5)),
        ("WO,ZA", (3, 6)), ("MO,DO", (1, 4)), ("DI,MI", (2, 3)), ("SA", (6,)), ("SO", (7,)),
        ("TUTHSA", (2, 4, 6)), ("MO,FR", (1, 5)),
    ],
)  # fmt: skip
def test_lists_of_weekdays_are_read_in_the_languages_of_the_region(
    text: str, days: tuple[int, ...]
) -> None:
    assert weekdays_of(text) == days


@pytest.mark.parametrize(
    "text", ["MA", "DI", "MA,DI", "MO,XX", "MWF", "", "MO,MO", "MOW", "BID", "QD", "DAILY"]
)
def test_what_two_languages_read_differently_or_none_reads_is_left_as_sent(text: str) -> None:
    assert weekdays_of(text) is None


def test_the_weekend_is_no_wednesday() -> None:
    assert weekdays_of("WE") is None
    assert weekdays_of("MO,WE,FR") == (1, 3, 5)
