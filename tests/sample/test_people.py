from random import Random

import pytest

from wardkeep.sample.group import Care
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.numbers import is_matricule, is_national_register
from wardkeep.sample.people import People

TODAY = 1_653_364_800_000_000


def some_people(count: int, care: Care = Care.MEDICINE) -> list:
    people = People(Random(4), LocalTime(), TODAY)
    return [people.person(care) for _ in range(count)]


def test_everybody_has_a_valid_number_of_one_of_two_countries() -> None:
    kinds = set()
    for person in some_people(600):
        for number in person.identifiers:
            kinds.add(number.type)
            if number.type == "NNBEL":
                assert is_national_register(number.number, person.born)
                assert (int(number.number[8]) % 2 == 0) == (person.sex == "F")
            if number.type == "NNLUX":
                assert is_matricule(number.number, person.born)
    assert kinds == {"MR", "NNBEL", "NNLUX"}


def test_no_two_people_share_a_record_or_a_national_number() -> None:
    numbers = [one.number for person in some_people(2000) for one in person.identifiers]
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    ("care", "low", "high"), [(Care.PAEDIATRICS, 0, 16), (Care.HOME, 68, 104)]
)
def test_ages_fit_the_ward(care: Care, low: int, high: int) -> None:
    year = LocalTime().local(TODAY).year
    assert all(low <= year - person.born.year <= high for person in some_people(200, care))


def test_women_lie_on_the_maternity_ward() -> None:
    assert {person.sex for person in some_people(50, Care.MATERNITY)} == {"F"}


def test_some_have_allergies_some_none_and_some_were_never_asked() -> None:
    told = [person.true_allergies for person in some_people(300)]
    assert None in told
    assert () in told
    assert any(told)


def test_a_second_record_is_the_same_person_under_another_number() -> None:
    people = People(Random(4), LocalTime(), TODAY)
    known = people.person(Care.MEDICINE)
    double = people.again(known)
    assert double.record != known.record
    assert (double.names, double.born) == (known.names, known.born)
    assert double.record in double.pid
    assert known.record not in double.pid
