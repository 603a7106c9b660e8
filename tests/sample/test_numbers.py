from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.sample.numbers import (
    is_matricule,
    is_national_register,
    luhn,
    matricule,
    national_register,
    verhoeff,
)

BORN = st.dates(date(1915, 1, 1), date(2026, 11, 1))


def test_the_published_examples_of_luhn_and_verhoeff_hold() -> None:
    assert luhn("7992739871") == "3"
    assert verhoeff("236") == "3"
    assert verhoeff("12345") == "1"
    assert verhoeff("142857") == "0"


def test_a_belgian_number_of_before_and_after_2000_has_its_own_rule() -> None:
    assert national_register(date(1985, 7, 30), 33) == "85073003328"
    assert national_register(date(2000, 1, 1), 1)[-2:] == f"{97 - 2000101001 % 97:02d}"
    assert (
        national_register(date(1900, 1, 1), 1)[-2:]
        != national_register(date(2000, 1, 1), 1)[-2:]
    )


@given(BORN, st.integers(1, 998), st.integers(0, 10), st.integers(1, 9))
def test_a_mistyped_digit_of_a_belgian_number_is_noticed(
    born: date, serial: int, place: int, shift: int
) -> None:
    number = national_register(born, serial)
    assert is_national_register(number, born)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_national_register(wrong, born)


@given(BORN, st.integers(0, 999), st.integers(0, 12), st.integers(1, 9))
def test_a_mistyped_digit_of_a_luxembourg_number_is_noticed(
    born: date, serial: int, place: int, shift: int
) -> None:
    number = matricule(born, serial)
    assert len(number) == 13
    assert is_matricule(number, born)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_matricule(wrong, born)


@given(BORN, st.integers(0, 999), st.integers(0, 9))
def test_two_neighbouring_digits_swapped_in_a_luxembourg_number_are_noticed(
    born: date, serial: int, place: int
) -> None:
    number = matricule(born, serial)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not is_matricule(swapped, born)
