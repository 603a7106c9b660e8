from __future__ import annotations

from itertools import count

import pytest

from wardkeep.access.errors import LastLeadError, PeopleListError
from wardkeep.access.events import AccountAdded, Role
from wardkeep.access.importing import Import, Person, plan
from wardkeep.access.one_time_code import digest_of, one_time_code
from wardkeep.access.state import NO_ACCOUNTS, Accounts, fold

LEA = AccountAdded(name="lea", roles=(Role.LEAD,), password_hash="h", at=1, by="init")
FOUNDED = fold([LEA])


def person(line: int, name: str, *roles: Role, badge: str = "") -> Person:
    given = roles or (Role.NURSE,)
    return Person(line=line, name=name, full_name=name.title(), roles=given, badge=badge)


def planned(accounts: Accounts, *people: Person, disable_missing: bool = False) -> Import:
    codes = map(one_time_code, count(7))
    return plan(
        accounts,
        people,
        lambda: next(codes),
        (9, "os:root"),
        disable_missing=disable_missing,
    )


def test_a_list_is_added_with_a_code_for_each_and_the_same_again_changes_nothing() -> None:
    people = (person(2, "anna", badge="1"), person(3, "ben", Role.IT, Role.NURSE))
    first = planned(FOUNDED, *people)
    assert first.added == ("anna", "ben")
    assert len(set(first.codes.values())) == 2
    accounts = fold(first.events, FOUNDED)
    assert accounts["anna"].activation == digest_of(first.codes["anna"])
    assert accounts["ben"].roles == (Role.NURSE, Role.IT)
    again = planned(accounts, *people)
    assert (again.events, again.unchanged) == ((), 2)


def test_what_changed_on_the_list_changes_and_nothing_else() -> None:
    accounts = fold(planned(FOUNDED, person(2, "anna"), person(3, "ben")).events, FOUNDED)
    again = planned(accounts, person(2, "anna", Role.PHYSICIAN), person(3, "ben", badge="77"))
    assert again.changed == ("anna", "ben")
    after = fold(again.events, accounts)
    assert (after["anna"].roles, after["ben"].badge) == ((Role.PHYSICIAN,), "77")


def test_who_is_gone_from_the_list_is_told_and_disabled_only_where_that_was_asked() -> None:
    accounts = fold(planned(FOUNDED, person(2, "anna"), person(3, "ben")).events, FOUNDED)
    told = planned(accounts, person(2, "anna"))
    assert (told.missing, told.disabled, told.events) == (("ben",), (), ())
    asked = planned(accounts, person(2, "anna"), disable_missing=True)
    after = fold(asked.events, accounts)
    assert (asked.disabled, after["ben"].disabled) == (("ben",), True)
    back = planned(after, person(2, "anna"), person(3, "ben"))
    assert back.still_disabled == ("ben",)


def test_an_account_made_by_hand_is_missing_from_no_list() -> None:
    assert planned(FOUNDED, person(2, "anna"), disable_missing=True).disabled == ()


def test_every_faulty_line_is_named_at_once() -> None:
    accounts = fold(planned(FOUNDED, person(2, "carl", badge="9")).events, FOUNDED)
    with pytest.raises(PeopleListError) as refused:
        planned(
            accounts,
            person(2, "9a"),
            person(3, "anna", badge="5"),
            person(4, "anna", badge="5"),
            person(5, "dora", badge="9"),
        )
    said = str(refused.value)
    for part in ("line 2: '9a'", "lines 3 and 4: the name anna twice", "badge 5 twice"):
        assert part in said
    assert "line 5: the badge 9 is that of carl" in said


def test_a_list_that_would_leave_no_lead_is_refused() -> None:
    with pytest.raises(LastLeadError):
        planned(FOUNDED, person(2, "lea", Role.NURSE))
    assert planned(NO_ACCOUNTS, person(2, "anna")).added == ("anna",)
