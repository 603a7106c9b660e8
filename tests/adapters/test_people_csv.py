from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.errors import PeopleListError
from wardkeep.access.events import Role
from wardkeep.adapters.people_csv import read_people


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_is_read_as_office_programs_write_it(separator: str) -> None:
    lines = [
        "\ufeffName,Full_Name,ROLES,badge,language",
        'Anna,"Anna Janssens",nurse+it,a12,FR',
        "ben,Łukasz Ben,ward,,",
    ]
    anna, ben = read_people("\r\n".join(lines).replace(",", separator).encode())
    assert (anna.name, anna.full_name, anna.roles) == (
        "anna",
        "Anna Janssens",
        (Role.NURSE, Role.IT),
    )
    assert (anna.badge, anna.language, anna.line) == ("A12", "fr", 2)
    assert (ben.roles, ben.badge, ben.line) == ((Role.NURSE,), "", 3)


def test_every_fault_is_told_with_its_line() -> None:
    content = (
        "name,full_name,roles,badge,language\n"
        "anna,Anna,boss,1,fr\n"
        "ben,,nurse,2,fr\n"
        "carl,Carl,,3,fr\n"
        "dora,Dora,nurse,4 4,fr\n"
        "emil,Emil,nurse,5,pt\n"
        "fred,Fred,nurse,6,de,more\n"
    )
    with pytest.raises(PeopleListError) as refused:
        read_people(content.encode())
    said = str(refused.value)
    assert "no role 'boss': nurse, physician, pharmacist, laboratory, it, lead, auditor" in said
    for number in range(2, 8):
        assert f"line {number}:" in said


def test_what_lines_have_wrong_among_themselves_is_told_with_the_rest() -> None:
    content = (
        "name,full_name,roles,badge\n"
        "anna,Anna,nurze,1\n"
        "x y,Ben,nurse,2\n"
        "carl,Carl,nurse,2\n"
        ",Dora,nurse,4\n"
    )
    with pytest.raises(PeopleListError) as refused:
        read_people(content.encode())
    said = str(refused.value)
    for part in (
        "no role 'nurze'",
        "line 3: 'x y'",
        "lines 3 and 4: the badge",
        "line 5: ''",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "'name'"),
        (b"name,roles\nanna,nurse\n", "'full_name'"),
        (b"name,full_name,roles,password\n", "'password' is not known"),
        (b"name,full_name,roles\nanna,\xff,nurse\n", "line 2: this is not UTF-8"),
        (b'name,full_name,roles\nanna,"A\n', "line"),
    ],
)
def test_a_file_that_is_no_list_says_what_it_lacks(content: bytes, part: str) -> None:
    with pytest.raises(PeopleListError) as refused:
        read_people(content)
    assert part in str(refused.value)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_are_refused(content: bytes) -> None:
    with contextlib.suppress(PeopleListError):
        read_people(b"name,full_name,roles\n" + content)
