from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    AccountEvent,
    PasswordChanged,
    Role,
)
from wardkeep.access.state import NO_ACCOUNTS, evolve, fold

NAMES = st.sampled_from(["anna", "lea", "otto"])
TIMES = st.integers(0, 10)
EVENTS = st.lists(
    st.one_of(
        st.builds(
            AccountAdded,
            name=NAMES,
            roles=st.just((Role.NURSE,)),
            password_hash=st.text(max_size=3),
            at=TIMES,
            by=NAMES,
        ),
        st.builds(
            PasswordChanged, name=NAMES, password_hash=st.text(max_size=3), at=TIMES, by=NAMES
        ),
        st.builds(AccountDisabled, name=NAMES, at=TIMES, by=NAMES),
    )
)


@given(EVENTS, st.integers(0, 20))
def test_folding_in_one_go_or_from_any_point_gives_the_same_accounts(
    events: list[AccountEvent], cut: int
) -> None:
    assert fold(events[cut:], fold(events[:cut])) == fold(events)


@given(EVENTS)
def test_a_disabled_account_stays_disabled_until_it_is_made_again(
    events: list[AccountEvent],
) -> None:
    accounts = NO_ACCOUNTS
    for event in events:
        before = accounts.get(event.name)
        accounts = evolve(accounts, event)
        if before and before.disabled and not isinstance(event, AccountAdded):
            assert accounts[event.name].disabled


def test_what_happens_to_a_name_never_added_changes_nothing() -> None:
    assert evolve(NO_ACCOUNTS, AccountDisabled(name="anna", at=1, by="lea")) == NO_ACCOUNTS


def test_a_new_password_says_since_when_so_that_older_sessions_end() -> None:
    added = AccountAdded(name="anna", roles=(Role.NURSE,), password_hash="a", at=1, by="init")
    changed = PasswordChanged(name="anna", password_hash="b", at=9, by="anna")
    account = fold([added, changed])["anna"]
    assert (account.password_hash, account.changed) == ("b", 9)
