from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.decide import add_account
from wardkeep.access.errors import (
    AccountAboveError,
    AccountUnknownError,
    LastLeadError,
    NoRoleError,
    NotSureError,
    OwnAccountError,
)
from wardkeep.access.events import PinSet, Role, TotpEnrolled
from wardkeep.access.keeping import Change, Keeper, Wish, change_account, is_above
from wardkeep.access.state import NO_ACCOUNTS, Accounts, fold
from wardkeep.kernel.errors import WardkeepError

LEA, INES = Keeper("lea", (Role.LEAD,)), Keeper("ines", (Role.IT,))


def hospital(*more: tuple[str, Role]) -> Accounts:
    accounts = NO_ACCOUNTS
    staff = [
        ("lea", Role.LEAD),
        ("ines", Role.IT),
        ("anna", Role.NURSE),
        ("otto", Role.AUDITOR),
    ]
    for name, role in [*staff, *more]:
        accounts = fold(add_account(accounts, name, [role], "hash", 1, "init"), accounts)
    return accounts


def test_it_keeps_the_accounts_of_those_who_give_care_and_is_named() -> None:
    (event,) = change_account(hospital(), INES, Wish(name="anna", change=Change.DISABLE), 5)
    assert (event.name, event.at, event.by) == ("anna", 5, "ines")
    disabled = fold([event], hospital())
    assert change_account(disabled, INES, Wish(name="anna", change=Change.DISABLE), 6) == []
    (again,) = change_account(disabled, INES, Wish(name="anna", change=Change.ENABLE), 7)
    assert not fold([again], disabled)["anna"].disabled


@pytest.mark.parametrize(
    ("keeper", "wish", "refusal"),
    [
        (INES, Wish(name="ines", change=Change.DISABLE), OwnAccountError),
        (LEA, Wish(name="lea", change=Change.ROLES, roles=(Role.IT,)), OwnAccountError),
        (INES, Wish(name="lea", change=Change.DISABLE), AccountAboveError),
        (INES, Wish(name="otto", change=Change.FACTORS, sure=True), AccountAboveError),
        (INES, Wish(name="anna", change=Change.ROLES, roles=(Role.LEAD,)), AccountAboveError),
        (INES, Wish(name="anna", change=Change.ROLES), NoRoleError),
        (INES, Wish(name="anna", change=Change.PIN), NotSureError),
        (LEA, Wish(name="anna", change=Change.FACTORS), NotSureError),
        (LEA, Wish(name="nobody", change=Change.DISABLE), AccountUnknownError),
    ],
)
def test_what_nobody_may_do_on_a_page_is_refused_by_name(
    keeper: Keeper, wish: Wish, refusal: type[WardkeepError]
) -> None:
    with pytest.raises(refusal):
        change_account(hospital(), keeper, wish, 5)


def test_a_lead_keeps_every_account_but_the_own() -> None:
    accounts = hospital()
    assert not any(is_above(LEA, account) for account in accounts.values())
    wish = Wish(name="otto", change=Change.ROLES, roles=(Role.NURSE,))
    assert change_account(accounts, LEA, wish, 5)


def test_a_lost_pin_and_lost_factors_are_taken_away_once() -> None:
    set_up = [
        PinSet(name="anna", pin_hash="hash", at=2, by="anna"),
        TotpEnrolled(name="anna", secret="A", at=2, by="anna"),
    ]
    accounts = fold(set_up, hospital())
    for change in (Change.PIN, Change.FACTORS):
        wish = Wish(name="anna", change=change, sure=True)
        events = change_account(accounts, INES, wish, 5)
        assert len(events) == 1
        accounts = fold(events, accounts)
        assert change_account(accounts, INES, wish, 6) == []
    assert (accounts["anna"].pin_hash, accounts["anna"].totp) == ("", "")


_ROLES = st.lists(st.sampled_from(Role), max_size=3).map(tuple)
_WISHES = st.builds(
    Wish,
    name=st.sampled_from(["lea", "luc", "ines", "anna"]),
    change=st.sampled_from(Change),
    roles=_ROLES,
    sure=st.booleans(),
)


@given(
    st.lists(st.tuples(st.sampled_from(["lea", "luc", "ines", "anna"]), _WISHES), max_size=20)
)
def test_whatever_is_wished_a_lead_who_can_log_in_is_left(
    wishes: list[tuple[str, Wish]],
) -> None:
    accounts = hospital(("luc", Role.LEAD))
    for name, wish in wishes:
        keeper = Keeper(name, accounts[name].roles)
        try:
            accounts = fold(change_account(accounts, keeper, wish, 5), accounts)
        except WardkeepError:
            continue
    assert any(
        Role.LEAD in a.roles and not a.disabled and a.password_hash for a in accounts.values()
    )


def test_a_lead_who_never_chose_a_password_does_not_count_as_one_who_is_left() -> None:
    accounts = hospital()
    lone = add_account(accounts, "lone", [Role.LEAD], "", 1, "init")
    accounts = fold(lone, accounts)
    other = Keeper("lone", (Role.LEAD,))
    with pytest.raises(LastLeadError):
        change_account(accounts, other, Wish(name="lea", change=Change.DISABLE), 5)
