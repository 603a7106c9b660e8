from __future__ import annotations

import pytest

from wardkeep.access.decide import (
    add_account,
    change_password,
    check_password,
    disable_account,
    enable_account,
    give_roles,
    remove_factors,
)
from wardkeep.access.errors import (
    AccountExistsError,
    AccountUnknownError,
    BadAccountNameError,
    GuessablePasswordError,
    LastLeadError,
    NoRoleError,
    WeakPasswordError,
)
from wardkeep.access.events import Role, SecurityKeyEnrolled, TotpEnrolled
from wardkeep.access.state import NO_ACCOUNTS, Accounts, fold


def with_accounts(*names: str, role: Role = Role.LEAD) -> Accounts:
    accounts = NO_ACCOUNTS
    for name in names:
        accounts = fold(add_account(accounts, name, [role], "hash", 1, "init"), accounts)
    return accounts


def test_an_account_is_made_with_its_roles_in_one_order_however_they_were_given() -> None:
    (event,) = add_account(
        NO_ACCOUNTS, "anna", [Role.IT, Role.NURSE, Role.IT], "hash", 5, "lea"
    )
    assert event.roles == (Role.NURSE, Role.IT)
    assert (event.at, event.by) == (5, "lea")


@pytest.mark.parametrize("name", ["", "Anna", "9a", "a b", "a" * 65, "å", "-a", "a\n"])
def test_a_name_that_cannot_be_typed_or_told_apart_is_refused(name: str) -> None:
    with pytest.raises(BadAccountNameError):
        add_account(NO_ACCOUNTS, name, [Role.NURSE], "hash", 1, "init")


def test_a_name_is_given_once_even_when_its_account_was_disabled() -> None:
    accounts = with_accounts("anna", "lea")
    gone = fold(disable_account(accounts, "anna", 2, "lea"), accounts)
    with pytest.raises(AccountExistsError):
        add_account(gone, "anna", [Role.NURSE], "hash", 3, "lea")


def test_an_account_without_a_role_is_refused() -> None:
    with pytest.raises(NoRoleError):
        add_account(NO_ACCOUNTS, "anna", [], "hash", 1, "init")


def test_the_last_lead_cannot_be_disabled_and_the_last_but_one_can() -> None:
    accounts = with_accounts("anna", "lea")
    left = fold(disable_account(accounts, "anna", 2, "lea"), accounts)
    with pytest.raises(LastLeadError):
        disable_account(left, "lea", 3, "lea")
    assert disable_account(left, "anna", 3, "lea") == []


def test_what_is_asked_of_nobody_is_an_error_that_names_them() -> None:
    with pytest.raises(AccountUnknownError, match="nobody"):
        disable_account(NO_ACCOUNTS, "nobody", 1, "lea")
    with pytest.raises(AccountUnknownError, match="nobody"):
        change_password(NO_ACCOUNTS, "nobody", "hash", 1, "lea")


@pytest.mark.parametrize(
    ("length", "fits"), [(9, False), (10, True), (128, True), (129, False)]
)
def test_a_password_has_ten_to_128_characters(length: int, fits: bool) -> None:
    password = ("ßx4 kéw%9j" * 13)[:length]
    if fits:
        check_password(password)
    else:
        with pytest.raises(WeakPasswordError):
            check_password(password)


def test_a_password_of_the_accounts_own_name_is_refused() -> None:
    with pytest.raises(GuessablePasswordError):
        check_password("mvanderstraeten", ["mvanderstraeten"])


def test_an_account_gets_other_roles_and_the_last_lead_keeps_that_one() -> None:
    accounts = with_accounts("anna", "lea")
    (event,) = give_roles(accounts, "anna", [Role.IT, Role.NURSE], 2, "os:root")
    changed = fold([event], accounts)
    assert changed["anna"].roles == (Role.NURSE, Role.IT)
    assert give_roles(changed, "anna", [Role.IT, Role.NURSE], 3, "os:root") == []
    with pytest.raises(LastLeadError):
        give_roles(changed, "lea", [Role.NURSE], 3, "os:root")
    with pytest.raises(NoRoleError):
        give_roles(changed, "anna", [], 3, "os:root")


def test_a_disabled_account_is_enabled_again_and_its_old_sessions_stay_over() -> None:
    accounts = with_accounts("anna", "lea")
    gone = fold(disable_account(accounts, "anna", 2, "lea"), accounts)
    back = fold(enable_account(gone, "anna", 3, "lea"), gone)
    assert (back["anna"].disabled, back["anna"].changed) == (False, 2)
    assert enable_account(back, "anna", 4, "lea") == []


def test_lost_factors_go_all_at_once_and_end_the_sessions() -> None:
    accounts = with_accounts("anna")
    assert remove_factors(accounts, "anna", 2, "os:root") == []
    enrolled = fold(
        [
            TotpEnrolled(name="anna", secret="AB", at=2, by="anna"),
            SecurityKeyEnrolled(
                name="anna", credential="c", public_key="p", label="blue", at=3, by="anna"
            ),
        ],
        accounts,
    )
    assert enrolled["anna"].has_second_factor
    left = fold(remove_factors(enrolled, "anna", 4, "os:root"), enrolled)["anna"]
    assert (left.has_second_factor, left.changed) == (False, 4)
